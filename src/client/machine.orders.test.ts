/** What the client's machine orders, event by event: every effect in its order along the ways that each terminal goes. */
import { describe, expect, test } from 'vitest'
import { HELD_INPUT } from '../protocol/limits.ts'
import {
  ClientScript,
  GRANTED,
  STORED,
  URL_OF_SOCKET,
  codes,
  greeting,
  orders,
  plainGreeting,
  resumption,
  sent,
} from '../testing/clientScript.ts'
import type { Effect, TimerName } from './machine/state.ts'
import type { TokenAnswer } from './ports.ts'

const note = (code: string, fields = {}, bus: 'diagnostic' | 'policy' = 'diagnostic'): Effect => ({
  do: 'diagnostic',
  bus,
  code,
  fields,
})
const phase = (from: string, to: string): Effect => note('phase', { from, to })
const ignored = (event: string, where: string): Effect => note('ignored', { event, in: where })
const cancel = (name: TimerName): Effect => ({ do: 'cancel', name })
const timer = (name: TimerName, ms: number): Effect => ({ do: 'timer', name, ms })
const send = (message: Extract<Effect, { do: 'send' }>['message']): Effect => ({ do: 'send', message })
const closeSocket = (code: number, reason: string): readonly Effect[] => [
  { do: 'close-socket', code, reason },
  ...(['connect', 'hello', 'open', 'closing', 'heartbeat', 'acknowledge', 'lasting', 'refusing', 'drain'] as const).map(cancel),
]
/** What every end does after the socket is gone and where no session is left. */
const over = (at: number): readonly Effect[] => [
  cancel('retry'),
  { do: 'abort-token' },
  { do: 'rebase', handle: 0, at },
  cancel('held'),
  { do: 'release' },
]

/** As far as the token. */
function asking(config: ConstructorParameters<typeof ClientScript>[0] = {}): ClientScript {
  const s = new ClientScript(config)
  s.start()
  s.openChannel()
  return s
}

/** Two shells; the second has handle 1 and id 2. */
function two(): ClientScript {
  const s = new ClientScript().ready()
  s.openChannel(1)
  s.hear({ t: 'open_ok', id: 2 })
  return s
}

const page = (s: ClientScript, event: 'hidden' | 'visible' | 'offline' | 'online' | 'wake' | 'leave' | 'return', stored = null) =>
  s.give({ type: 'page', event, stored })

describe('the way to a shell', () => {
  test('begins with nothing: shown, online, unpaused', () => {
    expect(new ClientScript().state).toMatchObject({ page: { hidden: false, offline: false }, transport: false, channels: [] })
  })

  test('a token, a socket, a hello, an open, credit', () => {
    const s = new ClientScript({ clientInfo: 'test 1' })
    expect(s.start()).toEqual([phase('idle', 'authorizing'), timer('connect', 10_000), { do: 'request-token', takeOver: false }])
    expect(s.openChannel()).toEqual([])
    expect(s.give({ type: 'token', answer: GRANTED, takeOver: false })).toEqual([
      cancel('connect'),
      phase('authorizing', 'connecting'),
      timer('connect', 10_000),
      { do: 'connect', epoch: 1, url: URL_OF_SOCKET },
    ])
    expect(s.connected()).toEqual([
      cancel('connect'),
      timer('hello', 5000),
      phase('connecting', 'greeting'),
      send({
        t: 'hello',
        proto: 1,
        caps: { profile: 'nimbus.v1', resume: 1, clientInfo: 'test 1' },
        auth: { scheme: 'bearer', token: 'one-time' },
      }),
    ])
    expect(s.hear(greeting())).toEqual([
      cancel('hello'),
      { do: 'store', session: { id: 's1', token: 'token-1', url: URL_OF_SOCKET } },
      { do: 'claim', name: 'nimbus-terminal:s1', timeoutMs: null },
      phase('greeting', 'ready'),
      { do: 'ready', resumed: false },
      { do: 'rebase', handle: 0, at: 0 },
      send({ t: 'open', id: 1, target: { allocation: 'box' }, term: { cols: 80, rows: 24 } }),
      timer('open', 15_000),
      send({ t: 'flow', id: 1, credit: 262_144, ack: 0 }),
      cancel('held'),
      timer('lasting', 10_000),
      send({ t: 'ping', ts: 1000 }),
      timer('heartbeat', 20_000),
    ])
    expect(s.hear({ t: 'open_ok', id: 1 })).toEqual([cancel('open'), { do: 'channel-ready', handle: 0, resumed: false }])
    expect(s.hear({ t: 'open_ok', id: 1 })).toEqual([])
    expect(s.state).toMatchObject({ everReady: true, lost: false, reconnects: 0, resumed: null })
  })

  test('what comes a second time or to another question is ignored, and said', () => {
    const s = asking()
    expect(s.start()).toEqual([ignored('started', 'authorizing')])
    expect(s.give({ type: 'token', answer: GRANTED, takeOver: true })).toEqual([ignored('token', 'authorizing')])
    s.give({ type: 'token', answer: GRANTED, takeOver: false })
    expect(s.give({ type: 'token', answer: GRANTED, takeOver: false })).toEqual([ignored('token', 'connecting')])
    s.connected()
    expect(s.connected()).toEqual([ignored('socket-opened', 'greeting')])
    expect(s.hear({ t: 'ping', ts: 1 })).toEqual([ignored('ping', 'greeting')])
    for (const type of ['retry', 'restart', 'take-over'] as const) expect(s.give({ type })).toEqual([ignored(type, 'greeting')])
    expect(s.give({ type: 'claimed', name: '' })).toEqual([])
    expect(s.give({ type: 'claim-denied', name: '' })).toEqual([])
  })

  test('a socket address of the host needs no token, except to take over', () => {
    const s = asking({ url: 'wss://fixed.test/' })
    expect(orders(s.all, 'connect')).toEqual([{ do: 'connect', epoch: 1, url: 'wss://fixed.test/' }])
    expect(sent(s.connected(), 'hello')[0]?.auth).toEqual({ scheme: 'none' })
    s.hear(greeting())
    s.close(4016, 'superseded')
    expect(orders(s.give({ type: 'take-over' }), 'request-token')).toEqual([{ do: 'request-token', takeOver: true }])
  })

  test('a page that starts hidden and offline knows it, and asks for nothing before it is online', () => {
    const s = new ClientScript()
    expect(s.give({ type: 'started', stored: null, hidden: true, offline: true })).toEqual([phase('idle', 'offline')])
    expect(s.state.page).toEqual({ hidden: true, offline: true })
    expect(orders(page(s, 'online'), 'request-token')).toHaveLength(1)
    const stored = new ClientScript()
    stored.give({ type: 'started', stored: STORED, hidden: false, offline: true })
    expect(stored.give({ type: 'claimed', name: '' })).toEqual([phase('claiming', 'offline')])
    expect(orders(page(stored, 'online'), 'connect')).toHaveLength(1)
  })

  test('a channel that is opened later has the next number, its own size, user and environment', () => {
    const s = new ClientScript().ready()
    const target = { host: 'h', port: 22 }
    const user = { username: 'ann', auth: {} }
    const open = { type: 'open', handle: 5, target, user, env: { LANG: 'C' }, size: { cols: 3, rows: 4 } } as const
    expect(s.give(open)).toEqual([
      send({ t: 'open', id: 2, target, user, term: { cols: 3, rows: 4, env: { LANG: 'C' } } }),
      timer('open', 15_000),
      send({ t: 'flow', id: 2, credit: 262_144, ack: 0 }),
    ])
    expect(s.give({ ...open, handle: 6, user: undefined, size: { cols: 0, rows: 4 } })).toEqual([
      send({ t: 'open', id: 3, target }),
      timer('open', 15_000),
      send({ t: 'flow', id: 3, credit: 262_144, ack: 0 }),
    ])
    expect(s.hear({ t: 'open_ok', id: 2 })).not.toContainEqual(cancel('open'))
    expect(s.hear({ t: 'open_ok', id: 3 })).toContainEqual(cancel('open'))
  })
})

describe('a token that is refused', () => {
  const refused = (answer: TokenAnswer) => {
    const s = asking()
    s.type(3)
    return { s, effects: s.give({ type: 'token', answer, takeOver: false }) }
  }

  test.each([
    ['auth_failed', { reason: 'auth_failed', code: 4003 }],
    ['policy_denied', { reason: 'policy_denied', code: 4004 }],
    ['not_found', { reason: 'not_found', code: 4004 }],
    ['bad_answer', { reason: 'failed', code: 4015 }],
  ] as const)('%s ends it, and reports what was typed', (code, end) => {
    const { effects } = refused({ ok: false, code })
    expect(effects).toEqual([
      cancel('connect'),
      note('token-refused', { why: code }),
      ...closeSocket(end.code, end.reason),
      cancel('retry'),
      { do: 'abort-token' },
      { do: 'unsent', handle: 0, from: 0, to: 3, maybeWritten: false },
      { do: 'rebase', handle: 0, at: 3 },
      cancel('held'),
      { do: 'release' },
      phase('authorizing', 'ended'),
      { do: 'closed', end },
    ])
  })

  test('unreachable and rate_limited are tried again, the latter when the server wants', () => {
    const unreachable = refused({ ok: false, code: 'unreachable' })
    expect(unreachable.effects.slice(2)).toEqual([{ do: 'abort-token' }, phase('authorizing', 'waiting'), timer('retry', 150)])
    expect(unreachable.s.state.phase).toEqual({ name: 'waiting', retryAt: 1150, busy: false })
    expect(unreachable.s.state.backoff).toEqual({ tries: 1, level: 1 })
    const limited = refused({ ok: false, code: 'rate_limited', retryMs: 7000 })
    expect(limited.effects.slice(2)).toEqual([phase('authorizing', 'waiting'), timer('retry', 7000)])
    expect(limited.s.state.phase).toEqual({ name: 'waiting', retryAt: 8000, busy: true })
  })

  test('by somebody who is there reports what was typed, and offers what the server offers', () => {
    for (const canTakeOver of [true, false]) {
      const { s, effects } = refused({ ok: false, code: 'allocation_busy', state: 'attached', canTakeOver })
      expect(s.state.phase).toEqual({ name: 'elsewhere', how: 'busy', canTakeOver })
      expect(orders(effects, 'unsent')).toHaveLength(1)
    }
    const { s } = refused({ ok: false, code: 'allocation_busy', state: 'detached', canTakeOver: false })
    expect(s.state.phase).toEqual({ name: 'elsewhere', how: 'busy', canTakeOver: false })
  })

  test('by the lock of another tab reports what was typed and leaves the stored session alone', () => {
    const s = new ClientScript()
    s.start(STORED)
    s.openChannel()
    s.type(4)
    expect(s.give({ type: 'claim-denied', name: '' })).toEqual([
      { do: 'unsent', handle: 0, from: 0, to: 4, maybeWritten: false },
      { do: 'rebase', handle: 0, at: 4 },
      cancel('held'),
      phase('claiming', 'elsewhere'),
    ])
    expect(s.state).toMatchObject({ session: null, phase: { how: 'tab', canTakeOver: true } })
  })
})

describe('bytes in both directions', () => {
  test('input: taken, sent, watched over, acknowledged, forgotten', () => {
    const s = new ClientScript().ready()
    expect(s.type(3)).toEqual([
      { do: 'enqueue', handle: 0 },
      { do: 'send-input', handle: 0, id: 1, from: 0, to: 3, maxFrame: 65_536 },
      timer('heartbeat', 0),
    ])
    expect(s.type(2)).toEqual([
      { do: 'enqueue', handle: 0 },
      { do: 'send-input', handle: 0, id: 1, from: 3, to: 5, maxFrame: 65_536 },
    ])
    expect(s.hear({ t: 'flow', id: 1, credit: 0, ack: 4 })).toEqual([{ do: 'trim', handle: 0, below: 4 }])
    expect(s.hear({ t: 'flow', id: 1, credit: 0, ack: 4 })).toEqual([])
    expect(s.hear({ t: 'flow', id: 1, credit: 0, ack: 3 })).toEqual([])
    expect(s.channel().input).toMatchObject({ acked: 4, typed: 5 })
  })

  test('input beyond the credit waits for it, and beyond 256 KiB it is refused', () => {
    const s = new ClientScript().ready()
    expect(orders(s.type(65_537), 'send-input')).toMatchObject([{ from: 0, to: 65_536 }])
    expect(orders(s.hear({ t: 'flow', id: 1, credit: 1, ack: 0 }), 'send-input')).toMatchObject([{ from: 65_536, to: 65_537 }])
    const room = 256 * 1024 - 65_537
    expect(s.type(room + 1)).toEqual([note('input-refused', { bytes: room + 1, why: 'queue-full' })])
    expect(codes(s.type(room))).toEqual([])
    expect(s.type(1)).toEqual([note('input-refused', { bytes: 1, why: 'queue-full' })])
    s.hear({ t: 'flow', id: 1, credit: 0, ack: 1 })
    expect(codes(s.type(1))).toEqual([])
  })

  test('output: drawn, acknowledged when it is quiet, with what the emulator answers ahead of its bytes', () => {
    const s = new ClientScript().ready()
    expect(s.data(10)).toEqual([{ do: 'draw', handle: 0, skip: 0, bytes: 10, end: 10, stream: 1, answered: false }])
    expect(s.reply(4, 10)).toEqual([
      { do: 'enqueue-reply', handle: 0 },
      send({ t: 'reply', id: 1, at: 10, input: 4 }),
      { do: 'send-input', handle: 0, id: 1, from: 0, to: 4, maxFrame: 65_536 },
      timer('heartbeat', 0),
    ])
    expect(s.drawn(10)).toEqual([{ do: 'timer', name: 'acknowledge', ms: 250, keep: true }])
    expect(s.give({ type: 'timer', name: 'acknowledge' })).toEqual([send({ t: 'flow', id: 1, credit: 10, ack: 10 })])
    expect(s.give({ type: 'timer', name: 'acknowledge' })).toEqual([])
  })

  test('no byte goes out, and none is granted, once the server said goodbye', () => {
    const s = new ClientScript().ready()
    s.data(200_000)
    s.hear({ t: 'close', id: 0, reason: 'gateway_restart' })
    expect(sent(s.drawn(200_000), 'flow')).toEqual([])
    expect(s.type(3)).toEqual([
      { do: 'enqueue', handle: 0 },
      { do: 'timer', name: 'held', ms: 10_000, keep: true },
    ])
  })

  test('a size and a signal are told to a shell that is there', () => {
    const s = new ClientScript().ready()
    s.hear({ t: 'pong', ts: 1000 })
    const size = { cols: 80, rows: 25 }
    expect(s.give({ type: 'resize', handle: 0, size })).toEqual([send({ t: 'resize', id: 1, ...size })])
    expect(s.give({ type: 'resize', handle: 0, size })).toEqual([])
    expect(s.give({ type: 'resize', handle: 0, size: { cols: 0, rows: 1 } })).toEqual([note('size-ignored', {}, 'policy')])
    expect(s.give({ type: 'signal', handle: 0, sig: 'INT' })).toEqual([
      send({ t: 'signal', id: 1, sig: 'INT' }),
      send({ t: 'ping', ts: 1000 }),
      timer('heartbeat', 20_000),
    ])
    s.give({ type: 'signal', handle: 0, sig: 'TERM' })
    expect(s.close(1006)).toContainEqual(note('signal-unconfirmed', { signals: 'INT TERM' }))
    expect(s.give({ type: 'signal', handle: 0, sig: 'HUP' })).toEqual([note('signal-not-sent', { sig: 'HUP' })])
  })

  test('a size is one from 1 to 1000, and a shell without one is opened and resumed without one', () => {
    const s = new ClientScript().ready()
    s.give({ type: 'open', handle: 1, target: { allocation: 'box' }, size: null })
    s.hear({ t: 'open_ok', id: 2 })
    s.cutAndGreet()
    const channels = [1, 2].map((id) => ({ id, from: 0, received: 0, answered: 0 }))
    expect(sent(s.hear(resumption(null, { channels })), 'resize').map(({ id }) => id)).toEqual([1])
    for (const [cols, rows] of [
      [1, 1000],
      [1000, 1],
    ] as const)
      expect(sent(s.give({ type: 'resize', handle: 1, size: { cols, rows } }))).toEqual([{ t: 'resize', id: 2, cols, rows }])
  })

  test('a size is told to a shell that opens, and to none that is over', () => {
    const s = new ClientScript().ready()
    s.openChannel(1)
    const resize = (handle: number, cols: number) => s.give({ type: 'resize', handle, size: { cols, rows: 9 } })
    expect(sent(resize(1, 10), 'resize')).toHaveLength(1)
    expect(sent(s.give({ type: 'signal', handle: 1, sig: 'INT' }))).toEqual([])
    s.hear({ t: 'exit', id: 1, at: 5 })
    expect(resize(0, 10)).toEqual([])
    expect(s.channel().size).toEqual({ cols: 10, rows: 9 })
  })
})

describe('the ways back', () => {
  test('a cut: wait, connect, a warm hello, and on where everything stands', () => {
    const s = new ClientScript().ready()
    s.data(10)
    s.drawn(10)
    s.type(7)
    expect(s.close(1006)).toEqual([
      note('socket-lost', { code: 1006, reason: '', in: 'ready' }),
      ...closeSocket(3000, ''),
      phase('ready', 'waiting'),
      timer('retry', 150),
    ])
    expect(s.state).toMatchObject({ lost: true, liveness: null, unconfirmed: [], phase: { busy: false } })
    s.now += 150
    expect(s.give({ type: 'timer', name: 'retry' })).toEqual([
      phase('waiting', 'connecting'),
      timer('connect', 10_000),
      { do: 'connect', epoch: 3, url: URL_OF_SOCKET },
    ])
    expect(s.connected()).toContainEqual(
      send({
        t: 'hello',
        proto: 1,
        caps: { profile: 'nimbus.v1', resume: 1 },
        resume: { token: 'token-1', attempt: 2, proof: 'proof-1', channels: [{ id: 1, received: 10, sent: 7 }] },
      }),
    )
    expect(s.hear(resumption({ from: 12, received: 5 }))).toEqual([
      cancel('hello'),
      phase('greeting', 'ready'),
      { do: 'ready', resumed: true },
      { do: 'gap', handle: 0, bytes: 2, end: 12 },
      note('gap', { channel: 1, bytes: 2 }),
      { do: 'channel-ready', handle: 0, resumed: true },
      send({ t: 'resize', id: 1, cols: 80, rows: 24 }),
      send({ t: 'flow', id: 1, credit: 262_142, ack: 10 }),
      cancel('held'),
      timer('lasting', 10_000),
      send({ t: 'ping', ts: 1150 }),
      // Input is not acknowledged yet.
      timer('heartbeat', 5000),
    ])
    expect(s.state).toMatchObject({ reconnects: 1, lost: false, resumed: { at: 1150, missing: 2, warm: true } })
  })

  test('cold: a new screen, a report of what is uncertain, and the held keys at the offset of the session', () => {
    const s = new ClientScript().ready()
    s.data(50)
    s.type(7)
    s.hear({ t: 'flow', id: 1, credit: 0, ack: 3 })
    s.close(1006)
    s.type(2)
    s.type(1)
    s.reply(2, 12)
    s.greetAgain()
    const size = { cols: 9, rows: 8 }
    const resumed = resumption({ from: 1, received: 7, answered: 5, produced: 30, size }, { warm: false, token: 'x' })
    expect(s.hear(resumed).slice(0, 8)).toEqual([
      cancel('hello'),
      { do: 'store', session: { id: 's1', token: 'x', url: URL_OF_SOCKET } },
      phase('greeting', 'ready'),
      { do: 'ready', resumed: true },
      { do: 'reset', handle: 0, size, until: 30 },
      { do: 'unsent', handle: 0, from: 3, to: 7, maybeWritten: true },
      { do: 'drop-deferred', handle: 0 },
      { do: 'rebase', handle: 0, at: 7 },
    ])
    expect(s.channel()).toMatchObject({
      id: 1,
      phase: 'open',
      exit: null,
      input: { typed: 10, acked: 7, heldFrom: null, heldKeys: 0, replies: [], deferred: [], sender: { sent: 7, limit: 7 } },
      output: { received: 1, drawn: 1, answered: 5, missing: 0, busySince: null },
    })
    expect(s.state.resumed).toEqual({ at: s.now, missing: 0, warm: false })
  })

  test('into the back/forward cache and out of it', () => {
    const s = new ClientScript().ready()
    expect(page(s, 'leave')).toEqual([
      ...closeSocket(3001, 'page_hidden'),
      cancel('retry'),
      { do: 'abort-token' },
      { do: 'release' },
      phase('ready', 'suspended'),
    ])
    expect(s.state.lost).toBe(true)
    expect(page(s, 'wake')).toEqual([])
    expect(page(s, 'return')).toEqual([
      phase('suspended', 'claiming'),
      { do: 'claim', name: 'nimbus-terminal:s1', timeoutMs: 2000 },
    ])
    expect(s.state.session?.proof).toBe('proof-1')
    expect(s.give({ type: 'claimed', name: '' })[0]).toEqual(phase('claiming', 'connecting'))
  })

  test('what has no socket does not go into the cache, and what was not there is woken', () => {
    const idle = new ClientScript()
    expect(page(idle, 'leave')).toEqual([])
    const ended = new ClientScript().ready()
    ended.close(4018)
    expect(page(ended, 'leave')).toEqual([])
    const elsewhere = new ClientScript().ready()
    elsewhere.close(4016, 'superseded')
    expect(page(elsewhere, 'leave')).toEqual([])
    const waiting = new ClientScript().ready()
    waiting.close(1006)
    expect(orders(page(waiting, 'return'), 'connect')).toHaveLength(1)
    const without = asking()
    page(without, 'leave')
    expect(without.state.lost).toBe(false)
    expect(orders(page(without, 'return'), 'request-token')).toHaveLength(1)
  })

  test('out of the cache with what another page of the tab stored', () => {
    const s = new ClientScript().ready()
    page(s, 'leave')
    const stored = { id: 's1', token: 'rotated', url: 'wss://other.test/' }
    s.give({ type: 'page', event: 'return', stored })
    expect(s.state.session).toEqual({ ...stored, ttlMs: 180_000, proof: null })
  })

  test('a lock, a token and a socket that come for a page that left change nothing', () => {
    const s = asking()
    page(s, 'leave')
    expect(s.give({ type: 'token', answer: GRANTED, takeOver: false })).toEqual([ignored('token', 'suspended')])
  })
})

describe('the ends', () => {
  test('of a session by the server: the token goes, nothing is tried again', () => {
    const s = new ClientScript().ready()
    s.type(5)
    expect(s.close(4018, 'idle_timeout')).toEqual([
      note('socket-lost', { code: 4018, reason: 'idle_timeout', in: 'ready' }),
      ...closeSocket(4018, 'idle_timeout'),
      { do: 'forget', token: 'token-1' },
      ...closeSocket(4018, 'idle_timeout'),
      cancel('retry'),
      { do: 'abort-token' },
      { do: 'unsent', handle: 0, from: 0, to: 5, maybeWritten: true },
      { do: 'rebase', handle: 0, at: 5 },
      cancel('held'),
      { do: 'release' },
      phase('ready', 'ended'),
      { do: 'closed', end: { reason: 'idle_timeout', code: 4018 } },
    ])
  })

  test('that keep the token keep the lock and what was sent, and refuse what is held', () => {
    const s = new ClientScript().ready()
    s.type(5)
    s.close(1006)
    s.type(2)
    while (s.state.phase.name === 'waiting') {
      s.now = s.timers.get('retry') ?? 0
      s.give({ type: 'timer', name: 'retry' })
      s.close(1006)
    }
    expect(s.state).toMatchObject({ phase: { end: { reason: 'browser_disconnected', code: 1006 } }, session: { id: 's1' } })
    expect(orders(s.all, 'release')).toEqual([])
    expect(orders(s.all, 'unsent')).toEqual([{ do: 'unsent', handle: 0, from: 5, to: 7, maybeWritten: false }])
    expect(s.all).toContainEqual(note('held-refused', { why: 'ended' }))
  })

  test('of a page that lets go: the session stays', () => {
    const s = new ClientScript().ready()
    expect(s.give({ type: 'dispose' })).toEqual([
      ...closeSocket(3000, 'disposed'),
      cancel('retry'),
      cancel('held'),
      { do: 'abort-token' },
      { do: 'release' },
      phase('ready', 'idle'),
    ])
  })

  test('that a person asks for: of the connection, and of its last terminal', () => {
    const end = { reason: 'user_closed', code: 1000 } as const
    const goodbye = send({ t: 'close', id: 0, reason: 'user_closed' })
    const s = new ClientScript().ready()
    expect(s.give({ type: 'disconnect' })).toEqual([
      goodbye,
      { do: 'forget', token: 'token-1' },
      { do: 'channel-closed', handle: 0, end },
      ...closeSocket(1000, 'user_closed'),
      ...over(0),
      phase('ready', 'ended'),
      { do: 'closed', end },
    ])
    expect(s.give({ type: 'disconnect' })).toEqual([])
    const last = new ClientScript().ready()
    expect(last.give({ type: 'close-channel', handle: 0 })).toEqual([
      send({ t: 'close', id: 1, reason: 'user_closed' }),
      { do: 'rebase', handle: 0, at: 0 },
      { do: 'channel-closed', handle: 0, end },
      goodbye,
      { do: 'forget', token: 'token-1' },
      ...closeSocket(1000, 'user_closed'),
      ...over(0),
      phase('ready', 'ended'),
      { do: 'closed', end },
    ])
    expect(last.give({ type: 'close-channel', handle: 0 })).toEqual([])
  })

  test('of one terminal among others end it alone', () => {
    const s = two()
    s.give({ type: 'close-channel', handle: 0 })
    expect(s.state.phase.name).toBe('ready')
    expect(orders(s.give({ type: 'disconnect' }), 'channel-closed').map(({ handle }) => handle)).toEqual([1])
    const away = asking()
    expect(sent(away.give({ type: 'close-channel', handle: 0 }))).toEqual([])
    expect(away.state.phase).toMatchObject({ name: 'ended', end: { reason: 'user_closed' } })
    expect(sent(asking().give({ type: 'disconnect' }))).toEqual([])
  })

  test('by a program: told when its last byte was drawn', () => {
    const s = new ClientScript().ready()
    s.data(2)
    expect(s.hear({ t: 'exit', id: 1, code: 3, at: 2 })).toEqual([])
    const end = { reason: 'shell_exit', code: 1000, exit: { code: 3 } } as const
    expect(s.drawn(2)).toEqual([
      { do: 'timer', name: 'acknowledge', ms: 250, keep: true },
      send({ t: 'close', id: 1 }),
      { do: 'rebase', handle: 0, at: 0 },
      { do: 'channel-closed', handle: 0, end },
      send({ t: 'close', id: 0, reason: 'shell_exit' }),
      { do: 'forget', token: 'token-1' },
      ...closeSocket(1000, 'shell_exit'),
      ...over(0),
      phase('ready', 'ended'),
      { do: 'closed', end },
    ])
  })

  test('by a server that closes one channel: with its reason, or as ended', () => {
    const closed = (reason?: string) => {
      const s = two()
      s.hear({ t: 'close', id: 1, reason, afterMs: 9 })
      return orders(s.all, 'channel-closed')
    }
    expect(closed('policy_denied')).toMatchObject([{ end: { reason: 'policy_denied', code: 4004, afterMs: 9 } }])
    expect(closed()).toMatchObject([{ handle: 0, end: { code: 4018 } }])
    expect(closed('no such name')).toMatchObject([{ end: { code: 4018 } }])
    const s = two()
    s.hear({ t: 'close', id: 1 })
    expect(s.hear({ t: 'close', id: 1 })).toEqual([])
    expect(s.hear({ t: 'close', id: 7 })).toEqual([])
    s.hear({ t: 'exit', id: 2, at: 4 })
    expect(s.hear({ t: 'close', id: 2 })).toEqual([])
    expect(s.channel(1).phase).toBe('exited')
  })

  test('by a refused open: with the code of the refusal', () => {
    const s = two()
    s.openChannel(2)
    expect(s.hear({ t: 'open_err', id: 3, code: 4005, msg: 'x' })).toEqual([
      note('open-refused', { channel: 3, code: 4005 }),
      { do: 'rebase', handle: 2, at: 0 },
      { do: 'channel-closed', handle: 2, end: { reason: 'target_unreachable', code: 4005 } },
    ])
  })

  test('by somebody else: the token is forgotten, the lock let go, and a person may take over', () => {
    for (const [code, reason, how] of [
      [4016, 'superseded', 'superseded'],
      [4011, 'active_elsewhere', 'active'],
    ] as const) {
      const s = new ClientScript().ready()
      s.type(1)
      expect(s.close(code, reason).slice(11)).toEqual([
        { do: 'forget', token: 'token-1' },
        { do: 'unsent', handle: 0, from: 0, to: 1, maybeWritten: true },
        { do: 'rebase', handle: 0, at: 1 },
        cancel('held'),
        { do: 'release' },
        phase('ready', 'elsewhere'),
      ])
      expect(s.state.phase).toEqual({ name: 'elsewhere', how, canTakeOver: true })
      expect(s.give({ type: 'take-over' })).toEqual([
        phase('elsewhere', 'authorizing'),
        timer('connect', 10_000),
        { do: 'request-token', takeOver: true },
      ])
      expect(s.channel()).toMatchObject({ phase: 'wanted', id: null, exit: null })
    }
  })

  test('close with a code that a page may use', () => {
    for (const [code, used] of [
      [1000, 1000],
      [1009, 3000],
      [4008, 4008],
      [4999, 4999],
      [5000, 3000],
      [2999, 3000],
    ] as const) {
      const s = new ClientScript().ready()
      expect(orders(s.close(code), 'close-socket')[0]?.code).toBe(used)
    }
  })
})

describe('deadlines that ring late', () => {
  test('change nothing in a phase that is not theirs', () => {
    const s = new ClientScript().ready()
    for (const name of ['connect', 'hello', 'open', 'retry', 'held', 'drain'] as const)
      expect([name, s.give({ type: 'timer', name })]).toEqual([name, []])
    s.close(1006)
    for (const name of ['connect', 'hello', 'open', 'closing', 'heartbeat', 'lasting', 'refusing', 'acknowledge'] as const) {
      const before = s.state
      expect([name, s.give({ type: 'timer', name })]).toEqual([name, []])
      expect(s.state).toEqual(before)
    }
  })

  test('keep what they would change for the connection to come', () => {
    const s = new ClientScript().ready()
    s.openChannel(1)
    s.close(1006)
    expect(s.give({ type: 'timer', name: 'open' })).toEqual([])
    s.type(HELD_INPUT.bytes + 1)
    s.give({ type: 'timer', name: 'refusing' })
    expect(s.state.refusing).not.toBeNull()
  })

  test('and frames of a socket before this one change nothing, on this one either', () => {
    const s = new ClientScript().ready()
    const { epoch } = s.state
    s.cutAndGreet()
    s.hear(resumption())
    const before = s.state
    const stale = [
      { type: 'data', epoch, channel: 1, stream: 1, bytes: 5 },
      { type: 'message', epoch, message: { t: 'exit', id: 1, at: 0 } },
      { type: 'message', epoch, message: { t: 'ping', ts: 1 } },
      { type: 'buffered', epoch, bytes: 10 ** 9 },
      { type: 'unreadable', epoch, code: 4014, detail: '' },
      { type: 'socket-closed', epoch, code: 4018, reason: '' },
    ] as const
    for (const event of stale) expect([event.type, s.give(event)]).toEqual([event.type, []])
    expect(s.state).toBe(before)
  })

  test('say why the socket was given up', () => {
    const timedOut = (where: string) => note('socket-lost', { code: 4012, reason: 'timeout', in: where })
    const s = asking()
    s.give({ type: 'token', answer: GRANTED, takeOver: false })
    expect(s.give({ type: 'timer', name: 'connect' }).slice(0, 2)).toEqual([
      timedOut('connecting'),
      { do: 'close-socket', code: 4012, reason: 'timeout' },
    ])
    const again = () => {
      s.give({ type: 'timer', name: 'retry' })
      s.give({ type: 'token', answer: GRANTED, takeOver: false })
      s.connected()
    }
    again()
    expect(s.give({ type: 'timer', name: 'hello' })[0]).toEqual(timedOut('greeting'))
    again()
    s.hear(greeting())
    expect(s.give({ type: 'timer', name: 'open' })[0]).toEqual(timedOut('ready'))
    s.greetAgain()
    s.hear(resumption())
    s.now += 120_000
    expect(s.give({ type: 'timer', name: 'heartbeat' })[0]).toEqual(timedOut('ready'))
  })

  test('of a goodbye without an end of the socket count as a cut', () => {
    const s = new ClientScript().ready()
    expect(s.hear({ t: 'close', id: 0 })).toEqual([timer('closing', 3000)])
    expect(s.give({ type: 'timer', name: 'closing' })[0]).toEqual(note('socket-lost', { code: 1006, reason: '', in: 'ready' }))
  })

  test('make a connection that lasted forget its failures, and no other', () => {
    const s = new ClientScript().ready()
    s.cutAndGreet()
    s.hear(resumption())
    expect(s.state.backoff).toEqual({ tries: 0, level: 1 })
    s.give({ type: 'timer', name: 'lasting' })
    expect(s.state.backoff).toEqual({ tries: 0, level: 0 })
  })
})

describe('the page', () => {
  test('a hidden, offline or full one says so once, and what ends', () => {
    const s = new ClientScript().ready()
    const hold = send({ t: 'flow', id: 1, credit: 0, ack: 0, hold: 1 })
    const go = send({ t: 'flow', id: 1, credit: 0, ack: 0 })
    const paused = (why: string) => note('paused', { why })
    const unpaused = (why: string) => note('unpaused', { why })
    s.hear({ t: 'pong', ts: 1000 })
    expect(page(s, 'hidden')).toEqual([paused('hidden'), hold])
    expect(page(s, 'hidden')).toEqual([])
    expect(page(s, 'visible').slice(0, 2)).toEqual([unpaused('hidden'), go])
    expect(page(s, 'offline')).toEqual([paused('offline')])
    expect(page(s, 'offline')).toEqual([])
    expect(page(s, 'online').slice(0, 2)).toEqual([unpaused('offline'), go])
    const buffered = (bytes: number) => s.give({ type: 'buffered', epoch: s.state.epoch, bytes })
    expect(buffered(8 * 1024 * 1024)).toEqual([])
    expect(buffered(8 * 1024 * 1024 + 1)).toEqual([timer('drain', 50), paused('transport')])
    expect(buffered(2 * 1024 * 1024)).toEqual([timer('drain', 50)])
    expect(buffered(2 * 1024 * 1024 - 1)).toEqual([unpaused('transport'), go])
    s.close(1006)
    expect(buffered(10 ** 9)).toEqual([])
  })

  test('that goes offline while it waits does not try, and one that comes online does', () => {
    const s = new ClientScript().ready()
    s.close(1006)
    expect(page(s, 'offline')).toEqual([note('paused', { why: 'offline' }), cancel('retry'), phase('waiting', 'offline')])
    expect(page(s, 'online').map((effect) => effect.do)).toEqual(['diagnostic', 'diagnostic', 'timer', 'connect'])
  })

  test('does not say that it pauses where its host lets it go on', () => {
    const s = new ClientScript({ hidden: 'continue' }).ready()
    expect(codes(page(s, 'hidden'))).toEqual([])
    expect(codes(page(s, 'visible'))).toEqual([])
  })

  test('that wakes probes once: further doubts do not put the judgement off', () => {
    const s = new ClientScript().ready()
    s.hear({ t: 'pong', ts: 1000 })
    expect(page(s, 'wake')).toEqual([send({ t: 'ping', ts: 1000 }), timer('heartbeat', 3000)])
    s.now += 1000
    expect(page(s, 'wake')).toEqual([send({ t: 'ping', ts: 2000 }), timer('heartbeat', 2000)])
  })
})

describe('held and refused keys', () => {
  test('are enqueued with one timer, released at the return, and refused with one report', () => {
    const s = new ClientScript().ready()
    s.close(1006)
    expect(s.type(2)).toEqual([
      { do: 'enqueue', handle: 0 },
      { do: 'timer', name: 'held', ms: 10_000, keep: true },
    ])
    expect(s.type(1)).toEqual([{ do: 'enqueue', handle: 0 }])
    expect(s.channel().input).toMatchObject({ heldFrom: 0, heldSince: 1000, heldKeys: 2, typed: 3 })
    expect(s.type(HELD_INPUT.bytes)).toEqual([
      { do: 'unsent', handle: 0, from: 0, to: 3, maybeWritten: false },
      cancel('held'),
      note('held-refused', { why: 'too-much' }),
      note('input-refused', { bytes: HELD_INPUT.bytes, why: 'held-full' }),
    ])
    expect(s.channel().input).toMatchObject({ heldFrom: null, heldKeys: 0, typed: 0 })
    expect(s.type(1)).toEqual([note('input-refused', { why: 'refusing' })])
    s.greetAgain()
    expect(s.hear(resumption())).toContainEqual(timer('refusing', 1000))
    expect(s.type(1)).toEqual([timer('refusing', 1000), note('input-refused', { why: 'refusing' })])
    s.give({ type: 'timer', name: 'refusing' })
    expect(s.state.refusing).toBeNull()
  })

  test('refused when the time is over say so, and those of an ended terminal too', () => {
    const s = new ClientScript().ready()
    s.close(1006)
    s.type(2)
    expect(s.give({ type: 'timer', name: 'held' })).toEqual([
      { do: 'unsent', handle: 0, from: 0, to: 2, maybeWritten: false },
      cancel('held'),
      note('held-refused', { why: 'too-long' }),
    ])
    expect(s.state.refusing).toEqual({ lastKeyAt: 1000 })
    const ended = new ClientScript().ready()
    ended.close(4018)
    expect(ended.type(3)).toEqual([note('input-refused', { bytes: 3, why: 'ended' })])
    const exited = new ClientScript().ready()
    exited.hear({ t: 'exit', id: 1, at: 5 })
    expect(exited.type(3)).toEqual([note('input-refused', { bytes: 3, why: 'ended' })])
    expect(new ClientScript().type(3)).toEqual([])
  })

  test('the emulator’s answers are dropped with a reason: answered before, too many, too much, nobody there', () => {
    const dropped = (why: string) => [note('reply-dropped', { why })]
    const s = new ClientScript().ready()
    s.data(10)
    expect(s.reply(1, 0)).toEqual(dropped('answered'))
    for (let i = 0; i < 100; i++) expect(codes(s.reply(1, 10))).toEqual([])
    expect(s.reply(1, 10)).toEqual([note('reply-dropped', { why: 'rate' }, 'policy')])
    s.close(1006)
    s.now += 1000
    expect(orders(s.reply(4000, 10), 'defer-reply')).toHaveLength(1)
    expect(orders(s.reply(96, 10), 'defer-reply')).toHaveLength(1)
    expect(s.reply(1, 10)).toEqual(dropped('away'))
    const ended = new ClientScript().ready()
    ended.data(10)
    ended.close(4018)
    expect(ended.reply(1, 10)).toEqual([])
  })
})

describe('what the server may not say', () => {
  const breach = (code: number, detail: string) => note('breach', { code, detail })

  test('is named in a diagnostic', () => {
    const cases: readonly (readonly [Effect, (s: ClientScript) => readonly Effect[]])[] = [
      [breach(4014, 'a second hello_ok'), (s) => s.hear(greeting())],
      [breach(4009, 'a server does not send resize'), (s) => s.hear({ t: 'resize', id: 1, cols: 1, rows: 1 })],
      [breach(4014, 'exit for channel 2, which was never opened'), (s) => s.hear({ t: 'exit', id: 2, at: 0 })],
      [breach(4014, 'data for channel 2, which was never opened'), (s) => s.data(1, 2)],
      [breach(4007, 'a grant or acknowledgement that cannot be'), (s) => s.hear({ t: 'flow', id: 1, credit: 0, ack: 1 })],
      [breach(4007, 'more output than was granted'), (s) => s.data(262_145)],
      [breach(4008, 'too long'), (s) => s.give({ type: 'unreadable', epoch: s.state.epoch, code: 4008, detail: 'too long' })],
    ]
    for (const [expected, act] of cases) {
      const s = new ClientScript().ready()
      const effects = act(s)
      expect(effects[0]).toEqual(expected)
      expect(effects[1]).toMatchObject({ code: 'socket-lost', fields: { reason: 'protocol_error', in: 'ready' } })
    }
    const late = new ClientScript().ready()
    late.data(3)
    expect(late.hear({ t: 'exit', id: 1, at: 2 })[0]).toEqual(breach(4014, 'an exit before the last byte'))
  })

  test('before hello_ok is named as well', () => {
    const greeted = () => {
      const s = asking()
      s.give({ type: 'token', answer: GRANTED, takeOver: false })
      s.connected()
      return s
    }
    expect(greeted().data(1)[0]).toEqual(breach(4002, 'data before hello_ok'))
    expect(greeted().hear({ t: 'open_ok', id: 1 })[0]).toEqual(breach(4002, 'open_ok before hello_ok'))
    const other = greeting({ caps: { flow: 'credit', maxFrame: 1024, profileAccepted: 'x' } })
    expect(greeted().hear(other)[1]).toEqual(breach(4014, 'the server accepted another profile'))
    expect(greeted().hear(greeting({ session: undefined }))[1]).toEqual(breach(4014, 'no session where there must be one'))
    const s = new ClientScript().ready()
    s.type(3)
    s.cutAndGreet()
    expect(s.hear(resumption({ received: 4 }))).toContainEqual(
      breach(4014, 'the server took input up to 4, which was never sent'),
    )
    const warm = new ClientScript().ready()
    warm.cutAndGreet()
    expect(warm.hear(resumption({}, { session: 's9' }))[1]).toEqual(breach(4014, 'warm, which was not asked for'))
  })

  test('without a socket is nobody’s: ignored', () => {
    const s = asking()
    expect(s.give({ type: 'unreadable', epoch: s.state.epoch, code: 4014, detail: '' })).toEqual([
      ignored('breach', 'authorizing'),
    ])
    expect(s.hear({ t: 'ping', ts: 1 })).toEqual([])
    expect(s.data(1)).toEqual([])
  })
})

describe('a plain peer', () => {
  test('gets bytes as they are typed, and its end is the end', () => {
    const s = new ClientScript().ready(plainGreeting)
    expect(s.type(5)).toEqual([
      { do: 'enqueue', handle: 0 },
      { do: 'send-input', handle: 0, id: 1, from: 0, to: 5, maxFrame: 65_536 },
      { do: 'trim', handle: 0, below: 5 },
    ])
    expect(s.channel().input).toMatchObject({ typed: 5, acked: 5, replies: [] })
    expect(s.close(1006).slice(-2)).toEqual([
      phase('ready', 'ended'),
      { do: 'closed', end: { reason: 'browser_disconnected', code: 1006 } },
    ])
  })

  test('where a session was: what was typed for it is reported before anything reaches the new program', () => {
    const s = new ClientScript().ready()
    s.type(2)
    s.cutAndGreet()
    expect(s.hear(plainGreeting).slice(0, 7)).toEqual([
      cancel('hello'),
      { do: 'unsent', handle: 0, from: 0, to: 2, maybeWritten: true },
      { do: 'rebase', handle: 0, at: 2 },
      { do: 'forget', token: 'token-1' },
      phase('greeting', 'ready'),
      { do: 'ready', resumed: false },
      { do: 'reset', handle: 0 },
    ])
  })
})
