/** What an idle session and a mebibyte of a flood cost the server, counted: timers, copies and memory. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { nimbusV1 } from '../protocol/profiles/nimbusV1.ts'
import type { WireMessage } from '../protocol/wireProfile.ts'
import { ORIGIN, scriptedBackend, serverBench } from '../testing/serverPeer.ts'

const KiB = 1024
const MiB = 1024 * KiB
/** What a terminal gives at once at most. */
const PIECE = new Uint8Array(32 * KiB).fill(0x61)

describe('an idle session', () => {
  /** `count` sessions with a shell each that has just printed its prompt. */
  function idle(count: number) {
    const backend = scriptedBackend()
    const bench = serverBench(backend, { limits: { maxSessionsPerPrincipal: count, maxConnectionsPerPrincipal: count } })
    const before = bench.clock.pending()
    const peers = Array.from({ length: count }, (_, i) => bench.fresh({ allocation: `a${i}`, principal: `p${i}` }))
    for (const [i, peer] of peers.entries()) {
      peer.grant(256 * KiB, 0)
      backend.programs[i]!.print('$ ')
    }
    bench.clock.advance(1000)
    return { ...bench, programs: backend.programs, peers, timers: () => bench.clock.pending() - before }
  }

  it('has two timers: the heartbeat of its socket and the watch over a person who does nothing', () => {
    expect(idle(1).timers()).toBe(2)
    expect(idle(50).timers()).toBe(100)
  })

  it('wakes nobody up between two heartbeats', () => {
    const { clock, peers } = idle(50)
    expect(clock.nextAt()! - clock.now()).toBeGreaterThan(15_000)
    const said = peers.map(({ order }) => order.length)
    clock.advance(15_000)
    expect(peers.map(({ order }) => order.length)).toEqual(said)
  })

  it('has one more for a key, until its acknowledgement, and a second one until the events that wait with its echo are done', () => {
    const { clock, peers, programs, timers } = idle(1)
    for (let key = 0; key < 20; key++) {
      peers[0]!.type('x')
      expect(timers()).toBe(3)
      programs[0]!.print('x')
      expect(timers()).toBe(4)
      clock.advance(0)
      expect(timers()).toBe(3)
    }
    clock.advance(100)
    expect(timers()).toBe(2)
  })
})

describe('a mebibyte of a flood', () => {
  afterEach(() => void vi.restoreAllMocks())

  /** A session whose socket takes everything, and lets go of it once the waiting events were handled. */
  function flooded() {
    const backend = scriptedBackend()
    const bench = serverBench(backend)
    const leaving: (() => void)[] = []
    let sent = 0
    const socket = {
      send(wire: WireMessage, done?: () => void) {
        if (typeof wire !== 'string') sent += wire.byteLength
        if (done !== undefined) leaving.push(done)
      },
      close: () => undefined,
      terminate: () => undefined,
      bufferedAmount: () => 0,
    }
    const events = bench.server.accept(socket, { allocation: 'a', origin: ORIGIN })
    const say = (message: Parameters<typeof nimbusV1.encodeControl>[0]): void => events.message(nimbusV1.encodeControl(message))
    const auth = { scheme: 'bearer', token: bench.token('a') } as const
    say({ t: 'hello', proto: 1, auth, caps: { profile: 'nimbus.v1', resume: 1 } })
    say({ t: 'open', id: 1, target: { allocation: 'a' } })
    let printed = 0
    return {
      sent: () => sent,
      print(mebibytes: number) {
        for (const until = printed + mebibytes * MiB; printed < until; printed += PIECE.length) {
          say({ t: 'flow', id: 1, credit: PIECE.length, ack: Math.max(0, printed - 256 * KiB) })
          backend.programs[0]!.print(PIECE)
          bench.clock.advance(1)
          for (const leaves of leaving.splice(0)) leaves()
        }
      },
    }
  }

  /** Bytes that are copied from one typed array into another, or into a new one, while `act` runs. */
  function copied(act: () => void): number {
    const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array // the class behind all of them
    const { set, slice } = typedArray
    let bytes = 0
    vi.spyOn(typedArray, 'set').mockImplementation(function (this: Uint8Array, source, at) {
      bytes += source.length
      set.call(this, source, at)
    })
    vi.spyOn(typedArray, 'slice').mockImplementation(function (this: Uint8Array, from, to) {
      const part = slice.call(this, from, to)
      bytes += part.length
      return part
    })
    act()
    return bytes
  }

  /** Bytes of typed arrays that are made while `act` runs; views of others cost nothing. */
  function allocated(act: () => void): number {
    let bytes = 0
    const Native = globalThis.Uint8Array
    vi.stubGlobal(
      'Uint8Array',
      new Proxy(Native, {
        construct(target, args: [number | ArrayBuffer], newTarget) {
          if (typeof args[0] === 'number') bytes += args[0]
          return Reflect.construct(target, args, newTarget) as Uint8Array
        },
      }),
    )
    try {
      act()
    } finally {
      vi.unstubAllGlobals()
    }
    return bytes
  }

  it('is copied twice: to be kept, and behind the head of its frame', () => {
    const flood = flooded()
    flood.print(4)
    const before = flood.sent()
    const bytes = copied(() => flood.print(16))
    expect(flood.sent() - before).toBeGreaterThan(15 * MiB)
    expect(bytes).toBeGreaterThan(31 * MiB)
    expect(bytes).toBeLessThanOrEqual(32 * MiB)
  })

  it('takes no memory that an earlier one has not left behind', () => {
    const flood = flooded()
    expect(allocated(() => flood.print(4))).toBeGreaterThan(512 * KiB)
    expect(allocated(() => flood.print(16))).toBe(0)
  })
})
