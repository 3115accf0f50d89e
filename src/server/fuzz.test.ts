/** Whatever a client sends, in whatever profile, before and after its hello: a named close or business as usual, and nobody else notices. */
import { describe, expect, test } from 'vitest'
import type { ControlMessage } from '../protocol/messages.ts'
import { jsonBase64V1 } from '../protocol/profiles/jsonBase64V1.ts'
import { lenpfxV1 } from '../protocol/profiles/lenpfxV1.ts'
import { nimbusV1 } from '../protocol/profiles/nimbusV1.ts'
import type { WireProfile } from '../protocol/wireProfile.ts'
import { hostileFrame } from '../testing/hostileFrames.ts'
import { seededRandom } from '../testing/seededRandom.ts'
import type { SeededRandom } from '../testing/seededRandom.ts'
import { scriptedBackend, serverBench } from '../testing/serverPeer.ts'
import type { Peer, ServerBench } from '../testing/serverPeer.ts'

const FRAMES = 50_000
/** Sockets in a row on one server. */
const SOCKETS = 200

function honest(random: SeededRandom, profile: string): ControlMessage {
  const id = random.pick([1, 1, 1, 2, 3])
  const at = random.pick([0, 1, 100, 5000])
  const resume = { token: 'x.y', attempt: at, channels: [{ id, received: at, sent: at }] }
  return random.pick<() => ControlMessage>([
    () => ({ t: 'hello', proto: 1, auth: { scheme: 'bearer', token: 'wrong' }, caps: { profile, resume: 1 } }),
    () => ({ t: 'hello', proto: 1, caps: { profile, resume: 1 }, resume }),
    () => ({ t: 'open', id, target: { allocation: 'a' }, term: { cols: 80, rows: 24 } }),
    () => ({ t: 'open', id: id + 10, target: { host: 'h', port: 22 }, user: { username: 'u' } }),
    () => ({ t: 'flow', id, credit: at, ack: 0 }),
    () => ({ t: 'flow', id, credit: at, ack: at }),
    () => ({ t: 'reply', id, at, input: at }),
    () => ({ t: 'resize', id, cols: at, rows: random.pick([24, 0, 1000, 1001]) }),
    () => ({ t: 'signal', id, sig: 'INT' }),
    () => ({ t: 'close', id: random.pick([0, id, id]) }),
    () => ({ t: 'ping', ts: at }),
    () => ({ t: 'pong', ts: at }),
  ])()
}

/** Somebody who works on the same server all the while. */
class Bystander {
  readonly #peer: Peer
  #typed = 0

  constructor(bench: ServerBench) {
    this.#peer = bench.fresh({ allocation: 'quiet', principal: 'bob' })
    this.#peer.grant(1_000_000)
  }

  /** Types, prints, and finds both whole. */
  works(backend: ReturnType<typeof scriptedBackend>): void {
    const program = backend.programs.find(({ request }) => request.allocation === 'quiet')
    this.#peer.type('k')
    this.#typed++
    program?.print('p')
    expect(this.#peer.closed()).toBeNull()
    expect(program?.input()).toHaveLength(this.#typed)
    expect(this.#peer.received()).toBe(this.#typed)
  }
}

const CRASHES = ['session_crashed', 'connection_crashed', 'backend_threw', 'job_threw', 'admission_failed']
const NAMED = [1000, 4000, 4001, 4002, 4003, 4004, 4005, 4006, 4007, 4008, 4009, 4010, 4011, 4012, 4013, 4014, 4018]

/** Feeds `count` frames over as many sockets as they end. Returns the close codes that were earned. */
function feed(profile: WireProfile, count: number, seed: string, greeted: boolean): ReadonlySet<number> {
  const random = seededRandom(seed)
  const codes = new Set<number>()
  for (let i = 0; i < count;) {
    const backend = scriptedBackend()
    const bench = serverBench(backend)
    const bystander = new Bystander(bench)
    for (let sockets = 0; i < count && sockets < SOCKETS; sockets++) {
      // Each has its own allocation, since a session outlives its socket.
      const allocation = `a${sockets}`
      const peer = greeted ? bench.fresh({ allocation, principal: allocation, profile }) : bench.connect({ allocation, profile })
      while (i < count && peer.closed() === null && !peer.terminated()) {
        i++
        peer.raw(hostileFrame(random, profile, () => honest(random, profile.name)))
        if (random.chance(0.02)) bench.clock.advance(random.int(0, 2000))
      }
      const code = peer.closed()?.code
      if (code !== undefined) codes.add(code)
      peer.cut()
    }
    bench.clock.advance(100)
    bystander.works(backend)
    expect(bench.codes().filter((code) => CRASHES.includes(code))).toEqual([])
  }
  return codes
}

describe.each([nimbusV1, jsonBase64V1, lenpfxV1])('$name', (profile) => {
  test(`${FRAMES} frames before the hello`, () => {
    const codes = feed(profile, FRAMES, `before ${profile.name}`, false)
    expect([...codes].filter((code) => !NAMED.includes(code))).toEqual([])
    expect(codes).toContain(4014)
    expect(codes).toContain(4002)
  }, 60_000)

  test(`${FRAMES} frames after the hello`, () => {
    const codes = feed(profile, FRAMES, `after ${profile.name}`, true)
    expect([...codes].filter((code) => !NAMED.includes(code))).toEqual([])
    for (const code of [4002, 4007, 4009, 4014]) expect(codes).toContain(code)
  }, 60_000)
})
