/** Input of a session: its window, and what becomes of it; and how its channels open and end. */
import { describe, expect, it } from 'vitest'
import { scriptedBackend, serverBench } from '../testing/serverPeer.ts'

const KiB = 1024
const block = (length: number) => new Uint8Array(length).fill(0x62)

function open({ takesInput = false } = {}) {
  const backend = scriptedBackend({ takesInput })
  const bench = serverBench(backend)
  return { backend, bench, peer: bench.fresh(), program: backend.programs[0]! }
}

describe('input', () => {
  it('goes to the program as it comes, and is bounded by its window', () => {
    const { peer, program } = open()
    peer.type(block(64 * KiB))
    expect(program.queued()).toBe(64 * KiB)
    expect(peer.closed()).toBeNull()
    peer.type('x')
    expect(peer.closed()).toEqual({ code: 4007, reason: 'protocol_error' })
    expect(program.queued()).toBe(64 * KiB)
  })

  it('is granted again when half a window was taken, and not for every frame', () => {
    const { bench, peer, program } = open()
    peer.type(block(64 * KiB))
    for (let i = 0; i < 31; i++) program.take(KiB)
    expect(peer.all('flow')).toHaveLength(1)
    program.take(KiB)
    expect(peer.last('flow')).toEqual({ t: 'flow', id: 1, credit: 32 * KiB, ack: 32 * KiB })
    bench.clock.advance(1000)
    expect(peer.all('flow')).toHaveLength(2)
  })

  it('‡ is acknowledged 100 ms after the first byte that the program took, however many follow', () => {
    const { bench, peer, program } = open()
    peer.type('abcdef')
    program.take(1)
    bench.clock.advance(60)
    program.take(1)
    bench.clock.advance(39)
    expect(peer.all('flow')).toHaveLength(1)
    bench.clock.advance(1)
    expect(peer.last('flow')).toEqual({ t: 'flow', id: 1, credit: 2, ack: 2 })
    program.take(1)
    bench.clock.advance(100)
    expect(peer.last('flow').ack).toBe(3)
  })

  it('counts what it took into the queue once, across sockets', () => {
    const { bench, peer, program } = open()
    const { session, proof } = peer.last('hello_ok')
    peer.type(block(60 * KiB))
    peer.cut()
    const again = bench.resume({ token: session!.token, proof, attempt: 1, channels: [{ id: 1, received: 0, sent: 60 * KiB }] })
    expect(again.last('flow')).toEqual({ t: 'flow', id: 1, credit: 4 * KiB, ack: 0 })
    again.type(block(4 * KiB))
    again.type('x')
    expect(again.closed()?.code).toBe(4007)
    expect(program.queued()).toBe(64 * KiB)
  })

  it('before open_ok is more than was granted', () => {
    const backend = scriptedBackend()
    backend.holdOpen = true
    const bench = serverBench(backend)
    const peer = bench.fresh()
    peer.type('early')
    expect(peer.closed()?.code).toBe(4007)
  })

  it('that the program took is acknowledged before the server ends the session: nobody is told that it was not written', () => {
    const { bench, peer, program } = open()
    peer.type('exit')
    program.take(3)
    bench.server.revoke({ allocation: 'a' })
    expect(peer.last('flow').ack).toBe(3)
    expect(peer.order.slice(-2)).toEqual(['flow', 'close'])
  })

  it('after the exit is dropped without a word, and never acknowledged', () => {
    const { peer, program } = open()
    program.exit()
    peer.type('late')
    expect(peer.closed()).toBeNull()
    expect(program.input()).toBe('')
    expect(peer.all('flow').at(-1)!.ack).toBe(0)
  })

  it('comes on stream 1 alone', () => {
    const { peer } = open()
    peer.raw(Uint8Array.of(2, 0, 0, 0, 1, 65))
    expect(peer.closed()?.code).toBe(4014)
  })
})

describe('a channel', () => {
  it('is told of sizes from 1 to 1000, and of no other', () => {
    const { bench, peer, program } = open()
    peer.send({ t: 'resize', id: 1, cols: 1, rows: 1000 })
    peer.send({ t: 'resize', id: 1, cols: 0, rows: 24 })
    peer.send({ t: 'resize', id: 1, cols: 80, rows: 1001 })
    expect(program.told).toEqual(['1x1000'])
    expect(bench.codes().filter((code) => code === 'resize_ignored')).toHaveLength(2)
  })

  it('passes signals on, which overtake input', () => {
    const { peer, program } = open()
    peer.type(block(1000))
    peer.send({ t: 'signal', id: 1, sig: 'INT' })
    expect(program.told).toEqual(['INT'])
    expect(program.queued()).toBe(1000)
  })

  it('that was closed ignores what is under way; one that never was is a mistake', () => {
    const { peer } = open()
    peer.send({ t: 'open', id: 2, target: { allocation: 'a' } })
    peer.send({ t: 'close', id: 1 })
    peer.type('late')
    peer.send({ t: 'resize', id: 1, cols: 80, rows: 24 })
    peer.grant(5)
    expect(peer.closed()).toBeNull()
    peer.grant(5, 0, 3)
    expect(peer.closed()).toEqual({ code: 4014, reason: 'protocol_error' })
  })

  it('is never opened twice: that ends the session with 4013', () => {
    const { bench, peer } = open()
    peer.send({ t: 'open', id: 1, target: { allocation: 'a' } })
    expect(peer.closed()).toEqual({ code: 4013, reason: 'protocol_error' })
    expect(bench.server.stats()).toMatchObject({ sessions: 0, programs: 0 })
  })

  it('is one of four', () => {
    const { backend, peer } = open()
    for (const id of [2, 3, 4, 5]) peer.send({ t: 'open', id, target: { allocation: 'a' } })
    expect(peer.last('open_err')).toEqual({ t: 'open_err', id: 5, code: 4006, msg: 'channel_limit' })
    expect(backend.programs).toHaveLength(4)
    peer.send({ t: 'close', id: 2 })
    peer.send({ t: 'open', id: 6, target: { allocation: 'a' } })
    expect(peer.last('open_ok').id).toBe(6)
  })

  it('says why its program could not be started', () => {
    const backend = scriptedBackend()
    backend.holdOpen = true
    const bench = serverBench(backend)
    const peer = bench.fresh()
    backend.programs[0]!.events.failed('target_unreachable', 'no such shell')
    expect(peer.last('open_err')).toEqual({ t: 'open_err', id: 1, code: 4005, msg: 'no such shell' })
    peer.send({ t: 'open', id: 2, target: { allocation: 'a' } })
    backend.programs[1]!.events.opened()
    expect(peer.last('open_ok').id).toBe(2)
  })

  it('whose program ended before it said that it was open is open, and over', () => {
    const backend = scriptedBackend()
    backend.holdOpen = true
    const bench = serverBench(backend)
    const peer = bench.fresh()
    backend.programs[0]!.exit({ code: 1 })
    expect(peer.order).toEqual(['hello_ok', 'open_ok', 'flow', 'exit'])
  })
})
