/** What a flood costs the server, in events, orders and memory. */
import { describe, expect, it } from 'vitest'
import { consume, due, flush, receive, receiverAt } from '../protocol/credit.ts'
import { nimbusV1 } from '../protocol/profiles/nimbusV1.ts'
import type { WireMessage } from '../protocol/wireProfile.ts'
import { ORIGIN, scriptedBackend, serverBench } from '../testing/serverPeer.ts'
import { DEFAULT_LIMITS } from './options.ts'
import { createSession, transition, type SessionEvent } from './session.ts'

const KiB = 1024
const MiB = 1024 * KiB
/** What a terminal gives at once at most. */
const PIECE = new Uint8Array(32 * KiB).fill(0x61)

interface Watcher {
  readonly windowKiB: number
  /** What it draws in a millisecond. */
  readonly drawsKiB: number
}

/** A program that prints 64 KiB a millisecond unless it is paused, and somebody who watches; counts are for each mebibyte. */
function flood({ windowKiB, drawsKiB }: Watcher, mebibytes: number) {
  const backend = scriptedBackend()
  const bench = serverBench(backend)
  const peer = bench.fresh()
  const program = backend.programs[0]!
  let receiver = receiverAt(0, windowKiB * KiB)
  let drawn = 0
  let flows = 0
  const say = (flow: ReturnType<typeof due>): void => {
    if (flow === null) return
    receiver = flow.receiver
    flows++
    peer.grant(flow.flow.credit, flow.flow.ack)
  }
  say(flush(receiver, { paused: false, topUp: true }))
  const messages = peer.messages.length
  let printed = 0
  let ahead = 0
  while (drawn < mebibytes * MiB) {
    for (let piece = 0; piece < 2 && !program.paused(); piece++) {
      program.print(PIECE)
      printed += PIECE.length
      ahead = Math.max(ahead, printed - peer.received())
      bench.clock.advance(0)
    }
    bench.clock.advance(1)
    const taken = receive(receiver, peer.received() - receiver.received)
    if (!taken.ok) throw new Error('More came than was granted.')
    drawn = Math.min(peer.received(), drawn + drawsKiB * KiB)
    receiver = consume(taken.receiver, drawn)
    say(due(receiver, false))
  }
  const size = peer.received() / MiB
  return {
    frames: peer.frames() / size,
    flows: flows / size,
    pauses: program.pauses() / size,
    ahead,
    messages: peer.messages.length - messages,
  }
}

describe('a mebibyte of a flood', () => {
  it.each([
    { windowKiB: 2048, drawsKiB: 64, frames: 17 },
    { windowKiB: 512, drawsKiB: 20, frames: 22 },
    { windowKiB: 256, drawsKiB: 5, frames: 24 },
    { windowKiB: 64, drawsKiB: 3, frames: 40 },
  ])('costs a window of $windowKiB KiB at most $frames frames, and a pause for each grant', ({ frames, ...watcher }) => {
    const counted = flood(watcher, 32)
    expect(counted.frames).toBeLessThanOrEqual(frames)
    expect(counted.pauses).toBeLessThanOrEqual(counted.flows)
    expect(counted.ahead).toBeLessThanOrEqual(64 * KiB)
    expect(counted.messages).toBe(0)
  })

  it('costs a full frame three events of the session and four orders at most', () => {
    const limits = { ...DEFAULT_LIMITS, plainQueueBytes: MiB }
    let [session] = transition(createSession('s', limits, true), {
      type: 'attach',
      connection: 1,
      plain: false,
      issued: { token: 't', proof: 'p' },
      now: 0,
    })
    let orders = 0
    let events = 0
    const timers = new Set<string>()
    const happen = (event: SessionEvent): void => {
      const [next, effects] = transition(session, event)
      session = next
      orders += effects.length
      events++
      for (const effect of effects) if (effect.type === 'soon') timers.add(effect.timer)
    }
    const open = { t: 'open', id: 1, target: { allocation: 'a' } } as const
    happen({ type: 'open', connection: 1, message: open, now: 0 })
    happen({ type: 'opened', channel: 1 })
    happen({ type: 'flow', connection: 1, message: { t: 'flow', id: 1, credit: 64 * MiB, ack: 0 } })
    orders = 0
    events = 0
    for (let piece = 0; piece < 32 * 32; piece++) {
      happen({ type: 'output', channel: 1, stream: 1, length: PIECE.length })
      if (timers.delete('uncork')) happen({ type: 'timer', timer: 'uncork', now: 0 })
    }
    const frames = 32 * 16
    expect(events / frames).toBeLessThanOrEqual(3)
    expect(orders / frames).toBeLessThanOrEqual(4)
  })
})

describe('the memory of a flood', () => {
  /** Sockets whose runtime says when it is done with a message, which is once the waiting events were handled. */
  function watched() {
    const backend = scriptedBackend()
    const bench = serverBench(backend)
    const memory = new Set<ArrayBufferLike>()
    const onTheWay: (() => void)[] = []
    const torn: number[] = []
    const socket = {
      send(wire: WireMessage, done?: () => void) {
        if (typeof wire === 'string') return
        memory.add(wire.buffer)
        const before = wire.slice()
        onTheWay.push(() => {
          if (wire.some((byte, at) => byte !== before[at])) torn.push(wire.length)
          done?.()
        })
      },
      close: () => undefined,
      terminate: () => undefined,
      bufferedAmount: () => 0,
    }
    const events = bench.server.accept(socket, { allocation: 'a', origin: ORIGIN })
    return { backend, bench, events, memory, torn, onTheWay, socket }
  }

  it('is used again once the runtime is done with it, and never before', () => {
    const { backend, bench, events, memory, torn, onTheWay } = watched()
    const say = (message: Parameters<typeof nimbusV1.encodeControl>[0]): void => events.message(nimbusV1.encodeControl(message))
    const auth = { scheme: 'bearer', token: bench.token('a') } as const
    say({ t: 'hello', proto: 1, auth, caps: { profile: 'nimbus.v1', resume: 1 } })
    say({ t: 'open', id: 1, target: { allocation: 'a' } })
    const program = backend.programs[0]!
    for (let piece = 0; piece < 32 * 16; piece++) {
      say({ t: 'flow', id: 1, credit: PIECE.length, ack: Math.max(0, piece - 40) * PIECE.length })
      program.print(PIECE.map((byte, at) => byte + ((at + piece) % 17)))
      bench.clock.advance(0)
      if (piece % 4 === 3) for (const leaves of onTheWay.splice(0)) leaves()
    }
    expect(torn).toEqual([])
    expect(memory.size).toBeGreaterThan(0)
    expect(memory.size).toBeLessThanOrEqual(8)
    expect(bench.server.stats().held).toBeLessThanOrEqual(2 * MiB)
  })

  it('is lent: what a program prints from inside a call is kept as it was then', () => {
    const lent = new Uint8Array(3)
    const bench = serverBench({
      open(_request, events) {
        const program = { resize() {}, signal() {}, pause() {}, resume() {}, end() {}, kill() {} }
        const echo = (bytes: Uint8Array<ArrayBuffer>): void => {
          lent.set(bytes)
          events.output(1, lent)
          lent.fill(0)
        }
        events.opened()
        return { ...program, write: echo }
      },
    })
    const peer = bench.fresh()
    peer.grant(100)
    peer.type('abc')
    bench.clock.advance(0)
    expect(peer.text()).toBe('abc')
  })
})
