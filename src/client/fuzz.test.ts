/** Whatever a server sends, in whatever profile, before and after its hello_ok: a named state or business as usual, never a throw. */
import { describe, expect, test } from 'vitest'
import type { ControlMessage } from '../protocol/messages.ts'
import { jsonBase64V1 } from '../protocol/profiles/jsonBase64V1.ts'
import { lenpfxV1 } from '../protocol/profiles/lenpfxV1.ts'
import { nimbusV1 } from '../protocol/profiles/nimbusV1.ts'
import type { WireMessage, WireProfile } from '../protocol/wireProfile.ts'
import { greeting, resumption } from '../testing/clientScript.ts'
import { world } from '../testing/clientWorld.ts'
import { seededRandom } from '../testing/seededRandom.ts'
import type { SeededRandom } from '../testing/seededRandom.ts'

const FRAMES = 50_000
const NUMBERS = [0, 1, 2, 255, 65_535, 2 ** 31, 2 ** 32 - 1, 2 ** 53 - 1, 2 ** 53, -1, 0.5, 1e300]
const VALUES: readonly unknown[] = [...NUMBERS, '', 'x', null, true, [], {}, [[]], '\u0000', '\ud800', 'expired', '__proto__']

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

/** The same object with one value replaced, removed or added, somewhere inside. */
function bent(random: SeededRandom, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || random.chance(0.3)) return random.pick(VALUES)
  const fields = Object.entries(value)
  const [name] = fields.length === 0 ? ['new'] : random.pick(fields)
  if (random.chance(0.2)) return Object.fromEntries(fields.filter(([other]) => other !== name))
  const change = Object.fromEntries([[name, bent(random, Object.fromEntries(fields)[name])]])
  return Array.isArray(value) ? Object.values({ ...value, ...change }) : { ...value, ...change }
}

function spoiled(random: SeededRandom, wire: WireMessage): WireMessage {
  if (typeof wire === 'string') {
    const at = random.int(0, wire.length)
    return wire.slice(0, at) + random.pick(['', '"', '{', '\u0000', '9', '\ud800']) + wire.slice(at + random.int(0, 2))
  }
  const bytes = wire.slice(0, random.chance(0.3) ? random.int(0, wire.byteLength) : wire.byteLength)
  if (bytes.byteLength > 0) bytes[random.int(0, bytes.byteLength - 1)] = random.int(0, 255)
  return bytes
}

/** One message as a server might send it that is wrong, evil or quite all right. */
function frame(random: SeededRandom, profile: WireProfile): WireMessage {
  const control = (): WireMessage => profile.encodeControl(honest(random, profile.name))
  const data = (): WireMessage =>
    profile.encodeData(random.pick([1, 2]), random.pick([1, 1, 2, 9]), random.bytes(random.pick([0, 1, 50, 500])))
  return random.pick<() => WireMessage>([
    control,
    data,
    data,
    data,
    () => profile.encodeControl({ t: 'pong', ts: 1 }),
    () => profile.encodeControl({ t: 'flow', id: 1, credit: 1, ack: 0 }),
    () => spoiled(random, control()),
    () => spoiled(random, data()),
    // What is bent on purpose is no message any more; the profile writes it all the same.
    () => profile.encodeControl(bent(random, honest(random, profile.name)) as ControlMessage),
    () => random.bytes(random.int(0, 40)),
    () => JSON.stringify(random.pick(VALUES)),
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
      socket.events.message(frame(random, profile))
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
