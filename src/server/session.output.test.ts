/** Output of a session: its credit, its frames and turns, and what is kept of it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from './options.ts'
import { scriptedBackend, serverBench, type Peer, type ServerBench } from '../testing/serverPeer.ts'

const KiB = 1024
const MiB = 1024 * KiB
const block = (length: number) => new Uint8Array(length).fill(0x61)

function open(options: Parameters<typeof scriptedBackend>[0] = {}, limits = {}) {
  const backend = scriptedBackend(options)
  const bench = serverBench(backend, { limits })
  const peer = bench.fresh()
  return { backend, bench, peer, program: backend.programs[0]! }
}

/** Lets everything that waits for `soon` happen. */
const settle = (bench: ServerBench) => bench.clock.advance(0)
/** Lets the programs rest until what gathers has left. */
const rest = (bench: ServerBench) => bench.clock.advance(2 * DEFAULT_LIMITS.gatherMs)

describe('output', () => {
  it('is never more than the client granted, and goes on with the next grant (invariant 2)', () => {
    const { bench, peer, program } = open()
    program.print(block(100_000))
    settle(bench)
    expect(peer.received()).toBe(0)
    peer.grant(30_000)
    settle(bench)
    expect(peer.received()).toBe(30_000)
    peer.grant(20_000, 10_000)
    settle(bench)
    expect(peer.received()).toBe(50_000)
  })

  it('sends the first bytes after quiet at once, and gathers what follows until the waiting events are done', () => {
    const { bench, peer, program } = open()
    peer.grant(MiB)
    program.print('a')
    expect(peer.frames()).toBe(1)
    program.print('b')
    program.print('c')
    expect(peer.frames()).toBe(1)
    settle(bench)
    expect(peer.frames()).toBe(2)
    expect(peer.text()).toBe('abc')
  })

  it('does not wait when a whole slice has gathered', () => {
    const { peer, program } = open()
    peer.grant(MiB)
    program.print('a')
    program.print(block(64 * KiB))
    expect(peer.received()).toBe(64 * KiB + 1)
  })

  it('leaves in full frames where a program prints without a rest, whatever the turns of the event loop', () => {
    const { bench, peer, program } = open()
    peer.grant(4 * MiB)
    // What `yes` prints on a terminal: 700 bytes in each turn, ten turns a millisecond.
    for (let turn = 1; turn <= 3000; turn++) {
      program.print(block(700))
      settle(bench)
      if (turn % 10 === 0) bench.clock.advance(1)
    }
    rest(bench)
    const mebibytes = (3000 * 700) / MiB
    expect(peer.received()).toBe(3000 * 700)
    expect(peer.frames() / mebibytes).toBeLessThanOrEqual(100)
  })

  it('holds the end of a flood back for two milliseconds at most, and nothing behind a rest', () => {
    const { bench, peer, program } = open()
    peer.grant(4 * MiB)
    for (let i = 0; i < 10; i++) program.print(block(30 * KiB))
    program.print('$ ')
    bench.clock.advance(2)
    expect(peer.received()).toBe(300 * KiB + 2)
    bench.clock.advance(2)
    program.print('x')
    expect(peer.received()).toBe(300 * KiB + 3)
  })

  it('lets no timer run for a program that rests', () => {
    const { bench, peer, program } = open()
    peer.grant(4 * MiB)
    for (let i = 0; i < 10; i++) program.print(block(30 * KiB))
    rest(bench)
    rest(bench)
    const before = bench.clock.pending()
    program.print('x')
    settle(bench)
    expect(bench.clock.pending()).toBe(before)
  })

  it('goes as far as the credit at once, since nothing more could gather', () => {
    const { bench, peer, program } = open()
    peer.grant(100 * KiB)
    program.print(block(60 * KiB))
    program.print(block(60 * KiB))
    expect(peer.received()).toBe(100 * KiB)
    peer.grant(5 * KiB)
    expect(peer.received()).toBe(105 * KiB)
    peer.grant(15 * KiB)
    expect(peer.received()).toBe(120 * KiB)
    rest(bench)
    expect(peer.received()).toBe(120 * KiB)
  })

  it('sends frames of at most 64 KiB, and hands over at most one burst before others have their turn', () => {
    const { bench, peer, program } = open({}, { readAheadBytes: 2 * MiB })
    program.print(block(MiB))
    peer.grant(2 * MiB)
    expect(peer.received()).toBe(256 * KiB)
    expect(peer.frames()).toBe(4)
    settle(bench)
    expect(peer.received()).toBe(MiB)
  })

  it('leaves in frames of 64 KiB, however small the pieces are that were printed in one turn', () => {
    for (const [pieces, length] of [
      [256, 4095],
      [16, 60_000],
      [40, 32 * KiB],
      [1000, 17],
    ] as const) {
      const { bench, peer, program } = open({}, { readAheadBytes: 4 * MiB })
      peer.grant(4 * MiB)
      for (let i = 0; i < pieces; i++) program.print(block(length))
      rest(bench)
      expect(peer.received()).toBe(pieces * length)
      expect(peer.frames()).toBeLessThanOrEqual(Math.ceil((pieces * length) / (64 * KiB)) + 1)
    }
  })

  it('serves flooding channels in turns of one slice', () => {
    const { bench, backend, peer, program } = open()
    peer.send({ t: 'open', id: 2, target: { allocation: 'a' } })
    program.print(block(200 * KiB))
    backend.programs[1]!.print(block(200 * KiB))
    peer.grant(MiB, 0, 1)
    settle(bench)
    peer.grant(MiB, 0, 2)
    settle(bench)
    program.print(block(130 * KiB))
    backend.programs[1]!.print(block(130 * KiB))
    settle(bench)
    expect(Math.abs(peer.received(1) - peer.received(2))).toBe(0)
  })

  it('of one channel waits for no more than one frame of each other, whatever they print', () => {
    const step = fc.record({
      channel: fc.integer({ min: 1, max: 3 }),
      length: fc.integer({ min: 1, max: 200 * KiB }),
      turn: fc.nat(3),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { bench, backend, peer } = open({}, { readAheadBytes: 64 * MiB, replayBytes: 64 * MiB })
        for (const id of [2, 3, 4]) peer.send({ t: 'open', id, target: { allocation: 'a' } })
        for (const id of [1, 2, 3, 4]) peer.grant(64 * MiB, 0, id)
        const [first, second, third, quiet] = backend.programs
        const floods = [first!, second!, third!]
        let typed = 0
        for (const { channel, length, turn } of steps) {
          floods[channel - 1]!.print(block(length))
          const before = peer.frames()
          quiet!.print('x')
          typed++
          for (let more = 0; more < turn; more++) floods[more]!.print(block(length))
          settle(bench)
          expect(peer.received(4)).toBe(typed)
          const earlier = peer.served.slice(before, peer.served.indexOf(4, before))
          expect(new Set(earlier).size).toBe(earlier.length)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('is kept in order with its stream, stdout and stderr sharing the credit', () => {
    const { bench, peer, program } = open()
    program.print('out', 1)
    program.print('err', 2)
    peer.grant(5)
    settle(bench)
    expect(peer.text()).toBe('outer')
    expect(peer.frames()).toBe(2)
  })

  it('closes with 4007 for an ack above what was sent, and the session stays', () => {
    const { bench, peer, program } = open()
    peer.grant(10)
    program.print('hello')
    peer.grant(10, 6)
    expect(peer.closed()).toEqual({ code: 4007, reason: 'protocol_error' })
    expect(bench.server.stats().sessions).toBe(1)
  })

  it('closes with 4007 when the outstanding credit passes 2^31 - 1', () => {
    const { peer } = open()
    peer.grant(2 ** 31 - 1)
    expect(peer.closed()).toBeNull()
    peer.grant(1)
    expect(peer.closed()?.code).toBe(4007)
  })

  it('takes an older ack for nothing', () => {
    const { bench, peer, program } = open()
    peer.grant(100)
    program.print('hello')
    peer.grant(0, 5)
    peer.grant(0, 2)
    expect(peer.closed()).toBeNull()
    peer.close(1006)
    settle(bench)
    expect(bench.events.some(({ code }) => code === 'flow_violation')).toBe(false)
  })

  it('asks every flow of a resuming peer for its ack', () => {
    const { peer } = open()
    peer.send({ t: 'flow', id: 1, credit: 5 })
    expect(peer.closed()?.code).toBe(4014)
  })
})

describe('reading the program', () => {
  it('‡ stops with no more than 64 KiB ahead of what was sent while somebody watches, however long that takes', () => {
    const { bench, peer, program } = open()
    peer.grant(1000)
    program.print(block(1000 + 32 * KiB - 1))
    expect(program.paused()).toBe(false)
    // The largest piece that a terminal gives at once.
    program.print(block(32 * KiB))
    expect(program.paused()).toBe(true)
    // A slow page is not an absent one.
    for (let i = 0; i < 60; i++) {
      bench.clock.advance(1000)
      peer.send({ t: 'pong', ts: 0 })
    }
    expect(program.paused()).toBe(true)
    peer.grant(100_000, 1000)
    settle(bench)
    expect(program.paused()).toBe(false)
  })

  it('goes on once half of that is sent, not with every frame', () => {
    const { bench, peer, program } = open()
    program.print(block(40 * KiB))
    expect(program.paused()).toBe(true)
    peer.grant(23 * KiB)
    settle(bench)
    expect(program.paused()).toBe(true)
    peer.grant(2 * KiB)
    settle(bench)
    expect(program.paused()).toBe(false)
  })

  it('is not interrupted by frames that gather and have credit', () => {
    const { bench, peer, program } = open()
    peer.grant(4 * MiB)
    for (let i = 0; i < 50; i++) {
      program.print(block(32 * KiB))
      expect(program.paused()).toBe(false)
      if (i % 2 === 0) settle(bench)
    }
  })

  it('goes on under hold until the replay buffer is full, and stops again when the hold ends', () => {
    const { bench, peer, program } = open()
    peer.grant(0, 0, 1, 1)
    program.print(block(3 * MiB))
    expect(program.paused()).toBe(false)
    peer.grant(0, 0)
    expect(program.paused()).toBe(true)
    peer.grant(0, 0, 1, 1)
    expect(program.paused()).toBe(false)
    program.print(block(MiB))
    expect(program.paused()).toBe(true)
    settle(bench)
  })

  it('goes on without a socket until the replay buffer is full (invariant 3)', () => {
    const { peer, program, bench } = open()
    program.print(block(200 * KiB))
    expect(program.paused()).toBe(true)
    peer.cut()
    expect(program.paused()).toBe(false)
    program.print(block(3.5 * MiB))
    expect(program.paused()).toBe(false)
    program.print(block(400 * KiB))
    expect(program.paused()).toBe(true)
    expect(bench.server.stats().held).toBeLessThan(5 * MiB)
  })

  it('holds no more than window, buffer and tail whatever is printed while the client keeps up', () => {
    const { bench, peer, program } = open()
    let acked = 0
    for (let i = 0; i < 300; i++) {
      program.print(block(60 * KiB))
      peer.grant(60 * KiB, acked)
      settle(bench)
      acked = peer.received()
    }
    peer.grant(0, acked)
    expect(acked).toBe(300 * 60 * KiB)
    expect(bench.server.stats().held).toBeLessThan(MiB)
  })

  it('ends with backpressure_overflow when a producer that cannot be paused fills the buffer', () => {
    const { bench, peer, program } = open({ pausable: false })
    program.print(block(4.5 * MiB))
    expect(peer.closed()).toBeNull()
    program.print('x')
    expect(peer.closed()).toEqual({ code: 4017, reason: 'backpressure_overflow' })
    expect(program.told).toContain('end')
    expect(bench.codes()).toContain('saturated')
    expect(bench.server.stats()).toMatchObject({ sessions: 0, held: 0 })
  })

  it('waits for a socket that is full, and lets control messages overtake output meanwhile', () => {
    const { bench, peer, program } = open()
    peer.grant(4 * MiB)
    peer.waiting = 600 * KiB
    program.print('a')
    program.print(block(64 * KiB))
    settle(bench)
    expect(peer.received()).toBe(1)
    peer.send({ t: 'ping', ts: 5 })
    expect(peer.last('pong')).toEqual({ t: 'pong', ts: 5 })
    peer.waiting = 0
    peer.events.drained()
    settle(bench)
    expect(peer.received()).toBe(64 * KiB + 1)
  })

  it('grants no input while more than 8 MiB wait in the socket, and tops up when fewer than 2 MiB do', () => {
    const { bench, peer, program } = open()
    peer.grant(MiB)
    peer.waiting = 9 * MiB
    program.print('a')
    peer.type(block(40_000))
    expect(peer.last('flow')).toEqual({ t: 'flow', id: 1, credit: 0, ack: 40_000 })
    peer.waiting = MiB
    peer.events.drained()
    expect(peer.last('flow')).toEqual({ t: 'flow', id: 1, credit: 40_000, ack: 40_000 })
    settle(bench)
  })

  it('drops a peer that asks and asks and never reads the answers', () => {
    const { peer } = open()
    peer.waiting = 17 * MiB
    peer.send({ t: 'ping', ts: 1 })
    expect(peer.terminated()).toBe(true)
  })
})

describe('the exit', () => {
  it('waits for the last byte, and the last input ack goes before it', () => {
    const { bench, peer, program } = open()
    peer.grant(5)
    peer.type('abc')
    program.print('0123456789')
    program.exit({ code: 7 })
    settle(bench)
    expect(peer.all('exit')).toEqual([])
    peer.grant(100, 5)
    settle(bench)
    expect(peer.order.slice(-3)).toEqual(['data', 'flow', 'exit'])
    expect(peer.last('flow')).toEqual({ t: 'flow', id: 1, credit: 0, ack: 3 })
    expect(peer.last('exit')).toEqual({ t: 'exit', id: 1, code: 7, at: 10 })
  })

  it('‡ is repeated at every resume until the client closes the channel', () => {
    const { bench, peer, program } = open()
    const { session, proof } = peer.last('hello_ok')
    peer.grant(100)
    program.print('bye')
    program.exit({ sig: 'TERM' })
    settle(bench)
    peer.cut()
    const again = bench.resume({ token: session!.token, proof, attempt: 1, channels: [{ id: 1, received: 3, sent: 0 }] })
    expect(again.last('exit')).toEqual({ t: 'exit', id: 1, sig: 'TERM', at: 3 })
    again.cut()
    const cold = bench.resume({ token: session!.token, channels: [] })
    cold.grant(100)
    settle(bench)
    expect(cold.order.slice(-2)).toEqual(['data', 'exit'])
    cold.send({ t: 'close', id: 1 })
    expect(cold.closed()).toEqual({ code: 1000, reason: 'shell_exit' })
  })

  it('never makes an allocation busy, and whoever has not drawn it keeps it', () => {
    const { bench, peer, program } = open()
    const { session } = peer.last('hello_ok')
    program.print('unread')
    program.exit()
    expect(bench.server.stats().sessions).toBe(1)
    const other = bench.fresh()
    expect(other.last('open_ok').id).toBe(1)
    peer.cut()
    const late = bench.resume({ token: session!.token, channels: [] })
    late.grant(100)
    settle(bench)
    expect(late.text()).toBe('unread')
    expect(late.last('exit')).toEqual({ t: 'exit', id: 1, code: 0, at: 6 })
  })
})

/** What a plain peer of the protocol sees. */
describe('a plain peer', () => {
  function plain(): { bench: ServerBench; peer: Peer; program: ReturnType<typeof open>['program'] } {
    const backend = scriptedBackend({ takesInput: false })
    const bench = serverBench(backend)
    return { bench, peer: bench.fresh({ plain: true }), program: backend.programs[0]! }
  }

  it('gets no offsets: no session, no flow, and after the exit a close', () => {
    const { bench, peer, program } = plain()
    expect(peer.last('hello_ok')).toEqual({
      t: 'hello_ok',
      server: 'nimbus-terminal',
      caps: { flow: 'credit', maxFrame: MiB, profileAccepted: 'nimbus.v1' },
    })
    expect(peer.last('open_ok')).toEqual({ t: 'open_ok', id: 1 })
    peer.send({ t: 'flow', id: 1, credit: 100 })
    peer.type('hi')
    program.print('hi')
    program.exit({ code: 0 })
    settle(bench)
    expect(peer.order).toEqual(['hello_ok', 'open_ok', 'data', 'exit', 'close', 'close'])
    expect(peer.all('flow')).toEqual([])
    expect(peer.closed()).toEqual({ code: 1000, reason: 'shell_exit' })
  })

  it('is bounded by not reading its socket', () => {
    const { peer, program } = plain()
    peer.type(block(70_000))
    expect(peer.closed()).toBeNull()
    expect(peer.reading).toBe(false)
    program.take(30_000)
    expect(peer.reading).toBe(false)
    program.take(10_000)
    expect(peer.reading).toBe(true)
  })

  it('has its bytes forgotten once they are sent, and its session ended with its socket', () => {
    const { bench, peer, program } = plain()
    peer.send({ t: 'flow', id: 1, credit: 2 * MiB })
    for (let i = 0; i < 10; i++) {
      program.print(block(60 * KiB))
      settle(bench)
    }
    rest(bench)
    expect(bench.server.stats().held).toBeLessThanOrEqual(64 * KiB)
    peer.cut()
    expect(program.told).toContain('end')
    expect(bench.server.stats()).toMatchObject({ sessions: 0, programs: 0 })
  })

  it('has its resume ignored', () => {
    const { bench } = plain()
    const auth = { scheme: 'bearer', token: bench.token('b') } as const
    const peer = bench.connect({ allocation: 'b' })
    peer.send({ t: 'hello', proto: 1, auth, caps: { profile: 'nimbus.v1' }, resume: { token: 'x.y', channels: [] } })
    expect(peer.last('hello_ok').resume).toBeUndefined()
  })
})
