/** What the client does, rule by rule: a state, an event, and what comes of it. Rules that a model showed to be needed begin with ‡. */
import { describe, expect, test } from 'vitest'
import {
  ClientScript,
  GRANTED,
  STORED,
  codes,
  greeting,
  orders,
  plainGreeting,
  resumption,
  sent,
} from '../testing/clientScript.ts'
import { CLOSE_CODE } from '../protocol/closeReasons.ts'
import { HEARTBEAT, HELD_INPUT, OUTPUT_WINDOW, QUIET_MS } from '../protocol/limits.ts'
import type { Effect } from './machine/state.ts'

function script(config: ConstructorParameters<typeof ClientScript>[0] = {}): ClientScript {
  return new ClientScript(config)
}

/** Index of the first order that fits; fails where there is none. */
function indexOf(effects: readonly Effect[], fits: (effect: Effect) => boolean): number {
  const index = effects.findIndex(fits)
  expect(index).not.toBe(-1)
  return index
}

function isSent(t: string): (effect: Effect) => boolean {
  return (effect) => effect.do === 'send' && effect.message.t === t
}

describe('naming and storing the session (5.1, 5.5)', () => {
  test('‡ the session is stored before the first open is sent', () => {
    const s = script()
    s.start()
    s.openChannel()
    s.give({ type: 'token', answer: GRANTED, takeOver: false })
    s.connected()
    const effects = s.hear(greeting())
    const stored = indexOf(effects, (effect) => effect.do === 'store')
    expect(stored).toBeLessThan(indexOf(effects, isSent('open')))
    expect(orders(effects, 'store')[0]?.session).toEqual({ id: 's1', token: 'token-1', url: expect.stringContaining('wss:') })
  })

  test('‡ after hello_ok a ping goes out at once, and a rotated token is stored before anything is sent', () => {
    const s = script()
    s.start(STORED)
    s.openChannel()
    s.give({ type: 'claimed', name: 'nimbus-terminal:s1' })
    s.connected()
    const effects = s.hear(resumption({}, { warm: false, token: 'rotated' }))
    expect(sent(effects, 'ping')).toHaveLength(1)
    expect(indexOf(effects, (effect) => effect.do === 'store')).toBeLessThan(indexOf(effects, (effect) => effect.do === 'send'))
    expect(orders(effects, 'store')[0]?.session.token).toBe('rotated')
  })

  test('a warm resume that leaves the token as it is stores nothing', () => {
    const s = script().ready()
    s.cutAndGreet()
    expect(orders(s.hear(resumption()), 'store')).toEqual([])
  })

  test('‡ forgetting names the token that is ours, so that another page keeps its own', () => {
    const s = script().ready()
    expect(orders(s.close(4018, 'idle_timeout'), 'forget')).toEqual([{ do: 'forget', token: 'token-1' }])
  })

  test('a session that a fresh hello brings is claimed for as long as it takes', () => {
    const s = script().ready()
    expect(orders(s.all, 'claim')).toEqual([{ do: 'claim', name: 'nimbus-terminal:s1', timeoutMs: null }])
  })
})

describe('what a hello shows (5.3, 5.5)', () => {
  test('a warm hello shows proof, offsets and the next number; a stored session shows its token alone', () => {
    const s = script().ready()
    s.data(100)
    s.type(7)
    const [hello] = sent(s.cutAndGreet(), 'hello')
    expect(hello?.resume).toEqual({
      token: 'token-1',
      proof: 'proof-1',
      attempt: 2,
      channels: [{ id: 1, received: 100, sent: 7 }],
    })
    const cold = script()
    cold.start(STORED)
    cold.give({ type: 'claimed', name: 'nimbus-terminal:s1' })
    expect(sent(cold.connected(), 'hello')[0]?.resume).toEqual({ token: 'stored-token', attempt: 1, channels: [] })
  })

  test('‡ channels and proof are shown only for the session that the emulator shows', () => {
    const s = script().ready()
    s.data(100)
    s.give({ type: 'page', event: 'leave', stored: null })
    s.give({ type: 'page', event: 'return', stored: { ...STORED, id: 's2', token: 'of-another-page' } })
    s.give({ type: 'claimed', name: 'nimbus-terminal:s2' })
    expect(sent(s.connected(), 'hello')[0]?.resume).toEqual({ token: 'of-another-page', attempt: 2, channels: [] })
  })

  test('‡ after the back/forward cache a token that differs is used without the old proof, even for the same session', () => {
    const s = script().ready()
    s.give({ type: 'page', event: 'leave', stored: null })
    s.give({ type: 'page', event: 'return', stored: { ...STORED, token: 'rotated-by-another-page' } })
    s.give({ type: 'claimed', name: 'nimbus-terminal:s1' })
    const resume = sent(s.connected(), 'hello')[0]?.resume
    expect(resume?.proof).toBeUndefined()
    expect(resume).toMatchObject({ token: 'rotated-by-another-page', channels: [] })
  })

  test('after the back/forward cache the same token goes on warm', () => {
    const s = script().ready()
    s.give({ type: 'page', event: 'leave', stored: null })
    expect(s.state.phase.name).toBe('suspended')
    s.give({ type: 'page', event: 'return', stored: { ...STORED, token: 'token-1' } })
    s.give({ type: 'claimed', name: 'nimbus-terminal:s1' })
    expect(sent(s.connected(), 'hello')[0]?.resume?.proof).toBe('proof-1')
  })

  test('attempt counts every hello of the page', () => {
    const s = script().ready()
    expect(sent(s.cutAndGreet(), 'hello')[0]?.resume?.attempt).toBe(2)
    expect(sent(s.cutAndGreet(), 'hello')[0]?.resume?.attempt).toBe(3)
  })

  test('nothing is sent between hello and hello_ok: not for typing, resizing, pings or pages that hide', () => {
    const s = script().ready()
    s.cutAndGreet()
    const before = s.all.length
    s.type(3)
    s.reply(3, 1)
    s.hear({ t: 'ping', ts: 5 })
    s.give({ type: 'resize', handle: 0, size: { cols: 100, rows: 30 } })
    s.give({ type: 'signal', handle: 0, sig: 'INT' })
    s.give({ type: 'page', event: 'hidden', stored: null })
    s.give({ type: 'page', event: 'visible', stored: null })
    s.give({ type: 'page', event: 'wake', stored: null })
    s.give({ type: 'drawn', handle: 0, offset: 0 })
    expect(sent(s.all.slice(before))).toEqual([])
  })
})

describe('warm and cold (5.3, invariant 1)', () => {
  test('‡ warm: input is sent again from `received`, and kept for its report until it is acknowledged', () => {
    const s = script().ready()
    s.type(100)
    s.cutAndGreet()
    s.hear(resumption({ received: 40 }))
    const again = s.hear({ t: 'flow', id: 1, credit: 65_536, ack: 10 })
    expect(orders(again, 'send-input')).toMatchObject([{ from: 40, to: 100 }])
    expect(orders(again, 'trim')).toEqual([{ do: 'trim', handle: 0, below: 10 }])
    expect(orders(s.close(4018, 'detach_expired'), 'unsent')).toMatchObject([{ from: 10, to: 100, maybeWritten: true }])
  })

  test('‡ cold: input that is not acknowledged is reported and never sent again', () => {
    const s = script().ready()
    s.type(100)
    s.hear({ t: 'flow', id: 1, credit: 0, ack: 30 })
    s.cutAndGreet()
    const effects = s.hear(resumption({ received: 40 }, { warm: false, token: 'next' }))
    expect(orders(effects, 'unsent')).toEqual([{ do: 'unsent', handle: 0, from: 30, to: 100, maybeWritten: true }])
    expect(orders(effects, 'rebase')).toEqual([{ do: 'rebase', handle: 0, at: 40 }])
    expect(orders(s.hear({ t: 'flow', id: 1, credit: 65_536, ack: 40 }), 'send-input')).toEqual([])
  })

  test('a report tells apart what was sent and what never was', () => {
    const s = script().ready()
    s.type(70_000)
    const effects = s.close(4018, 'idle_timeout')
    expect(orders(effects, 'unsent')).toEqual([
      { do: 'unsent', handle: 0, from: 0, to: 65_536, maybeWritten: true },
      { do: 'unsent', handle: 0, from: 65_536, to: 70_000, maybeWritten: false },
    ])
  })

  test('a server that claims input which was never sent, or forgot what it acknowledged, has broken the protocol', () => {
    for (const received of [101, 9]) {
      const s = script().ready()
      s.type(100)
      s.hear({ t: 'flow', id: 1, credit: 0, ack: 10 })
      s.cutAndGreet()
      expect(codes(s.hear(resumption({ received })))).toContain('breach')
      expect(s.state.phase).toMatchObject({ name: 'ended', end: { code: CLOSE_CODE.MALFORMED_FRAME } })
      expect(s.state.session).not.toBeNull()
    }
  })

  test('‡ `warm` is what the answer says: without a proof shown it is refused, cold where warm was asked starts a new screen', () => {
    const unasked = script()
    unasked.start(STORED)
    unasked.openChannel()
    unasked.give({ type: 'claimed', name: 'nimbus-terminal:s1' })
    unasked.connected()
    expect(codes(unasked.hear(resumption({}, { token: 'x' })))).toContain('breach')

    const s = script().ready()
    s.data(100)
    s.type(5)
    s.cutAndGreet()
    const effects = s.hear(resumption({ from: 20, received: 5 }, { warm: false, token: 'x' }))
    expect(orders(effects, 'reset')).toHaveLength(1)
    expect(orders(effects, 'unsent')).toHaveLength(1)
    expect(s.channel().output.received).toBe(20)
  })

  test('warm for another session than the one that was asked for is refused', () => {
    const s = script().ready()
    s.cutAndGreet()
    expect(codes(s.hear(resumption({}, { session: 's9' })))).toContain('breach')
  })

  test('a warm client draws each byte once and keeps its credit right where bytes come twice (invariant 1)', () => {
    const s = script().ready()
    s.data(1000)
    s.drawn(1000)
    s.cutAndGreet()
    s.hear(resumption({ from: 400 }))
    const overlap = s.data(500)
    expect(orders(overlap, 'draw')).toEqual([])
    const fresh = s.data(300)
    expect(orders(fresh, 'draw')).toMatchObject([{ skip: 100, bytes: 200, end: 1200 }])
    s.drawn(1200)
    const [flow] = sent(s.wait(QUIET_MS.output), 'flow')
    expect(flow).toMatchObject({ ack: 1200, credit: 800 })
  })

  test('bytes that come twice are acknowledged even if nothing new follows (invariant 2)', () => {
    const s = script().ready()
    const much = 200 * 1024
    s.data(much)
    s.drawn(much)
    s.cutAndGreet()
    s.hear(resumption({ from: 0 }))
    expect(sent(s.data(much), 'flow')).toMatchObject([{ ack: much, credit: much }])
  })

  test('a gap is an event with its size, and counts as drawn once it was marked (5.9)', () => {
    const s = script().ready()
    s.data(100)
    s.drawn(100)
    s.cutAndGreet()
    const effects = s.hear(resumption({ from: 150 }))
    expect(orders(effects, 'gap')).toEqual([{ do: 'gap', handle: 0, bytes: 50, end: 150 }])
    expect(s.state.resumed).toMatchObject({ missing: 50, warm: true })
    s.drawn(150)
    expect(sent(s.wait(QUIET_MS.output), 'flow')).toMatchObject([{ ack: 150 }])
  })

  test('a channel in the answer that was never seen opened counts as its open_ok (5.1)', () => {
    const s = script()
    s.start()
    s.openChannel()
    s.give({ type: 'token', answer: GRANTED, takeOver: false })
    s.connected()
    s.hear(greeting())
    s.cutAndGreet()
    const effects = s.hear(resumption())
    expect(orders(effects, 'channel-ready')).toEqual([{ do: 'channel-ready', handle: 0, resumed: false }])
    expect(sent(effects, 'open')).toEqual([])
    expect(s.channel().phase).toBe('open')
  })

  test('an answer without channels makes the client open', () => {
    const s = script()
    s.start(STORED)
    s.openChannel()
    s.give({ type: 'claimed', name: 'nimbus-terminal:s1' })
    s.connected()
    const effects = s.hear(resumption(null, { warm: false, token: 'x', nextChannel: 5 }))
    expect(sent(effects, 'open')).toMatchObject([{ id: 5 }])
  })

  test('a shell that a warm answer does not show is over, and with the last one the connection', () => {
    const s = script().ready()
    s.cutAndGreet()
    s.hear(resumption(null))
    expect(s.state.phase).toMatchObject({ name: 'ended', end: { reason: 'unknown' } })
    expect([...s.timers]).toEqual([])
  })

  test('a page that shows a session knows its terminals by number when the answer is cold', () => {
    const s = script().ready()
    s.openChannel(1)
    s.hear({ t: 'open_ok', id: 2 })
    s.cutAndGreet()
    s.hear(resumption({ id: 2, from: 30 }, { warm: false, token: 'x' }))
    expect(s.channel(0).phase).toBe('closed')
    expect(s.channel(1)).toMatchObject({ phase: 'open', id: 2, output: { received: 30 } })
  })

  test('a reset says the size of the program and where its replay ends', () => {
    const s = script()
    s.start(STORED)
    s.openChannel()
    s.give({ type: 'claimed', name: 'nimbus-terminal:s1' })
    s.connected()
    const size = { cols: 120, rows: 40 }
    const effects = s.hear(resumption({ from: 10, produced: 500, size }, { warm: false, token: 'x' }))
    expect(orders(effects, 'reset')).toEqual([{ do: 'reset', handle: 0, size, until: 500 }])
    s.close(1006)
    s.give({ type: 'page', event: 'leave', stored: null })
    s.give({ type: 'page', event: 'return', stored: { ...STORED, token: 'y' } })
    s.give({ type: 'claimed', name: 'nimbus-terminal:s1' })
    s.connected()
    const nothing = s.hear(resumption({ from: 500, produced: 500, size }, { warm: false, token: 'z' }))
    expect(orders(nothing, 'reset')).toEqual([{ do: 'reset', handle: 0 }])
  })

  test.each([500, 900])('a reset says the modes in which it begins, with a replay or without (produced %i)', (produced) => {
    const s = script()
    s.start(STORED)
    s.openChannel()
    s.give({ type: 'claimed', name: 'nimbus-terminal:s1' })
    s.connected()
    const effects = s.hear(resumption({ from: 500, produced, modes: '\u001b[?1049h' }, { warm: false, token: 'x' }))
    const until = produced > 500 ? { until: produced } : {}
    expect(orders(effects, 'reset')).toEqual([{ do: 'reset', handle: 0, modes: '\u001b[?1049h', ...until }])
  })
})

describe('acknowledging output (4, invariant 2)', () => {
  test('‡ what is drawn is acknowledged 250 ms after the first byte at the latest', () => {
    const s = script().ready()
    s.data(10)
    expect(sent(s.drawn(4), 'flow')).toEqual([])
    s.wait(QUIET_MS.output - 50)
    s.drawn(10)
    const effects = s.wait(50)
    expect(sent(effects, 'flow')).toEqual([{ t: 'flow', id: 1, credit: 10, ack: 10 }])
    expect(sent(s.wait(1000), 'flow')).toEqual([])
  })

  test('nothing is acknowledged before it was drawn', () => {
    const s = script().ready()
    s.data(1000)
    expect(sent(s.wait(10_000), 'flow')).toEqual([])
  })

  test('half a window that was drawn is granted at once', () => {
    const s = script().ready()
    const half = OUTPUT_WINDOW.initial / 2
    s.data(half)
    expect(sent(s.drawn(half), 'flow')).toMatchObject([{ ack: half, credit: half }])
  })

  test('a window that grows is granted at once, not when half of its new size was drawn (invariant 2)', () => {
    const s = script({ hidden: 'trickle' }).ready()
    s.give({ type: 'page', event: 'hidden', stored: null })
    s.data(OUTPUT_WINDOW.initial)
    s.drawn(OUTPUT_WINDOW.initial)
    s.data(60_000)
    s.state = { ...s.state, page: { ...s.state.page, hidden: false } }
    expect(sent(s.drawn(OUTPUT_WINDOW.initial + 60_000), 'flow')).toHaveLength(1)
  })

  test('offsets that are late, double or no numbers change nothing', () => {
    const s = script().ready()
    s.data(100)
    s.drawn(100)
    const before = s.state
    for (const offset of [100, 50, -1, Number.NaN]) s.drawn(offset)
    expect(s.state).toEqual(before)
    s.drawn(Infinity)
    expect(s.channel().output.drawn).toBe(100)
  })

  test('more output than was granted is 4007, and the session stays', () => {
    const s = script().ready()
    s.data(OUTPUT_WINDOW.initial)
    s.data(1)
    expect(s.state.phase).toMatchObject({ name: 'ended', end: { code: CLOSE_CODE.FLOW_VIOLATION } })
    expect(s.state.session).not.toBeNull()
  })

  test('an acknowledgement of what was never sent is 4007', () => {
    const s = script().ready()
    s.hear({ t: 'flow', id: 1, credit: 0, ack: 1 })
    expect(s.state.phase).toMatchObject({ name: 'ended', end: { code: CLOSE_CODE.FLOW_VIOLATION } })
  })

  test('a hidden page says hold, grants nothing and goes on acknowledging; shown again it fills the window at once', () => {
    const s = script().ready()
    s.data(200_000)
    expect(sent(s.give({ type: 'page', event: 'hidden', stored: null }), 'flow')).toMatchObject([{ credit: 0, hold: 1 }])
    expect(sent(s.drawn(200_000), 'flow')).toMatchObject([{ credit: 0, ack: 200_000, hold: 1 }])
    const [flow] = sent(s.give({ type: 'page', event: 'visible', stored: null }), 'flow')
    expect(flow).toEqual({ t: 'flow', id: 1, credit: 200_000, ack: 200_000 })
  })

  test('a hidden page that shall trickle grants 64 KiB windows, one that shall continue grants as ever', () => {
    for (const [hidden, credit] of [
      ['trickle', 0],
      ['continue', 200_000],
    ] as const) {
      const s = script({ hidden }).ready()
      s.give({ type: 'page', event: 'hidden', stored: null })
      s.data(200_000)
      const flows = sent(s.drawn(200_000), 'flow')
      expect(flows).toMatchObject([{ ack: 200_000, credit: credit === 0 ? 65_536 - (OUTPUT_WINDOW.initial - 200_000) : credit }])
      expect(flows[0]?.hold).toBeUndefined()
    }
  })

  test('a socket with 8 MiB in it grants and sends nothing until it is below 2 MiB', () => {
    const s = script().ready()
    const buffered = (bytes: number): readonly Effect[] => s.give({ type: 'buffered', epoch: s.state.epoch, bytes })
    s.data(200_000)
    buffered(8 * 1024 * 1024 + 1)
    expect(s.timers.has('drain')).toBe(true)
    expect(sent(s.drawn(200_000), 'flow')).toMatchObject([{ credit: 0 }])
    expect(orders(s.type(5), 'send-input')).toEqual([])
    buffered(2 * 1024 * 1024)
    expect(s.state.transport).toBe(true)
    const effects = buffered(2 * 1024 * 1024 - 1)
    expect(sent(effects, 'flow')).toMatchObject([{ credit: 200_000 }])
    expect(orders(effects, 'send-input')).toMatchObject([{ from: 0, to: 5 }])
  })
})

describe('held keys (5.7, invariant 6)', () => {
  function away(): ClientScript {
    const s = script({ reconnect: { baseMs: 300, capMs: 30_000, tries: 100, lastingMs: 10_000 } }).ready()
    s.close(1006)
    return s
  }

  test('what is typed while the connection is away goes into the same session when it is back', () => {
    const s = away()
    expect(orders(s.type(3), 'enqueue')).toHaveLength(1)
    s.greetAgain()
    s.hear(resumption())
    expect(orders(s.hear({ t: 'flow', id: 1, credit: 100, ack: 0 }), 'send-input')).toMatchObject([{ from: 0, to: 3 }])
  })

  test('‡ a key above 4 KiB refuses all that is held, and typing stays refused until ready and a second without a key', () => {
    const s = away()
    s.type(HELD_INPUT.bytes)
    const effects = s.type(1)
    expect(orders(effects, 'unsent')).toEqual([{ do: 'unsent', handle: 0, from: 0, to: HELD_INPUT.bytes, maybeWritten: false }])
    expect(orders(effects, 'enqueue')).toEqual([])
    expect(orders(s.type(1), 'enqueue')).toEqual([])
    s.greetAgain()
    s.hear(resumption())
    s.wait(HELD_INPUT.calmMs - 1)
    expect(orders(s.type(1), 'enqueue')).toEqual([])
    s.wait(HELD_INPUT.calmMs - 1)
    expect(orders(s.type(1), 'enqueue')).toEqual([])
    s.wait(HELD_INPUT.calmMs)
    expect(orders(s.type(1), 'enqueue')).toHaveLength(1)
  })

  test('‡ ten seconds after the first key all that is held is refused, however many keys follow', () => {
    const s = script().ready()
    s.close(4015)
    s.chance = 0.999
    s.type(1)
    s.wait(5000)
    s.type(1)
    s.wait(4999)
    expect(orders(s.all, 'unsent')).toEqual([])
    s.wait(1)
    expect(orders(s.all, 'unsent')).toMatchObject([{ from: 0, to: 2, maybeWritten: false }])
    expect(orders(s.type(1), 'enqueue')).toEqual([])
  })

  test('the ten seconds count from the first key of any terminal', () => {
    const s = script().ready()
    s.openChannel(1)
    s.hear({ t: 'open_ok', id: 2 })
    s.close(1006)
    s.type(1, 0)
    s.wait(6000)
    s.type(1, 1)
    s.wait(4000)
    expect(orders(s.all, 'unsent')).toHaveLength(2)
  })

  test('keys for a terminal that was still opening are refused in time when its socket is lost', () => {
    const s = script()
    s.start()
    s.openChannel()
    s.give({ type: 'token', answer: GRANTED, takeOver: false })
    s.connected()
    s.hear(greeting())
    s.type(1)
    s.wait(12_000)
    expect(orders(s.all, 'unsent')).toEqual([])
    s.close(1006)
    s.wait(0)
    expect(orders(s.all, 'unsent')).toHaveLength(1)
  })

  test('held keys never reach another program: not after a take-over, not behind a server that forgot its sessions', () => {
    const plain = away()
    plain.type(4)
    plain.greetAgain()
    expect(orders(plain.hear(plainGreeting), 'unsent')).toMatchObject([{ from: 0, to: 4, maybeWritten: false }])

    const taken = script()
    taken.start()
    taken.openChannel()
    taken.give({ type: 'token', answer: BUSY_DETACHED, takeOver: false })
    taken.type(4)
    taken.give({ type: 'token', answer: GRANTED, takeOver: true })
    taken.connected()
    const effects = taken.hear(resumption({ received: 9 }, { warm: false, token: 'x' }))
    expect(orders(effects, 'unsent')).toMatchObject([{ from: 0, to: 4, maybeWritten: false }])
    expect(taken.channel().input).toMatchObject({ typed: 9, heldFrom: null })
  })

  test('keys that are typed before the first shell is there are for that shell', () => {
    const s = script()
    s.start()
    s.openChannel()
    s.type(2)
    s.give({ type: 'token', answer: GRANTED, takeOver: false })
    s.connected()
    s.hear(greeting())
    s.hear({ t: 'open_ok', id: 1 })
    expect(orders(s.hear({ t: 'flow', id: 1, credit: 10, ack: 0 }), 'send-input')).toMatchObject([{ from: 0, to: 2 }])
  })

  test('keys that are held when a reload resumes go on at the offset of the session', () => {
    const s = script()
    s.start(STORED)
    s.openChannel()
    s.type(2)
    s.give({ type: 'claimed', name: 'nimbus-terminal:s1' })
    s.connected()
    s.hear(resumption({ received: 500 }, { warm: false, token: 'x' }))
    expect(orders(s.hear({ t: 'flow', id: 1, credit: 10, ack: 500 }), 'send-input')).toMatchObject([{ from: 500, to: 502 }])
  })

  test('a paste that was accepted before goes on while keys are refused', () => {
    const s = away()
    s.type(HELD_INPUT.bytes)
    s.type(1)
    s.greetAgain()
    s.hear(resumption())
    expect(orders(s.give({ type: 'typed', handle: 0, bytes: 100, paste: true }), 'enqueue')).toHaveLength(1)
    expect(orders(s.type(1), 'enqueue')).toEqual([])
  })

  test('after an end nothing is taken', () => {
    const s = script().ready()
    s.close(4018, 'idle_timeout')
    expect(orders(s.type(1), 'enqueue')).toEqual([])
  })
})

const BUSY_DETACHED = { ok: false, code: 'allocation_busy', state: 'detached', canTakeOver: true } as const
const BUSY_ATTACHED = { ...BUSY_DETACHED, state: 'attached' } as const

describe('an allocation that is busy (1.1, 5.4)', () => {
  test('‡ a detached session is taken over without asking, once', () => {
    const s = script()
    s.start()
    s.openChannel()
    expect(orders(s.give({ type: 'token', answer: BUSY_DETACHED, takeOver: false }), 'request-token')).toEqual([
      { do: 'request-token', takeOver: true },
    ])
    s.give({ type: 'token', answer: BUSY_DETACHED, takeOver: true })
    expect(s.state.phase).toMatchObject({ name: 'elsewhere', how: 'busy' })
  })

  test('an attached one is offered; the person takes over with a new screen', () => {
    const s = script()
    s.start()
    s.openChannel()
    s.give({ type: 'token', answer: BUSY_ATTACHED, takeOver: false })
    expect(s.state.phase).toMatchObject({ name: 'elsewhere', how: 'busy', canTakeOver: true })
    s.give({ type: 'take-over' })
    s.give({ type: 'token', answer: GRANTED, takeOver: true })
    expect(sent(s.connected(), 'hello')[0]).toMatchObject({
      auth: { scheme: 'bearer', token: 'one-time' },
      resume: { takeOver: 1, channels: [] },
    })
    const effects = s.hear(resumption({ from: 10, received: 3 }, { warm: false, token: 'x' }))
    expect(orders(effects, 'reset')).toHaveLength(1)
    expect(orders(effects, 'claim')).toHaveLength(1)
  })

  test('a tab that is not the owner of its stored token says so and forgets nothing', () => {
    const s = script()
    s.start(STORED)
    expect(orders(s.all, 'claim')).toEqual([{ do: 'claim', name: 'nimbus-terminal:s1', timeoutMs: 2000 }])
    const effects = s.give({ type: 'claim-denied', name: 'nimbus-terminal:s1' })
    expect(s.state.phase).toMatchObject({ name: 'elsewhere', how: 'tab' })
    expect(orders(effects, 'forget')).toEqual([])
  })

  test('whoever is superseded forgets, lets go of the tab lock and does not try again', () => {
    const s = script().ready()
    const effects = s.close(4016, 'superseded')
    expect(s.state.phase).toMatchObject({ name: 'elsewhere', how: 'superseded' })
    expect(orders(effects, 'forget')).toHaveLength(1)
    expect(orders(effects, 'release')).toHaveLength(1)
    expect([...s.timers.keys()]).toEqual([])
  })
})

describe('after a resume (5.8)', () => {
  test('‡ the size is sent again', () => {
    const s = script().ready()
    s.close(1006)
    s.give({ type: 'resize', handle: 0, size: { cols: 101, rows: 31 } })
    s.greetAgain()
    expect(sent(s.hear(resumption()), 'resize')).toEqual([{ t: 'resize', id: 1, cols: 101, rows: 31 }])
  })

  test('‡ the size is sent again even if it did not change: the one before may have died with its socket', () => {
    const s = script().ready()
    s.give({ type: 'resize', handle: 0, size: { cols: 90, rows: 20 } })
    s.cutAndGreet()
    expect(sent(s.hear(resumption()), 'resize')).toEqual([{ t: 'resize', id: 1, cols: 90, rows: 20 }])
  })

  test('only a change of size is sent, and none that is no size', () => {
    const s = script().ready()
    expect(sent(s.give({ type: 'resize', handle: 0, size: { cols: 80, rows: 24 } }))).toEqual([])
    expect(sent(s.give({ type: 'resize', handle: 0, size: { cols: 81, rows: 24 } }), 'resize')).toHaveLength(1)
    for (const cols of [0, 1001, 2.5, Number.NaN, Infinity])
      expect(sent(s.give({ type: 'resize', handle: 0, size: { cols, rows: 24 } }))).toEqual([])
  })

  test('the window is filled at once', () => {
    const s = script().ready()
    s.cutAndGreet()
    expect(sent(s.hear(resumption()), 'flow')).toEqual([{ t: 'flow', id: 1, credit: OUTPUT_WINDOW.initial, ack: 0 }])
  })
})

describe('exits (5.8)', () => {
  function exited(): ClientScript {
    const s = script().ready()
    s.openChannel(1)
    s.hear({ t: 'open_ok', id: 2 })
    s.data(100)
    s.drawn(40)
    s.hear({ t: 'exit', id: 1, code: 3, at: 100 })
    return s
  }

  test('‡ close is sent and the exit is told once byte `at` was drawn, not before', () => {
    const s = exited()
    expect(sent(s.drawn(99), 'close')).toEqual([])
    const effects = s.drawn(100)
    expect(sent(effects, 'close')).toEqual([{ t: 'close', id: 1 }])
    expect(orders(effects, 'channel-closed')).toEqual([
      { do: 'channel-closed', handle: 0, end: { reason: 'shell_exit', code: 1000, exit: { code: 3, sig: undefined } } },
    ])
  })

  test('‡ close is sent again when a resume shows the channel again', () => {
    const s = exited()
    s.drawn(100)
    s.cutAndGreet()
    const two = { id: 2, from: 0, received: 0, answered: 0 }
    const one = { id: 1, from: 100, received: 0, answered: 0 }
    const effects = s.hear(resumption(null, { channels: [one, two] }))
    expect(sent(effects, 'close')).toEqual([{ t: 'close', id: 1 }])
    expect(orders(effects, 'channel-closed')).toEqual([])
  })

  test('an exit that the server repeats is told once', () => {
    const s = exited()
    s.cutAndGreet()
    const channels = [1, 2].map((id) => ({ id, from: id === 1 ? 100 : 0, received: 0, answered: 0 }))
    s.hear(resumption(null, { channels }))
    s.hear({ t: 'exit', id: 1, code: 3, at: 100 })
    s.drawn(100)
    s.hear({ t: 'exit', id: 1, code: 3, at: 100 })
    expect(orders(s.all, 'channel-closed')).toHaveLength(1)
  })

  test('with the last channel the connection ends, says goodbye and forgets its session', () => {
    const s = script().ready()
    s.hear({ t: 'exit', id: 1, code: 0, at: 0 })
    expect(s.state.phase).toMatchObject({ name: 'ended', end: { reason: 'shell_exit', exit: { code: 0 } } })
    expect(sent(s.all, 'close')).toEqual([
      { t: 'close', id: 1 },
      { t: 'close', id: 0, reason: 'shell_exit' },
    ])
    expect(orders(s.all, 'forget')).toHaveLength(1)
  })

  test('an exit below what was received is a breach', () => {
    const s = script().ready()
    s.data(10)
    expect(codes(s.hear({ t: 'exit', id: 1, at: 9 }))).toContain('breach')
  })

  test('a program whose exit and last byte are here needs no connection any more', () => {
    const s = script().ready()
    s.data(10)
    s.hear({ t: 'exit', id: 1, code: 7, at: 10 })
    s.close(1006)
    expect(s.state.phase.name).toBe('waiting')
    s.drawn(10)
    expect(s.state.phase).toMatchObject({ name: 'ended', end: { reason: 'shell_exit', exit: { code: 7 } } })
  })
})

describe('signals and deadlines', () => {
  test('a signal asks for the pong that confirms it, and is reported if the socket dies before', () => {
    const s = script().ready()
    s.hear({ t: 'pong', ts: Math.floor(s.now) })
    const effects = s.give({ type: 'signal', handle: 0, sig: 'INT' })
    expect(sent(effects).map(({ t }) => t)).toEqual(['signal', 'ping'])
    expect(codes(s.close(1006))).toContain('signal-unconfirmed')
  })

  test('a signal is sent at most once: not again after a resume, and not at all while away', () => {
    const s = script().ready()
    s.give({ type: 'signal', handle: 0, sig: 'INT' })
    s.cutAndGreet()
    s.give({ type: 'signal', handle: 0, sig: 'INT' })
    s.hear(resumption())
    expect(sent(s.all, 'signal')).toHaveLength(1)
  })

  test('a confirmed signal is not reported', () => {
    const s = script().ready()
    s.give({ type: 'signal', handle: 0, sig: 'INT' })
    s.hear({ t: 'pong', ts: Math.floor(s.now) })
    expect(codes(s.close(1006))).not.toContain('signal-unconfirmed')
  })

  test.each([
    ['connecting', 10_000],
    ['greeting', 5000],
    ['authorizing', 10_000],
  ] as const)('%s waits %i ms at most', (phase, ms) => {
    const s = script()
    s.start()
    s.openChannel()
    if (phase !== 'authorizing') s.give({ type: 'token', answer: GRANTED, takeOver: false })
    if (phase === 'greeting') s.connected()
    expect(s.state.phase.name).toBe(phase)
    s.wait(ms - 1)
    expect(s.state.phase.name).toBe(phase)
    s.wait(1)
    expect(s.state.phase.name).toBe('waiting')
  })

  test('an open waits 15 s at most, and one that was refused no longer counts', () => {
    const s = script()
    s.start()
    s.openChannel()
    s.openChannel(1)
    s.give({ type: 'token', answer: GRANTED, takeOver: false })
    s.connected()
    s.hear(greeting())
    s.hear({ t: 'open_ok', id: 1 })
    s.hear({ t: 'open_err', id: 2, code: 4005, msg: '' })
    expect(s.channel(1).phase).toBe('closed')
    s.wait(15_000)
    expect(s.state.phase.name).toBe('ready')
    s.openChannel(2)
    s.hear({ t: 'pong', ts: 0 })
    s.wait(14_999)
    expect(s.state.phase.name).toBe('ready')
    s.wait(1)
    expect(s.state.phase.name).not.toBe('ready')
  })

  test('a close of the whole connection is followed by the end of the socket within 3 s, and its reason is kept', () => {
    const s = script().ready()
    s.hear({ t: 'close', id: 0, reason: 'idle_timeout', afterMs: 5 })
    s.close(4018, '')
    expect(s.state.phase).toMatchObject({ name: 'ended', end: { reason: 'idle_timeout', code: 4018, afterMs: 5 } })

    const silent = script().ready()
    silent.hear({ t: 'close', id: 0, retryMs: 7000 })
    silent.wait(3000)
    expect(silent.state.phase).toMatchObject({ name: 'waiting', retryAt: silent.now + 7000, busy: true })
  })
})

describe('the emulator’s own answers (5.6, invariant 9)', () => {
  test('an answer is told before its bytes are sent', () => {
    const s = script().ready()
    s.data(50)
    const effects = s.reply(6, 50)
    expect(sent(effects, 'reply')).toEqual([{ t: 'reply', id: 1, at: 50, input: 6 }])
    expect(indexOf(effects, isSent('reply'))).toBeLessThan(indexOf(effects, (effect) => effect.do === 'send-input'))
  })

  test('answers to output below `answered` are dropped, and such output is drawn as answered', () => {
    const s = script()
    s.start(STORED)
    s.openChannel()
    s.give({ type: 'claimed', name: 'nimbus-terminal:s1' })
    s.connected()
    s.hear(resumption({ from: 0, answered: 60 }, { warm: false, token: 'x' }))
    expect(orders(s.data(100), 'draw')).toMatchObject([
      { skip: 0, bytes: 60, end: 60, answered: true },
      { skip: 60, bytes: 40, end: 100, answered: false },
    ])
    expect(codes(s.reply(3, 60))).toContain('reply-dropped')
    expect(sent(s.reply(3, 61), 'reply')).toHaveLength(1)
  })

  test('a hundred a second, and the budget comes back', () => {
    const s = script().ready()
    s.data(1)
    for (let i = 0; i < 100; i++) s.reply(1, 1)
    expect(sent(s.all, 'reply')).toHaveLength(100)
    expect(codes(s.reply(1, 1))).toContain('reply-dropped')
    s.wait(10)
    expect(sent(s.reply(1, 1), 'reply')).toHaveLength(1)
  })

  test('made while away they wait, follow the held keys, and are told with their own offsets', () => {
    const s = script().ready()
    s.data(50)
    s.close(1006)
    s.type(2)
    expect(orders(s.reply(6, 50), 'defer-reply')).toHaveLength(1)
    s.type(3)
    s.greetAgain()
    const effects = s.hear(resumption({ from: 50 }))
    expect(orders(effects, 'adopt-reply')).toHaveLength(1)
    expect(sent(effects, 'reply')).toEqual([{ t: 'reply', id: 1, at: 50, input: 11 }])
    expect(s.channel().input.typed).toBe(11)
  })

  test('those that the session did not take are told again after a warm resume, those it took are not', () => {
    const s = script().ready()
    s.data(50)
    s.reply(6, 20)
    s.reply(6, 50)
    s.cutAndGreet()
    expect(sent(s.hear(resumption({ from: 50, received: 6 })), 'reply')).toEqual([{ t: 'reply', id: 1, at: 50, input: 12 }])
  })

  test('a cold answer drops what waited: the program may have been answered by another page', () => {
    const s = script().ready()
    s.data(50)
    s.close(1006)
    s.reply(6, 50)
    s.greetAgain()
    const effects = s.hear(resumption({}, { warm: false, token: 'x' }))
    expect(orders(effects, 'drop-deferred')).toHaveLength(1)
    expect(sent(effects, 'reply')).toEqual([])
  })

  test('answers to a program that does not read are bounded (invariant 3)', () => {
    const s = script().ready()
    s.data(1)
    for (let i = 0; i < 1000; i++) {
      s.wait(20)
      s.hear({ t: 'pong', ts: 0 })
      s.reply(1000, 1)
    }
    expect(s.channel().input.typed - s.channel().input.acked).toBeLessThanOrEqual(256 * 1024)
  })
})

describe('the heartbeat (6)', () => {
  /** Milliseconds until the socket is given up, hearing whatever `heard` says. */
  function deadAfter(s: ClientScript, most: number, every?: { readonly ms: number; readonly do: () => void }): number {
    const from = s.now
    while (s.state.phase.name === 'ready' && s.now - from < most) {
      s.wait(every?.ms ?? 100)
      every?.do()
    }
    return s.now - from
  }

  function idle(): ClientScript {
    const s = script().ready()
    s.hear({ t: 'pong', ts: Math.floor(s.now) })
    return s
  }

  test('silence: pings at 20, 40 and 60 s, dead at 65 s', () => {
    const s = idle()
    const pings: number[] = []
    const from = s.now
    const before = s.all.length
    for (let i = 0; i < 649; i++) if (sent(s.wait(100), 'ping').length > 0) pings.push(s.now - from)
    expect(pings).toEqual([20_000, 40_000, 60_000])
    expect(s.state.phase.name).toBe('ready')
    s.wait(100)
    expect(s.state.phase.name).not.toBe('ready')
    expect(sent(s.all.slice(before), 'ping')).toHaveLength(3)
  })

  test('any frame counts as life', () => {
    const s = idle()
    for (let i = 0; i < 5; i++) {
      s.wait(19_000)
      s.data(1)
    }
    expect(s.state.phase.name).toBe('ready')
  })

  test('two minutes without a pong end it although frames arrive', () => {
    const s = idle()
    expect(deadAfter(s, 200_000, { ms: 1000, do: () => s.state.phase.name === 'ready' && s.data(1) })).toBe(120_000)
  })

  test('with input unacknowledged a dead link is noticed within 10 s', () => {
    const s = idle()
    s.wait(1000)
    s.type(1)
    expect(deadAfter(s, 60_000)).toBeLessThanOrEqual(10_000)
  })

  test('after a long silence the first key finds a dead link within 10 s too', () => {
    const s = idle()
    s.wait(19_000)
    s.type(1)
    expect(deadAfter(s, 60_000)).toBeLessThanOrEqual(10_000)
  })

  test('a program that does not read is no dead link', () => {
    const s = idle()
    s.type(1)
    for (let i = 0; i < 100; i++) for (const { ts } of sent(s.wait(1000), 'ping')) s.hear({ t: 'pong', ts })
    expect(s.state.phase.name).toBe('ready')
  })

  test.each(['visible', 'online', 'wake'] as const)('%s probes at once and gives up after 3 s', (event) => {
    const s = idle()
    if (event === 'visible') s.give({ type: 'page', event: 'hidden', stored: null })
    if (event === 'online') s.give({ type: 'page', event: 'offline', stored: null })
    s.wait(5000)
    expect(sent(s.give({ type: 'page', event, stored: null }), 'ping')).toHaveLength(1)
    s.wait(HEARTBEAT.probeMs - 1)
    expect(s.state.phase.name).toBe('ready')
    s.wait(1)
    expect(s.state.phase.name).not.toBe('ready')
  })

  test('a probe that is answered changes nothing', () => {
    const s = idle()
    for (const { ts } of sent(s.give({ type: 'page', event: 'wake', stored: null }), 'ping')) s.hear({ t: 'pong', ts })
    s.wait(10_000)
    expect(s.state.phase.name).toBe('ready')
  })

  test('the server’s ping is answered with its own number, whatever it is', () => {
    const s = idle()
    expect(sent(s.hear({ t: 'ping', ts: 2 ** 53 - 1 }), 'pong')).toEqual([{ t: 'pong', ts: 2 ** 53 - 1 }])
  })

  test('only the answer to the last ping measures the round trip', () => {
    const s = script().ready()
    s.wait(40)
    s.hear({ t: 'pong', ts: 1 })
    expect(s.state.liveness?.roundTripMs).toBeNull()
    s.hear({ t: 'pong', ts: 1000 })
    expect(s.state.liveness?.roundTripMs).toBe(40)
  })
})

describe('coming back (6)', () => {
  const policy = { baseMs: 300, capMs: 30_000, tries: 10, lastingMs: 10_000 }

  test('a connection that had lasted 10 s comes back at once', () => {
    const s = script().ready()
    s.wait(10_000)
    s.close(1006)
    expect(s.state.phase).toMatchObject({ name: 'waiting', retryAt: s.now })
  })

  test('one that had not lasted waits, up to 2.4 s however often', () => {
    const s = script().ready()
    s.chance = 0.999_999
    for (let i = 0; i < 20; i++) {
      s.close(1006)
      const { phase } = s.state
      const wait = phase.name === 'waiting' ? phase.retryAt - s.now : Number.NaN
      expect(wait).toBeGreaterThan(0)
      expect(wait).toBeLessThan(2400)
      s.greetAgain()
      s.hear(resumption())
    }
  })

  test('ten tries in a row that do not become ready end it, and the token and what was typed stay for a retry', () => {
    const s = script().ready()
    s.type(5)
    s.close(1006)
    let tries = 0
    while (s.state.phase.name === 'waiting') {
      s.wait((s.timers.get('retry') ?? 0) - s.now)
      tries++
      s.close(1006)
    }
    expect(tries).toBe(policy.tries)
    expect(s.state.phase).toMatchObject({ name: 'ended', end: { reason: 'browser_disconnected' } })
    expect(orders(s.all, 'forget')).toEqual([])
    expect(orders(s.all, 'unsent')).toEqual([])
    s.give({ type: 'retry' })
    s.connected()
    s.hear(resumption())
    expect(orders(s.hear({ t: 'flow', id: 1, credit: 10, ack: 0 }), 'send-input')).toMatchObject([{ from: 0, to: 5 }])
  })

  test('the wait that the server asks for is honoured, and a wake-up does not cut it short', () => {
    const s = script().ready()
    s.wait(20_000)
    s.hear({ t: 'close', id: 0, retryMs: 9000 })
    s.close(4010)
    expect(s.state.phase).toMatchObject({ name: 'waiting', retryAt: s.now + 9000, busy: true })
    s.give({ type: 'page', event: 'wake', stored: null })
    expect(s.state.phase.name).toBe('waiting')
  })

  test('offline waits for online and then tries at once', () => {
    const s = script().ready()
    s.give({ type: 'page', event: 'offline', stored: null })
    s.close(1006)
    expect(s.state.phase.name).toBe('offline')
    expect(s.timers.has('retry')).toBe(false)
    s.wait(3_600_000)
    expect(s.state.phase.name).toBe('offline')
    s.give({ type: 'page', event: 'online', stored: null })
    expect(s.state.phase.name).toBe('connecting')
  })

  test('a person can try at once although the page says offline, and online still helps after that', () => {
    const s = script().ready()
    s.give({ type: 'page', event: 'offline', stored: null })
    s.close(1006)
    s.give({ type: 'retry' })
    expect(s.state.phase.name).toBe('connecting')
    s.close(1006)
    expect(s.state.phase.name).toBe('waiting')
    s.give({ type: 'page', event: 'online', stored: null })
    expect(s.state.phase.name).toBe('connecting')
  })

  test('restart forgets, reports what was not written and asks for a new session', () => {
    const s = script().ready()
    s.type(5)
    s.close(4008)
    expect(s.state.phase.name).toBe('ended')
    const effects = s.give({ type: 'restart' })
    expect(orders(effects, 'unsent')).toMatchObject([{ from: 0, to: 5 }])
    expect(orders(effects, 'forget')).toHaveLength(1)
    expect(orders(effects, 'request-token')).toEqual([{ do: 'request-token', takeOver: false }])
    s.give({ type: 'token', answer: GRANTED, takeOver: false })
    s.connected()
    const started = s.hear(greeting({ session: { id: 's2', token: 't2', ttlMs: 180_000 } }))
    expect(orders(started, 'reset')).toHaveLength(1)
    expect(sent(started, 'open')).toMatchObject([{ id: 1 }])
  })

  test('frames of a socket that was given up change nothing at all (invariant 4)', () => {
    const s = script().ready()
    const { epoch } = s.state
    s.close(1006)
    const before = s.state
    expect(s.give({ type: 'data', epoch, channel: 1, stream: 1, bytes: 5 })).toEqual([])
    expect(s.give({ type: 'message', epoch, message: { t: 'exit', id: 1, at: 0 } })).toEqual([])
    expect(s.give({ type: 'socket-closed', epoch, code: 4018, reason: '' })).toEqual([])
    expect(s.state).toBe(before)
  })
})

describe('plain peers', () => {
  test('input goes out without credit, and is not kept', () => {
    const s = script().ready(plainGreeting)
    const effects = s.type(5)
    expect(orders(effects, 'send-input')).toMatchObject([{ from: 0, to: 5 }])
    expect(orders(effects, 'trim')).toEqual([{ do: 'trim', handle: 0, below: 5 }])
    for (let i = 0; i < 1000; i++) expect(orders(s.type(1000), 'send-input')).toHaveLength(1)
  })

  test('grants carry no ack and no hold', () => {
    const s = script().ready(plainGreeting)
    s.data(200_000)
    expect(sent(s.drawn(200_000), 'flow')).toEqual([{ t: 'flow', id: 1, credit: 200_000 }])
    expect(sent(s.give({ type: 'page', event: 'hidden', stored: null }), 'flow')).toEqual([{ t: 'flow', id: 1, credit: 0 }])
    expect(sent(s.all, 'reply')).toEqual([])
  })

  test('a client without resume offers none, and asks for none', () => {
    const s = script({ resume: false }).ready(plainGreeting)
    expect(sent(s.all, 'hello')[0]?.caps.resume).toBeUndefined()
    expect(orders(s.all, 'store')).toEqual([])
  })

  test('exit, close and the end of the socket in one breath tell the exit', () => {
    for (const code of [1000, 1005, 1006]) {
      const s = script().ready(plainGreeting)
      s.data(10)
      s.hear({ t: 'exit', id: 1, code: 3, at: 10 })
      s.hear({ t: 'close', id: 1 })
      s.close(code)
      expect(s.state.phase).toMatchObject({ name: 'ended', end: { reason: 'shell_exit', exit: { code: 3 } } })
    }
  })

  test('the end of the socket ends the session: a new one starts only when somebody asks', () => {
    const s = script().ready(plainGreeting)
    s.close(1006)
    expect(s.state.phase).toMatchObject({ name: 'ended', end: { reason: 'browser_disconnected', code: 1006 } })
    s.give({ type: 'retry' })
    expect(s.state.phase.name).toBe('authorizing')
  })

  test('a server that stopped keeping sessions starts a new one, and the stored token goes', () => {
    const s = script().ready()
    s.cutAndGreet()
    const effects = s.hear(plainGreeting)
    expect(orders(effects, 'forget')).toHaveLength(1)
    expect(orders(effects, 'reset')).toHaveLength(1)
    expect(s.state.session).toBeNull()
  })
})

describe('what a person asks for', () => {
  test('a retry while all seems well asks whether the server is there, and believes no browser that says offline', () => {
    const s = script().ready()
    s.give({ type: 'page', event: 'offline', stored: null })
    const effects = s.give({ type: 'retry' })
    expect(sent(effects).map(({ t }) => t)).toContain('ping')
    expect(s.state.page.offline).toBe(false)
    expect(s.state.phase.name).toBe('ready')
  })

  test('a disconnect closes every terminal of the connection', () => {
    const s = script().ready()
    s.openChannel(1)
    const closed = orders(s.give({ type: 'disconnect' }), 'channel-closed')
    expect(closed.map(({ handle, end }) => [handle, end.reason])).toEqual([
      [0, 'user_closed'],
      [1, 'user_closed'],
    ])
  })
})

describe('breaches of the server (invariant 7)', () => {
  test.each([
    ['data before hello_ok', (s: ClientScript) => s.data(1)],
    ['exit before hello_ok', (s: ClientScript) => s.hear({ t: 'exit', id: 1, at: 0 })],
    ['a hello', (s: ClientScript) => s.hear({ t: 'hello', proto: 1, caps: { profile: 'nimbus.v1' } })],
    ['an unreadable hello', (s: ClientScript) => s.give({ type: 'unreadable', epoch: s.state.epoch, code: 4002, detail: '' })],
    [
      'another profile',
      (s: ClientScript) => s.hear(greeting({ caps: { flow: 'credit', maxFrame: 9999, profileAccepted: 'x' } })),
    ],
    ['a fresh session where one was resumed', (s: ClientScript) => s.hear(greeting())],
  ])('%s ends the socket, says so, and keeps the session for a retry', (_, breach) => {
    const s = script().ready()
    s.cutAndGreet()
    expect(codes(breach(s))).toContain('breach')
    expect(s.state.phase).toMatchObject({ name: 'ended', end: { reason: 'protocol_error' } })
    expect(s.state.session?.token).toBe('token-1')
    expect(orders(s.all, 'forget')).toEqual([])
  })

  test('frames for a channel that was never opened are 4014, for one that was closed they are ignored', () => {
    const s = script().ready()
    s.openChannel(1)
    s.hear({ t: 'open_ok', id: 2 })
    s.give({ type: 'close-channel', handle: 0 })
    expect(codes(s.data(5, 1))).toEqual([])
    expect(codes(s.hear({ t: 'flow', id: 1, credit: 1, ack: 0 }))).toEqual([])
    expect(codes(s.data(5, 3))).toContain('breach')
    expect(s.state.phase).toMatchObject({ name: 'ended', end: { code: CLOSE_CODE.MALFORMED_FRAME } })
  })
})
