/** Frames of a peer that is broken or evil, in any profile: honest ones, honest ones with something wrong, and noise. */
import type { ControlMessage } from '../protocol/messages.ts'
import type { WireMessage, WireProfile } from '../protocol/wireProfile.ts'
import type { SeededRandom } from './seededRandom.ts'

const NUMBERS = [0, 1, 2, 255, 65_535, 2 ** 31, 2 ** 32 - 1, 2 ** 53 - 1, 2 ** 53, -1, 0.5, 1e300]
const VALUES: readonly unknown[] = [...NUMBERS, '', 'x', null, true, [], {}, [[]], '\u0000', '\ud800', 'expired', '__proto__']

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

/** One message that is wrong, evil or quite all right, made from what an honest peer would say. */
export function hostileFrame(random: SeededRandom, profile: WireProfile, honest: () => ControlMessage): WireMessage {
  const control = (): WireMessage => profile.encodeControl(honest())
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
    () => profile.encodeControl(bent(random, honest()) as ControlMessage),
    () => random.bytes(random.int(0, 40)),
    () => JSON.stringify(random.pick(VALUES)),
  ])()
}
