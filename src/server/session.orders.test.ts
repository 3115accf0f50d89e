/** What the session's machine orders, event by event: the exact effects at its edges, without a runner. */
import { describe, expect, it } from 'vitest'
import { limitsOf } from './options.ts'
import {
  createSession,
  holdsAllocation,
  transition,
  type ResumeRequest,
  type SessionEffect,
  type SessionEvent,
  type SessionState,
} from './session.ts'

const limits = {
  ...limitsOf({
    replayBytes: 400,
    tailBytes: 50,
    overrunBytes: 100,
    readAheadBytes: 64,
    sliceBytes: 32,
    burstBytes: 64,
    inputWindowBytes: 40,
  }),
  plainQueueBytes: 60,
}

type Step = readonly [SessionState, readonly SessionEffect[]]

/** The state after all events, and what the last one ordered. */
function after(state: SessionState, ...events: readonly SessionEvent[]): Step {
  return events.reduce<Step>(([now], event) => transition(now, event), [state, []])
}

const state = (...step: Parameters<typeof after>): SessionState => after(...step)[0]
const orders = (...step: Parameters<typeof after>): readonly SessionEffect[] => after(...step)[1]
/** The notes of what the last event ordered, as `bus code` and fields. */
const notes = (...step: Parameters<typeof after>) =>
  orders(...step).flatMap((effect) => (effect.type === 'note' ? [[`${effect.bus} ${effect.code}`, effect.fields]] : []))
const types = (...step: Parameters<typeof after>) => orders(...step).map(({ type }) => type)

const attach = (plain = false): SessionEvent => ({
  type: 'attach',
  connection: 1,
  plain,
  issued: { token: 'T0', proof: 'P0' },
  now: 0,
})
const open = (id: number, size = {}): SessionEvent => ({
  type: 'open',
  connection: 1,
  message: { t: 'open', id, target: { allocation: 'a' }, ...size },
  now: 0,
})
const opened = (channel: number): SessionEvent => ({ type: 'opened', channel })
const gone = (connection = 1, ends = false): SessionEvent => ({ type: 'gone', connection, ends, now: 0 })
const input = (channel: number, length: number): SessionEvent => ({ type: 'input', connection: 1, channel, length, now: 0 })
const took = (channel: number, bytes: number): SessionEvent => ({ type: 'took', channel, bytes })
const output = (channel: number, length: number): SessionEvent => ({ type: 'output', channel, stream: 1, length })
const grant = (id: number, credit: number, ack?: number): SessionEvent => ({
  type: 'flow',
  connection: 1,
  message: { t: 'flow', id, credit, ...(ack === undefined ? {} : { ack }) },
})
const reply = (at: number, answers: number): SessionEvent => ({
  type: 'reply',
  connection: 1,
  message: { t: 'reply', id: 1, at, input: answers },
})
const exited = (channel: number): SessionEvent => ({ type: 'exited', channel, exit: { code: 3 } })
const close = (channel: number): SessionEvent => ({ type: 'close', connection: 1, channel })
const timer = (name: Extract<SessionEvent, { type: 'timer' }>['timer'], now = 0): SessionEvent => ({
  type: 'timer',
  timer: name,
  now,
})
const resume = (connection: number, kind: ResumeRequest['kind'], shown: Partial<ResumeRequest> = {}): SessionEvent => ({
  type: 'resume',
  now: 0,
  request: {
    connection,
    kind,
    token: 'T0',
    proof: kind === 'warm' ? 'P0' : null,
    attempt: null,
    channels: [],
    issued: { token: `T${connection}`, proof: `P${connection}` },
    ts: 77,
    ...shown,
  },
})
const probe = (id: number): SessionEvent => ({ type: 'probe', probe: id, ts: 78 })
const pong = (ts: number): SessionEvent => ({ type: 'pong', connection: 1, ts, now: 0 })

const none = createSession('s', limits, true)
const one = state(none, attach(), open(1), opened(1))
const two = state(one, open(2), opened(2))
const plain = state(none, attach(true), open(1), opened(1), open(2), opened(2))

describe('the end of a session', () => {
  it('cancels every timer, drops every program, answers all who wait and closes the socket, in that order', () => {
    const busy = state(two, input(2, 5), took(2, 2), output(1, 9), exited(1), resume(5, 'cold'), probe(6))
    expect(orders(busy, { type: 'end', reason: 'policy_denied' })).toEqual([
      { type: 'cancel', timer: 'ttl' },
      { type: 'cancel', timer: 'idle' },
      { type: 'cancel', timer: 'challenge' },
      { type: 'note', bus: 'diagnostic', code: 'session_ended', fields: { reason: 'policy_denied', unseen: 9 } },
      { type: 'drop', channel: 1, running: false },
      { type: 'cancel', timer: 'ack:2' },
      { type: 'drop', channel: 2, running: true },
      { type: 'refuse', connection: 5, reason: 'expired' },
      { type: 'answer-probe', probe: 6, state: 'detached' },
      { type: 'send', connection: 1, message: { t: 'flow', id: 2, credit: 0, ack: 2 } },
      { type: 'disconnect', connection: 1, code: 4004, reason: 'policy_denied' },
      { type: 'over', reason: 'policy_denied' },
    ])
  })

  it('has the code that it was given', () => {
    const end: SessionEvent = { type: 'end', reason: 'internal_error', code: 1012 }
    expect(orders(one, end)).toContainEqual({ type: 'disconnect', connection: 1, code: 1012, reason: 'internal_error' })
  })

  it('names who ended it: the client, or a plain peer that went away', () => {
    expect(orders(one, gone(1, true)).at(-1)).toEqual({ type: 'over', reason: 'user_closed' })
    expect(orders(plain, gone()).at(-1)).toEqual({ type: 'over', reason: 'browser_disconnected' })
  })

  it('says no offsets to a plain peer', () => {
    expect(types(plain, input(1, 5), took(1, 5), { type: 'end', reason: 'idle_timeout' })).not.toContain('send')
  })

  it('frees the allocation, whatever was open', () => {
    expect(holdsAllocation(state(one, { type: 'end', reason: 'idle_timeout' }))).toBe(false)
    expect(holdsAllocation({ ...one, life: { phase: 'ended', reason: 'idle_timeout' } })).toBe(false)
  })

  it('happens once', () => {
    expect(orders(state(one, close(1)), { type: 'end', reason: 'policy_denied' })).toEqual([])
  })
})

describe('a channel that is closed', () => {
  it('is dropped alone, with its own timer, and as what it is: running or over', () => {
    const waiting = state(two, input(2, 5), took(2, 2))
    expect(orders(waiting, close(2))).toEqual([
      { type: 'cancel', timer: 'ack:2' },
      { type: 'drop', channel: 2, running: true },
    ])
    expect(orders(state(waiting, exited(1)), close(1))).toEqual([{ type: 'drop', channel: 1, running: false }])
    expect(state(waiting, close(1)).channels.map(({ id }) => id)).toEqual([2])
  })

  it('holds no allocation once its program ended, and another one still does', () => {
    expect(holdsAllocation(state(two, exited(1)))).toBe(true)
    expect(holdsAllocation(state(two, exited(1), exited(2)))).toBe(false)
  })

  it('is gone for what its program says later', () => {
    const closed = state(two, close(2))
    expect(notes(closed, output(2, 5))).toEqual([['diagnostic late_program_event', { channel: 2, event: 'output' }]])
  })
})

describe('a plain peer whose input queue is full', () => {
  const off = { type: 'read-socket', connection: 1, on: false }
  const on = { type: 'read-socket', connection: 1, on: true }

  it('is not read from the byte that fills the window, and is told once', () => {
    expect(orders(plain, input(1, 39))).toEqual([{ type: 'write', channel: 1 }])
    expect(orders(plain, input(1, 39), input(1, 1))).toEqual([off, { type: 'write', channel: 1 }])
    expect(orders(plain, input(1, 40), input(1, 1))).toEqual([{ type: 'write', channel: 1 }])
    expect(orders(plain, input(1, 30), took(1, 30), input(1, 39))).toEqual([{ type: 'write', channel: 1 }])
  })

  it('is cut off beyond the bound of the queue', () => {
    expect(types(plain, input(1, 60))).toEqual(['read-socket', 'write'])
    expect(orders(plain, input(1, 61))).toEqual([
      { type: 'note', bus: 'policy', code: 'flow_violation', fields: { channel: 1, input: 61 } },
      { type: 'disconnect', connection: 1, code: 4007, reason: 'protocol_error' },
    ])
    expect(types(plain, input(1, 40), took(1, 40), input(1, 60))).toEqual(['read-socket', 'write'])
  })

  it('is read again when half is taken, once, and when no other channel is full', () => {
    expect(orders(plain, input(1, 40), took(1, 19))).toEqual([])
    expect(orders(plain, input(1, 40), took(1, 20))).toEqual([on])
    expect(orders(plain, input(1, 40), took(1, 20), took(1, 1))).toEqual([])
    expect(orders(plain, input(1, 40), input(2, 40), took(1, 40))).toEqual([])
    expect(orders(plain, input(1, 40), input(2, 40), took(1, 40), took(2, 40))).toEqual([on])
  })

  it('is read again when the full channel is closed and no other is full', () => {
    expect(orders(plain, input(1, 40), close(1))).toEqual([on, { type: 'drop', channel: 1, running: true }])
    expect(orders(plain, input(1, 40), close(2))).toEqual([{ type: 'drop', channel: 2, running: true }])
    expect(types(plain, input(1, 40), input(2, 40), close(1))).toEqual(['drop'])
    expect(types(plain, input(1, 40), input(2, 40), close(1), close(2))[0]).toBe('read-socket')
  })
})

describe('the acknowledgement of input', () => {
  it('sets one timer, which a flow that is due puts out', () => {
    const waiting = state(one, input(1, 40), took(1, 1))
    expect(orders(one, input(1, 40), took(1, 1))).toEqual([{ type: 'timer', timer: 'ack:1', delayMs: 100 }])
    expect(orders(waiting, took(1, 1))).toEqual([])
    expect(orders(waiting, took(1, 19))).toEqual([
      { type: 'send', connection: 1, message: { t: 'flow', id: 1, credit: 20, ack: 20 } },
      { type: 'cancel', timer: 'ack:1' },
    ])
    expect(orders(waiting, took(1, 19), took(1, 1))).toEqual([{ type: 'timer', timer: 'ack:1', delayMs: 100 }])
  })

  it('has nothing to put out once its timer has rung or where none was set', () => {
    expect(orders(one, input(1, 40), took(1, 1), timer('ack:1'))).toEqual([
      { type: 'send', connection: 1, message: { t: 'flow', id: 1, credit: 1, ack: 1 } },
    ])
    expect(orders(one, input(1, 40), took(1, 20))).toEqual([
      { type: 'send', connection: 1, message: { t: 'flow', id: 1, credit: 20, ack: 20 } },
    ])
  })

  it('carries no credit while the transport is paused, and is topped up once when that ends', () => {
    const pause = (holds: boolean): SessionEvent => ({ type: 'transport-pause', connection: 1, holds })
    const paused = state(one, pause(true), input(1, 40), took(1, 1))
    expect(orders(one, pause(true))).toEqual([
      { type: 'note', bus: 'diagnostic', code: 'transport_pause', fields: { holds: true } },
    ])
    expect(orders(paused, timer('ack:1'))).toEqual([
      { type: 'send', connection: 1, message: { t: 'flow', id: 1, credit: 0, ack: 1 } },
    ])
    expect(orders(paused, pause(false))).toContainEqual({
      type: 'send',
      connection: 1,
      message: { t: 'flow', id: 1, credit: 1, ack: 1 },
    })
  })

  it('ends with the program: what it took late, and a timer that rings late, say nothing', () => {
    const over = state(one, input(1, 40), took(1, 1), exited(1))
    expect(orders(over, took(1, 30))).toEqual([])
    expect(orders(over, took(1, 30), timer('ack:1'))).toEqual([])
  })

  it('is not kept from the client by an input that comes after the exit', () => {
    expect(orders(one, exited(1), input(1, 4))).toEqual([
      { type: 'note', bus: 'diagnostic', code: 'input_after_exit', fields: { channel: 1, bytes: 4 } },
    ])
  })

  it('is 4007 for a byte beyond the window, with a policy event', () => {
    expect(orders(one, input(1, 41))).toEqual([
      { type: 'note', bus: 'policy', code: 'flow_violation', fields: { channel: 1, input: 41 } },
      { type: 'disconnect', connection: 1, code: 4007, reason: 'protocol_error' },
    ])
  })
})

describe('a reply', () => {
  const shown = state(one, grant(1, 100, 0), output(1, 10))
  const answered = (...events: SessionEvent[]) => state(shown, ...events).channels[0]!.repliedUpTo

  it('counts from the moment its input is there, whichever comes first', () => {
    expect(answered(reply(8, 3), input(1, 2))).toBe(0)
    expect(answered(reply(8, 3), input(1, 2), input(1, 1))).toBe(8)
    expect(answered(input(1, 3), reply(8, 3))).toBe(8)
    expect(answered(input(1, 3), reply(8, 3), reply(5, 3))).toBe(8)
  })

  it('to output that was never sent is ignored, and so is that of a plain peer', () => {
    expect(notes(shown, reply(11, 0))).toEqual([['diagnostic reply_ignored', { channel: 1, at: 11, input: 0 }]])
    expect(state(shown, reply(11, 0)).channels[0]!.saysReplies).toBe(false)
    expect(notes(shown, reply(10, 0))).toEqual([])
    expect(notes(plain, reply(0, 0))).toEqual([['diagnostic reply_ignored', { channel: 1, at: 0, input: 0 }]])
  })

  it('beyond 256 that wait is ignored with a policy event', () => {
    const many = state(shown, ...Array.from({ length: 255 }, () => reply(8, 3)))
    expect(notes(many, reply(8, 3))).toEqual([])
    expect(notes(many, reply(8, 3), reply(9, 3))).toEqual([['policy replies_ignored', { channel: 1 }]])
    expect(state(many, reply(8, 3), reply(9, 3)).channels[0]!.pendingReplies).toHaveLength(256)
  })
})

describe('size and signals', () => {
  const resize = (cols: number, rows: number): SessionEvent => ({
    type: 'resize',
    connection: 1,
    channel: 1,
    size: { cols, rows },
    now: 0,
  })
  const signal: SessionEvent = { type: 'signal', connection: 1, channel: 1, signal: 'INT', now: 0 }

  it('go to the program that runs, and a size is remembered for the next screen', () => {
    expect(orders(one, resize(100, 30))).toEqual([{ type: 'resize', channel: 1, size: { cols: 100, rows: 30 } }])
    expect(state(one, resize(100, 30)).channels[0]!.size).toEqual({ cols: 100, rows: 30 })
    expect(orders(one, signal)).toEqual([{ type: 'signal', channel: 1, signal: 'INT' }])
  })

  it('go nowhere after the exit', () => {
    expect(orders(one, exited(1), resize(100, 30))).toEqual([])
    expect(orders(one, exited(1), signal)).toEqual([])
    expect(orders(none, attach(), open(1), signal)).toEqual([])
  })

  it('that no terminal has are ignored with a policy event, at an open as well', () => {
    const ignored = { channel: 1, cols: 0, rows: 24 }
    expect(orders(one, resize(0, 24))).toEqual([{ type: 'note', bus: 'policy', code: 'resize_ignored', fields: ignored }])
    const attached = state(none, attach())
    expect(orders(attached, open(1, { term: { cols: 0, rows: 24 } }))).toEqual([
      { type: 'note', bus: 'policy', code: 'resize_ignored', fields: ignored },
      { type: 'start', channel: 1, target: { allocation: 'a' }, size: { cols: 80, rows: 24 }, env: {} },
    ])
    expect(types(attached, open(1))).toEqual(['start'])
  })
})

describe('an open', () => {
  it('says open_ok and grants the window; nobody told the program to stop, so nobody tells it to go on', () => {
    expect(orders(none, attach(), open(1), opened(1))).toEqual([
      { type: 'send', connection: 1, message: { t: 'open_ok', id: 1, ttlMs: limits.ttlMs } },
      { type: 'send', connection: 1, message: { t: 'flow', id: 1, credit: 40, ack: 0 } },
    ])
  })

  it('stops at once a program that printed too much before it said that it was open', () => {
    expect(orders(none, attach(), open(1), output(1, 100), opened(1)).at(-1)).toEqual({ type: 'pause', channel: 1 })
  })

  it('of too many channels is refused with a policy event', () => {
    const full = state(two, open(3), open(4))
    expect(notes(full, open(5))).toEqual([['policy channel_limit', { channel: 5 }]])
  })

  it('is something that a person does', () => {
    const late = state(one, { ...open(2), now: 500 } as SessionEvent)
    expect(orders(late, timer('idle', limits.idleMs + 499))).toEqual([{ type: 'timer', timer: 'idle', delayMs: 1 }])
  })

  it('that fails forgets the channel, and says so in the words that fit what the client knows', () => {
    const opening = state(none, attach(), open(1), open(2))
    const failed: SessionEvent = { type: 'failed', channel: 1, reason: 'target_unreachable', message: 'no shell' }
    const note = { type: 'note', bus: 'diagnostic', code: 'open_failed', fields: { channel: 1, reason: 'target_unreachable' } }
    const drop = { type: 'drop', channel: 1, running: false }
    expect(orders(opening, failed)).toEqual([
      note,
      drop,
      { type: 'send', connection: 1, message: { t: 'open_err', id: 1, code: 4005, msg: 'no shell' } },
    ])
    expect(state(opening, failed).channels.map(({ id }) => id)).toEqual([2])
    expect(orders(opening, gone(), failed)).toEqual([note, drop])
    expect(orders(opening, gone(), resume(2, 'cold'), failed)).toEqual([
      note,
      drop,
      { type: 'send', connection: 2, message: { t: 'close', id: 1, reason: 'target_unreachable' } },
    ])
  })
})

describe('what is sent', () => {
  const sent = (...step: Parameters<typeof after>) =>
    orders(...step).flatMap((effect) => (effect.type === 'send-output' ? [[effect.channel, effect.to - effect.from]] : []))
  const uncork = timer('uncork')

  it('is one burst between two rounds of the event loop, however often something is printed', () => {
    const rich = state(one, grant(1, 10_000, 0))
    expect(sent(rich, output(1, 200))).toEqual([
      [1, 32],
      [1, 32],
    ])
    expect(sent(rich, output(1, 200), output(1, 100))).toEqual([])
    expect(sent(rich, output(1, 32), output(1, 32))).toEqual([[1, 32]])
    expect(sent(rich, output(1, 32), output(1, 32), output(1, 32))).toEqual([])
    expect(sent(rich, output(1, 32), output(1, 32), output(1, 32), uncork)).toEqual([[1, 32]])
  })

  it('asks once for the round that lets the rest go', () => {
    const rich = state(one, grant(1, 10_000, 0))
    expect(types(rich, output(1, 32))).toEqual(['keep', 'send-output', 'soon'])
    expect(types(rich, output(1, 32), output(1, 32))).toEqual(['keep', 'send-output'])
  })

  it('goes round the channels, and on where the last burst ended', () => {
    const three = state(two, open(3), opened(3), ...[1, 2, 3].map((id) => output(id, 200)))
    const ready = state({ ...three, life: { ...three.life, burst: 64 } as never }, ...[1, 2, 3].map((id) => grant(id, 10_000, 0)))
    const turns = [0, 1, 2].map((n) => sent(ready, ...Array.from({ length: n + 1 }, () => uncork)).map(([id]) => id))
    expect(turns).toEqual([
      [1, 2],
      [3, 1],
      [2, 3],
    ])
  })

  it('stays to be seen again until more than the tail is acknowledged', () => {
    const seen = state(one, grant(1, 1000, 0), output(1, 60), uncork)
    expect(types(seen, grant(1, 0, 50))).not.toContain('evict')
    expect(orders(seen, grant(1, 0, 51))).toContainEqual({ type: 'evict', channel: 1, below: 1 })
    expect(types(seen, grant(1, 0, 51), grant(1, 5, 51))).not.toContain('evict')
  })

  it('is followed by nothing that comes after the exit', () => {
    expect(orders(one, exited(1), output(1, 5))).toEqual([
      { type: 'note', bus: 'diagnostic', code: 'output_after_exit', fields: { channel: 1, bytes: 5 } },
    ])
  })

  it('is not the exit of a program that only opens', () => {
    expect(types(none, attach(), open(1), gone(), resume(2, 'cold'))).not.toContain('send')
  })

  it('is called a saturation with the count of bytes kept when it fits nowhere', () => {
    const old = state(one, grant(1, 1000, 0), output(1, 60), uncork, grant(1, 0, 60))
    expect(notes(old, output(1, 541))[0]).toEqual(['policy saturated', { channel: 1, kept: 591 }])
    expect(notes(old, output(1, 500))).toEqual([])
  })

  it('counts from what is acknowledged: a program that somebody follows is never too far ahead', () => {
    const far = state(one, ...Array.from({ length: 20 }, (_, i) => [grant(1, 60, i * 60), output(1, 60), uncork]).flat())
    expect(far.channels[0]!.reading).toBe(true)
    expect(types(far, grant(1, 60, 1200), output(1, 10))).not.toContain('pause')
  })
})

describe('reading a program that somebody watches', () => {
  it('stops at half of the read-ahead, and at all of it where the output only gathers', () => {
    expect(types(one, output(1, 31))).toEqual(['keep'])
    expect(types(one, output(1, 32))).toEqual(['keep', 'pause'])
    const credit = state(one, grant(1, 200, 0), output(1, 64))
    expect(types(credit, output(1, 63))).toEqual(['keep'])
    expect(types(credit, output(1, 64))).toEqual(['keep', 'pause'])
    const exact = state(one, grant(1, 64 + 40, 0), output(1, 64))
    expect(types(exact, output(1, 40))).toEqual(['keep'])
    expect(types(exact, output(1, 41))).toEqual(['keep', 'pause'])
  })

  it('stops the one that is too far ahead, and no other', () => {
    expect(orders(two, output(2, 40))).toEqual([
      { type: 'keep', channel: 2 },
      { type: 'pause', channel: 2 },
    ])
  })

  it('goes on below a quarter', () => {
    expect(types(one, output(1, 40), grant(1, 24, 0))).toEqual(['send-output', 'soon'])
    expect(types(one, output(1, 40), grant(1, 25, 0))).toEqual(['send-output', 'soon', 'resume'])
  })
})

describe('a flow', () => {
  it('that breaks the credit is a policy event with what it said', () => {
    const code = 'policy flow_violation'
    expect(notes(one, grant(1, 5, 9))).toEqual([[code, { channel: 1, credit: 5, ack: 9, sent: 0 }]])
    expect(notes(plain, grant(1, 2 ** 31))).toEqual([[code, { channel: 1, credit: 2 ** 31, ack: null, sent: 0 }]])
  })

  it('without an ack is malformed where there are offsets', () => {
    expect(orders(one, grant(1, 5))).toEqual([{ type: 'disconnect', connection: 1, code: 4014, reason: 'protocol_error' }])
  })

  it('of a plain peer means its credit alone', () => {
    expect(orders(plain, grant(1, 5, 999))).toEqual([])
    expect(state(plain, grant(1, 5, 999)).channels[0]!.output).toMatchObject({ limit: 5, acked: 0 })
  })

  it('is nothing that a person does', () => {
    expect(types(one, grant(1, 5, 0), timer('idle', limits.idleMs))).toContain('over')
  })
})

describe('the exit', () => {
  it('is a diagnostic with code, signal and offset', () => {
    expect(notes(one, output(1, 5), exited(1))).toEqual([['diagnostic exited', { channel: 1, code: 3, sig: null, at: 5 }]])
    expect(notes(one, { type: 'exited', channel: 1, exit: { sig: 'TERM' } })).toEqual([
      ['diagnostic exited', { channel: 1, code: null, sig: 'TERM', at: 0 }],
    ])
  })

  it('comes to a plain peer with a close and without an acknowledgement', () => {
    expect(orders(plain, input(1, 5), took(1, 5), exited(1)).filter(({ type }) => type !== 'note')).toEqual([
      { type: 'send', connection: 1, message: { t: 'exit', id: 1, code: 3, at: 0 } },
      { type: 'send', connection: 1, message: { t: 'close', id: 1 } },
      { type: 'drop', channel: 1, running: false },
    ])
  })
})

describe('frames of a socket that is not the attached one', () => {
  it('are a diagnostic', () => {
    expect(notes(one, { ...pong(1), connection: 9 } as SessionEvent)).toEqual([
      ['diagnostic stale_frame', { connection: 9, event: 'pong' }],
    ])
  })
})

describe('a socket that goes and one that comes', () => {
  it('are told to whoever watches the server', () => {
    expect(notes(one, gone())).toEqual([['diagnostic detached', { connection: 1 }]])
    expect(notes(one, resume(2, 'warm'))).toEqual([['diagnostic superseded', { connection: 1 }]])
    expect(orders(one, resume(2, 'cold', { token: 'T9' }))).toEqual([
      { type: 'note', bus: 'policy', code: 'resume_refused', fields: { connection: 2, reason: 'unknown' } },
      { type: 'refuse', connection: 2, reason: 'unknown' },
    ])
  })

  it('leave no timer of the other behind', () => {
    expect(orders(one, gone())).toEqual([
      { type: 'cancel', timer: 'idle' },
      { type: 'timer', timer: 'ttl', delayMs: limits.ttlMs },
      expect.objectContaining({ code: 'detached' }),
    ])
    expect(orders(one, gone(), timer('idle', 10 ** 9))).toEqual([])
  })

  it('confirm the secrets once', () => {
    const back = state(one, gone(), resume(2, 'cold'), { type: 'first-frame', connection: 2 })
    expect(back.life).toMatchObject({ phase: 'attached', issued: null })
  })

  it('keep for each proof the attempt that showed it', () => {
    const lost = state(one, gone(), resume(2, 'warm', { attempt: 4 }), gone(2))
    const twice = state(lost, resume(3, 'warm', { proof: 'P2', attempt: 6 }), gone(3))
    expect(twice.proofs).toEqual([
      { hash: 'P2', attempt: 6 },
      { hash: 'P3', attempt: 6 },
    ])
    const unnumbered = state(twice, resume(4, 'warm', { proof: 'P3' }))
    expect(unnumbered.proofs[0]).toEqual({ hash: 'P3', attempt: 6 })
    const uneven = { ...twice, proofs: [twice.proofs[0]!, { hash: 'P3', attempt: 2 }] }
    expect(state(uneven, resume(4, 'warm', { proof: 'P3' })).proofs[0]).toEqual({ hash: 'P3', attempt: 2 })
  })

  it('begin at the oldest byte with a channel that the hello does not name', () => {
    const printed = state(two, output(1, 5), output(2, 5), gone())
    const back = state(printed, resume(2, 'warm', { channels: [{ id: 1, received: 4 }] }))
    expect(back.channels.map(({ output: { sent } }) => sent)).toEqual([4, 0])
  })

  it('find the time to live where it was: an authorisation of an attached session, or the end of none, changes nothing', () => {
    const authorising: SessionEvent = { type: 'authorising', now: 50 }
    const authorised: SessionEvent = { type: 'authorised', now: 90 }
    expect(state(one, authorising).life).toEqual(one.life)
    expect(orders(one, authorising)).toEqual([])
    expect(state(one, authorising, authorised).life).toEqual(one.life)
    expect(orders(one, authorising, authorised)).toEqual([])
    const away = state(one, gone())
    expect(after(away, authorised)).toEqual([away, []])
  })
})

describe('those who ask whether somebody is there', () => {
  const there = (id: number, answer = 'attached') => ({ type: 'answer-probe', probe: id, state: answer })

  it('wait for one challenge, which their number is bounded for by itself', () => {
    expect(orders(one, probe(1))).toEqual([
      { type: 'send', connection: 1, message: { t: 'ping', ts: 78 } },
      { type: 'timer', timer: 'challenge', delayMs: limits.challengeMs },
    ])
    const probes = Array.from({ length: limits.maxWaitingProbes }, (_, i) => probe(i))
    const full = state(one, ...probes)
    expect(orders(full, probe(99))).toEqual([there(99)])
    expect(orders(full, resume(5, 'cold'))).toEqual([])
    const resumes = [5, 6, 7, 8].map((connection) => resume(connection, 'cold'))
    expect(orders(one, probe(1), ...resumes)).toEqual([])
    expect(orders(one, ...resumes, ...probes.slice(0, limits.maxWaitingResumes + 1))).toEqual([])
    expect(orders(one, ...resumes, resume(9, 'cold'))).toEqual([
      { type: 'note', bus: 'policy', code: 'resume_refused', fields: { connection: 9, reason: 'active_elsewhere' } },
      { type: 'refuse', connection: 9, reason: 'active_elsewhere' },
    ])
  })

  it('are told yes by the pong and by a warm page that comes, no by silence and by the end of the socket', () => {
    const asked = state(one, probe(1))
    const quiet = { type: 'cancel', timer: 'challenge' }
    expect(orders(asked, pong(78))).toEqual([quiet, there(1)])
    expect(orders(asked, resume(2, 'warm')).slice(0, 2)).toEqual([quiet, there(1)])
    expect(orders(asked, timer('challenge'))).toEqual([quiet, there(1, 'detached')])
    expect(orders(asked, gone())).toContainEqual(there(1, 'detached'))
  })

  it('and leave nothing behind when they go: the others wait on', () => {
    const asked = state(one, resume(5, 'cold'), resume(6, 'cold'))
    const left = state(asked, gone(5))
    expect(left.challenge).toMatchObject({ ts: 77, waiters: [{ request: { connection: 6 } }] })
    expect(orders(asked, gone(5))).toEqual([])
    expect(state(left, gone(6)).challenge).toBeNull()
    expect(orders(left, gone(6))).toEqual([{ type: 'cancel', timer: 'challenge' }])
    expect(orders(asked, gone(9))).toEqual([])
    expect(orders(one, resume(2, 'warm'))).not.toContainEqual({ type: 'cancel', timer: 'challenge' })
  })
})
