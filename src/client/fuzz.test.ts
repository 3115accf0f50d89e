/** Whatever a server sends, in whatever profile, before and after its hello_ok: a named state or business as usual, never a throw. */
import { describe, expect, test } from 'vitest'
import type { ControlMessage } from '../protocol/messages.ts'
import { jsonBase64V1 } from '../protocol/profiles/jsonBase64V1.ts'
import { lenpfxV1 } from '../protocol/profiles/lenpfxV1.ts'
import { nimbusV1 } from '../protocol/profiles/nimbusV1.ts'
import type { WireProfile } from '../protocol/wireProfile.ts'
import { greeting, resumption } from '../testing/clientScript.ts'
import { world } from '../testing/clientWorld.ts'
import { hostileFrame } from '../testing/hostileFrames.ts'
import { seededRandom } from '../testing/seededRandom.ts'
import type { SeededRandom } from '../testing/seededRandom.ts'

const FRAMES = 50_000
function honest(random: SeededRandom, profileAccepted: string): ControlMessage {
  const id = random.pick([1, 1, 1, 2, 3])
  const at = random.pick([0, 1, 100, 5000])
  const caps = { flow: 'credit', maxFrame: 65_536, profileAccepted, resume: 1 } as const
  return random.pick<() => ControlMessage>([
    () => greeting({ caps }),
    () => ({ ...resumption({ id, from: at, received: at }), caps }),
    () => ({ ...resumption({ id, from: at, received: at }, { warm: false, token: 'next' }), caps }),
    () => ({ t: 'open_ok', id }),
    () => ({ t: 'open_err', id, code: at, msg: 'no' }),
    () => ({ t: 'flow', id, credit: at, ack: at }),
    () => ({ t: 'exit', id, code: 1, at }),
    () => ({ t: 'close', id: random.pick([0, id]), reason: random.pick(['expired', 'idle_timeout', 'x']), retryMs: at }),
    () => ({ t: 'ping', ts: at }),
    () => ({ t: 'pong', ts: at }),
  ])()
}

const PHASES = ['starting', 'ready', 'lost', 'elsewhere', 'ended']

/** Feeds `count` frames, and goes on as a person would wherever that ended a socket. Returns the ends that were seen. */
function feed(profile: WireProfile, count: number, seed: string, greeted: boolean): ReadonlySet<string> {
  const random = seededRandom(seed)
  const ends = new Set<string>()
  let w = world({ profile })
  for (let i = 0; i < count;) {
    w = world({ profile })
    const channel = w.runner.open({ size: { cols: 80, rows: 24 } })
    channel.on('data', ({ end }) => channel.consumed(random.chance(0.9) ? end : end - 1))
    channel.on('gap', ({ end }) => channel.consumed(end))
    w.runner.on('error', (error) => {
      throw error
    })
    w.runner.start()
    w.socket.events.opened()
    if (greeted) {
      w.socket.say({ ...greeting(), caps: { flow: 'credit', maxFrame: 65_536, profileAccepted: profile.name, resume: 1 } })
      w.socket.say({ t: 'open_ok', id: 1 })
    }
    const { socket } = w
    while (i < count && socket.closedWith === null) {
      i++
      if (random.chance(0.1)) channel.write('key')
      socket.events.message(hostileFrame(random, profile, () => honest(random, profile.name)))
    }
    const { status } = w.runner.snapshot()
    if (!PHASES.includes(status.phase)) throw new Error(`${status.phase} is no phase for a person.`)
    ends.add(status.phase === 'ended' ? `ended ${status.end.reason}` : status.phase)
    w.runner.dispose()
    if (w.clock.pending() !== 0) throw new Error('A timer was left behind.')
  }
  return ends
}

describe.each([nimbusV1, jsonBase64V1, lenpfxV1])('$name', (profile) => {
  test(`${FRAMES} frames before hello_ok`, () => {
    const ends = feed(profile, FRAMES, `before ${profile.name}`, false)
    expect(ends).toContain('ended protocol_error')
  }, 60_000)

  test(`${FRAMES} frames after hello_ok`, () => {
    const ends = feed(profile, FRAMES, `after ${profile.name}`, true)
    expect(ends).toContain('ended protocol_error')
  }, 60_000)
})
