/** What a resume makes of several terminals, of held keys and of bytes that come again, told by the state that is left. */
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
} from '../../testing/clientScript.ts'
import type { ResumedChannel } from '../../protocol/messages.ts'

const shell = (id: number, patch: Partial<ResumedChannel> = {}): ResumedChannel => ({
  id,
  from: 0,
  received: 0,
  answered: 0,
  ...patch,
})
const warm = (...channels: readonly ResumedChannel[]) => resumption(null, { channels })
const cold = (...channels: readonly ResumedChannel[]) => resumption(null, { channels, warm: false, token: 'next' })

/** Shells with the handles 0 and 1 and the ids 1 and 2, and one with handle 2 whose open was never answered. */
function three(): ClientScript {
  const s = new ClientScript().ready()
  s.openChannel(1)
  s.hear({ t: 'open_ok', id: 2 })
  s.hear({ t: 'flow', id: 2, credit: 100, ack: 0 })
  s.openChannel(2)
  return s
}

/** A page that was loaded anew and has said hello with its stored token; so many terminals are wanted. */
function reloaded(handles: number): ClientScript {
  const s = new ClientScript()
  s.start(STORED)
  for (let handle = 0; handle < handles; handle++) s.openChannel(handle)
  s.give({ type: 'claimed', name: '' })
  s.connected()
  return s
}

const phases = (s: ClientScript) => s.state.channels.map(({ id, phase }) => [id, phase])

describe('a warm resume of several terminals', () => {
  test('shows where each stands, without those that are closed or were never asked for', () => {
    const s = three()
    s.data(10, 1)
    s.data(20, 2)
    s.give({ type: 'close-channel', handle: 0 })
    s.close(1006)
    s.openChannel(3)
    expect(sent(s.greetAgain(), 'hello')[0]?.resume?.channels).toEqual([
      { id: 2, received: 20, sent: 0 },
      { id: 3, received: 0, sent: 0 },
    ])
  })

  test('goes on with each at its own offset, opens what was not heard and what is new, and closes what is closed', () => {
    const s = three()
    s.data(10, 1)
    s.data(20, 2)
    s.close(1006)
    s.openChannel(3)
    s.give({ type: 'close-channel', handle: 0 })
    s.greetAgain()
    const effects = s.hear(warm(shell(1), shell(2, { from: 25 })))
    expect(sent(effects, 'close')).toEqual([{ t: 'close', id: 1 }])
    expect(sent(effects, 'open').map(({ id }) => id)).toEqual([4, 5])
    // What was granted behind an `open` that nobody heard is granted again.
    const granted = sent(effects, 'flow').filter(({ id }) => id > 3)
    expect(granted.map(({ id, credit }) => [id, credit])).toEqual([
      [4, 262_144],
      [5, 262_144],
    ])
    expect(phases(s)).toEqual([
      [1, 'closed'],
      [2, 'open'],
      [4, 'opening'],
      [5, 'opening'],
    ])
    expect(orders(effects, 'gap')).toEqual([{ do: 'gap', handle: 1, bytes: 5, end: 25 }])
  })

  test('says how much is missing now, not how much ever was', () => {
    const s = new ClientScript().ready()
    s.cutAndGreet()
    s.hear(warm(shell(1, { from: 7 })))
    s.cutAndGreet()
    s.hear(warm(shell(1, { from: 10 })))
    expect(s.state.resumed?.missing).toBe(3)
    expect(s.channel().output.missing).toBe(10)
  })

  test('that shows a terminal no more ends it, unless its program was over anyway', () => {
    const s = three()
    s.data(5, 1)
    s.hear({ t: 'exit', id: 1, at: 5 })
    s.cutAndGreet()
    s.hear(warm(shell(3)))
    expect(phases(s)).toEqual([
      [1, 'exited'],
      [2, 'closed'],
      [3, 'open'],
    ])
    expect(orders(s.all, 'channel-closed')).toMatchObject([{ handle: 1, end: { reason: 'unknown', code: 4011 } }])
  })

  test('is refused where no proof was shown: after another page of the tab went on, and after a take-over', () => {
    const cached = new ClientScript().ready()
    cached.give({ type: 'page', event: 'leave', stored: null })
    cached.give({ type: 'page', event: 'return', stored: { ...STORED, token: 'rotated' } })
    cached.give({ type: 'claimed', name: '' })
    cached.connected()
    expect(codes(cached.hear(warm(shell(1))))).toContain('breach')

    const taken = new ClientScript().ready()
    taken.close(4016, 'superseded')
    taken.give({ type: 'take-over' })
    taken.give({ type: 'token', answer: GRANTED, takeOver: true })
    taken.connected()
    expect(codes(taken.hear(resumption({}, { token: 'x' })))).toContain('breach')
  })
})

describe('a cold resume of several terminals', () => {
  test('gives a new page the shells in the order of their numbers, and opens what is wanted beyond them', () => {
    const s = reloaded(3)
    const effects = s.hear(cold(shell(7, { from: 70 }), shell(4, { from: 40 })))
    expect(phases(s)).toEqual([
      [4, 'open'],
      [7, 'open'],
      [8, 'opening'],
    ])
    expect(s.state.channels.map(({ output }) => output.received)).toEqual([40, 70, 0])
    expect(orders(effects, 'reset').map(({ handle }) => handle)).toEqual([0, 1, 2])
    expect(orders(effects, 'channel-ready')).toEqual([
      { do: 'channel-ready', handle: 0, resumed: true },
      { do: 'channel-ready', handle: 1, resumed: true },
    ])
    expect(codes(effects)).not.toContain('channels-unclaimed')
    expect(s.state).toMatchObject({ everReady: true, reconnects: 0, shown: 's1' })
  })

  test('says how many shells nobody here wants', () => {
    const effects = reloaded(1).hear(cold(shell(1), shell(2), shell(3)))
    expect(orders(effects, 'diagnostic').find(({ code }) => code === 'channels-unclaimed')?.fields).toEqual({ count: 2 })
  })

  test('of the session that is shown gives each its own; what only opens takes what is left, in order, or opens again', () => {
    const s = three()
    s.close(1006)
    s.openChannel(3)
    s.openChannel(4)
    s.greetAgain()
    const effects = s.hear(cold(shell(9), shell(2, { from: 20 }), shell(1, { from: 10 }), shell(8)))
    expect(phases(s)).toEqual([
      [1, 'open'],
      [2, 'open'],
      [8, 'open'],
      [9, 'open'],
      [10, 'opening'],
    ])
    expect(s.state.channels.map(({ output }) => output.received)).toEqual([10, 20, 0, 0, 0])
    expect(orders(effects, 'reset').map(({ handle }) => handle)).toEqual([0, 1, 2, 3, 4])
    expect(s.state.reconnects).toBe(1)
  })

  test('closes again what this page closed, and leaves alone what is closed on both sides', () => {
    const s = three()
    s.give({ type: 'close-channel', handle: 0 })
    s.give({ type: 'close-channel', handle: 1 })
    s.cutAndGreet()
    const effects = s.hear(cold(shell(1), shell(3)))
    expect(sent(effects, 'close')).toEqual([{ t: 'close', id: 1 }])
    expect(phases(s)).toEqual([
      [1, 'closed'],
      [2, 'closed'],
      [3, 'open'],
    ])
    expect(orders(effects, 'reset').map(({ handle }) => handle)).toEqual([2])
  })

  test('of another session than the one that is shown knows no terminal by its number', () => {
    const s = three()
    s.give({ type: 'page', event: 'leave', stored: null })
    s.give({ type: 'page', event: 'return', stored: { ...STORED, id: 's2', token: 'other' } })
    s.give({ type: 'claimed', name: '' })
    s.connected()
    s.hear(
      resumption(null, { session: 's2', warm: false, token: 'x', channels: [shell(2, { from: 20 }), shell(1, { from: 10 })] }),
    )
    expect(phases(s)).toEqual([
      [1, 'open'],
      [2, 'open'],
      [3, 'opening'],
    ])
    expect(s.state.channels.map(({ output }) => output.received)).toEqual([10, 20, 0])
  })

  test('needs a token: a take-over that is answered without one is a breach', () => {
    const s = new ClientScript().ready()
    s.close(4016, 'superseded')
    s.give({ type: 'take-over' })
    s.give({ type: 'token', answer: GRANTED, takeOver: true })
    s.connected()
    expect(codes(s.hear(resumption({}, { warm: false })))).toContain('breach')
  })
})

describe('keys that were held for a terminal which opens anew', () => {
  test('wait on for it, with the time and the count of the first', () => {
    const s = reloaded(2)
    s.type(2, 1)
    s.now += 500
    s.type(1, 1)
    expect(orders(s.hear(cold(shell(5))), 'unsent')).toEqual([])
    expect(s.channel(1).input).toMatchObject({ typed: 3, acked: 0, heldFrom: 0, heldSince: 1000, heldKeys: 2 })
    expect(s.channel(0).input).toMatchObject({ typed: 0, heldFrom: null, heldKeys: 0 })
    s.hear({ t: 'open_ok', id: 6 })
    expect(orders(s.hear({ t: 'flow', id: 6, credit: 9, ack: 0 }), 'send-input')).toMatchObject([{ from: 0, to: 3 }])
  })

  test('are reported where somebody else was at the terminal meanwhile', () => {
    const s = new ClientScript()
    s.start()
    s.openChannel()
    s.give({
      type: 'token',
      answer: { ok: false, code: 'allocation_busy', state: 'detached', canTakeOver: true },
      takeOver: false,
    })
    s.type(4)
    s.give({ type: 'token', answer: GRANTED, takeOver: true })
    s.connected()
    const effects = s.hear(cold())
    expect(orders(effects, 'unsent')).toEqual([{ do: 'unsent', handle: 0, from: 0, to: 4, maybeWritten: false }])
    expect(s.channel().input).toMatchObject({ typed: 0, heldFrom: null })
  })

  test('reach a plain peer that is there from the start', () => {
    const s = new ClientScript()
    s.start()
    s.openChannel()
    s.type(3)
    s.give({ type: 'token', answer: GRANTED, takeOver: false })
    s.connected()
    expect(orders(s.hear(plainGreeting), 'unsent')).toEqual([])
    expect(orders(s.hear({ t: 'open_ok', id: 1 }), 'send-input')).toMatchObject([{ from: 0, to: 3 }])
  })

  test('count anew after each return', () => {
    const s = new ClientScript().ready()
    for (const round of [1, 2]) {
      s.close(1006)
      s.type(1)
      expect([round, s.channel().input.heldKeys]).toEqual([round, 1])
      s.greetAgain()
      s.hear(resumption())
    }
  })
})

describe('what is typed where nothing can take it', () => {
  test('is held while the hello waits for its answer', () => {
    const s = new ClientScript().ready()
    s.cutAndGreet()
    s.type(3)
    expect(s.channel().input.heldFrom).toBe(0)
    expect(s.timers.has('held')).toBe(true)
  })

  test('is refused: elsewhere, after a dispose, and in a terminal that is closed', () => {
    const elsewhere = new ClientScript().ready()
    elsewhere.close(4016, 'superseded')
    const disposed = new ClientScript().ready()
    disposed.give({ type: 'dispose' })
    const closed = three()
    closed.give({ type: 'close-channel', handle: 0 })
    for (const s of [elsewhere, disposed, closed]) {
      expect(codes(s.type(1))).toEqual(['input-refused'])
      expect(orders(s.all, 'enqueue')).toEqual([])
    }
  })

  test('moves the end of the refusal', () => {
    const s = new ClientScript().ready()
    s.close(1006)
    s.type(5000)
    s.now += 300
    s.type(1)
    expect(s.state.refusing).toEqual({ lastKeyAt: 1300 })
  })
})

describe('the emulator’s answers', () => {
  test('come back into the budget at one each 10 ms', () => {
    const s = new ClientScript().ready()
    s.data(1)
    for (let i = 0; i < 100; i++) s.reply(1, 1)
    s.now += 25
    expect([1, 2, 3].map(() => codes(s.reply(1, 1)))).toEqual([[], [], ['reply-dropped']])
    s.now += 5
    expect(codes(s.reply(1, 1))).toEqual([])
  })

  test('are forgotten when they are acknowledged, and when their terminal is over', () => {
    const s = three()
    s.data(9)
    s.reply(2, 5)
    s.reply(2, 9)
    s.hear({ t: 'flow', id: 1, credit: 0, ack: 2 })
    expect(s.channel().input.replies).toEqual([{ at: 9, input: 4 }])
    s.give({ type: 'close-channel', handle: 0 })
    expect(s.channel().input.replies).toEqual([])
  })

  test('that wait are dropped when their terminal is over', () => {
    const s = three()
    s.data(9)
    s.close(1006)
    s.reply(2, 9)
    const effects = s.give({ type: 'close-channel', handle: 0 })
    expect(orders(effects, 'drop-deferred')).toEqual([{ do: 'drop-deferred', handle: 0 }])
    expect(orders(s.give({ type: 'close-channel', handle: 1 }), 'drop-deferred')).toEqual([])
  })

  test('do not fit into a queue that is full, counted from what is acknowledged', () => {
    const s = new ClientScript().ready()
    s.data(1)
    s.type(100)
    s.hear({ t: 'flow', id: 1, credit: 0, ack: 100 })
    s.type(256 * 1024 - 1)
    expect(codes(s.reply(1, 1))).toEqual([])
    const dropped = { do: 'diagnostic', bus: 'diagnostic', code: 'reply-dropped', fields: { why: 'queue-full' } }
    expect(s.reply(1, 1)).toEqual([dropped])
  })

  test('go to a plain peer as bytes alone', () => {
    const s = new ClientScript().ready(plainGreeting)
    s.data(5)
    const effects = s.reply(2, 5)
    expect(sent(effects)).toEqual([])
    expect(orders(effects, 'send-input')).toMatchObject([{ from: 0, to: 2 }])
  })
})

describe('output that comes again or in pieces', () => {
  test('is split where answered output ends, wherever it begins', () => {
    const s = reloaded(1)
    s.hear(cold(shell(1, { from: 10, answered: 60 })))
    expect(orders(s.data(20), 'draw')).toMatchObject([{ skip: 0, bytes: 20, end: 30, answered: true }])
    expect(orders(s.data(40), 'draw')).toMatchObject([
      { skip: 0, bytes: 30, end: 60, answered: true },
      { skip: 30, bytes: 10, end: 70, answered: false },
    ])
    expect(orders(s.data(5), 'draw')).toMatchObject([{ skip: 0, bytes: 5, end: 75, answered: false }])
  })

  test('keeps the link measured from its first byte until the last is drawn', () => {
    const s = new ClientScript().ready()
    const busy = () => s.channel().output.busySince
    expect(busy()).toBeNull()
    s.now = 2000
    s.data(10)
    expect(busy()).toBe(2000)
    s.now = 3000
    s.data(10)
    expect(busy()).toBe(2000)
    s.drawn(15)
    expect(busy()).toBe(3000)
    s.drawn(20)
    expect(busy()).toBeNull()
    s.cutAndGreet()
    s.hear(warm(shell(1, { from: 5 })))
    s.data(15)
    expect(busy()).toBeNull()
    s.cutAndGreet()
    s.now = 9000
    s.hear(warm(shell(1, { from: 30 })))
    expect(busy()).toBe(9000)
  })

  test('that was drawn twice or beyond what came is acknowledged once and as far as it came', () => {
    const s = new ClientScript().ready()
    s.data(100)
    s.drawn(60)
    s.cutAndGreet()
    s.hear(warm(shell(1, { from: 20 })))
    s.drawn(100)
    expect(s.channel().output).toMatchObject({ drawn: 100, received: 100, receiver: { consumed: 20, received: 20 } })
    s.data(30)
    expect(s.channel().output.receiver).toMatchObject({ consumed: 50, received: 50 })
  })

  test('measures the window while the page is shown and the way is known', () => {
    const s = new ClientScript().ready()
    s.data(10)
    expect(s.channel().output.window.from).toBeNull()
    s.now = 1020
    s.hear({ t: 'pong', ts: 1000 })
    s.data(10)
    expect(s.channel().output.window).toMatchObject({ from: { at: 1020, offset: 20 }, last: 1020 })
    s.give({ type: 'page', event: 'hidden', stored: null })
    s.now = 1050
    s.data(10)
    expect(s.channel().output.window.last).toBe(1020)
  })
})

describe('a start that is fresh where a session was', () => {
  test('has new screens at offset 0 and leaves closed terminals closed', () => {
    const s = three()
    s.data(10)
    s.give({ type: 'close-channel', handle: 1 })
    s.cutAndGreet()
    const effects = s.hear(plainGreeting)
    expect(orders(effects, 'reset').map(({ handle }) => handle)).toEqual([0, 2])
    expect(sent(effects, 'open').map(({ id }) => id)).toEqual([1, 2])
    expect(s.channel(0)).toMatchObject({ id: 1, phase: 'opening', output: { received: 0, drawn: 0 }, input: { typed: 0 } })
    expect(s.channel(1).phase).toBe('closed')
  })

  test('stores nothing for a client that wants no sessions', () => {
    const s = new ClientScript({ resume: false }).ready(greeting())
    expect(orders(s.all, 'store')).toEqual([])
    expect(s.state).toMatchObject({ session: null, phase: { resume: false } })
  })
})
