/** 100 000 frames of a stranger in each profile: each is read or earns a code of the protocol, and nothing is thrown. */
import { describe, expect, test } from 'vitest'
import { CLOSE_CODE } from './closeReasons.ts'
import { MAX_INTEGER } from './limits.ts'
import type { ControlMessage } from './messages.ts'
import { createProfileRegistry } from './profiles/registry.ts'
import { decodeUtf8, encodeUtf8 } from './utf8.ts'
import type { Decoded, WireMessage, WireProfile } from './wireProfile.ts'

const FRAMES = 100_000
/** Milliseconds: takes one or two seconds, and may take longer where many suites share a processor. */
const PATIENCE = 60_000
/** `FUZZ_SEED` runs a failure again. */
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31)

const registry = createProfileRegistry()
const { BAD_HELLO, UNSUPPORTED_MESSAGE, MALFORMED_FRAME, UNSUPPORTED_PROFILE } = CLOSE_CODE

/** Chance from a seed: xorshift, good enough to wander. */
class Chance {
  private state: number

  constructor(seed: number) {
    this.state = (seed ^ 0x9e3779b9) | 1
  }

  below(limit: number): number {
    this.state ^= this.state << 13
    this.state ^= this.state >>> 17
    this.state ^= this.state << 5
    return (this.state >>> 0) % limit
  }

  one<T>(all: readonly T[]): T {
    const found = all[this.below(all.length)]
    if (found === undefined) throw new Error('Nothing to choose from.')
    return found
  }

  bytes(length: number): Uint8Array<ArrayBuffer> {
    return Uint8Array.from({ length }, () => this.below(256))
  }
}

const VALID: readonly ControlMessage[] = [
  {
    t: 'hello',
    proto: 1,
    auth: { scheme: 'bearer', token: 't' },
    caps: { profile: 'nimbus.v1', resume: 1 },
    resume: { token: 't', proof: 'p', attempt: 1, channels: [{ id: 1, received: 4, sent: 2 }] },
  },
  {
    t: 'hello_ok',
    server: 's',
    caps: { flow: 'credit', maxFrame: 4096, profileAccepted: 'nimbus.v1', resume: 1 },
    resume: {
      accepted: true,
      session: 's',
      warm: true,
      ttlMs: 1,
      channels: [{ id: 1, from: 0, received: 0, answered: 0, size: { cols: 1, rows: 1 } }],
    },
  },
  {
    t: 'open',
    id: 1,
    target: { host: 'h', port: 22 },
    user: { username: 'u', auth: { key: ['k'] } },
    term: { cols: 80, rows: 24, env: { A: 'b' } },
  },
  { t: 'open_ok', id: 1, resumeKey: 'k', ttlMs: 1 },
  { t: 'open_err', id: 1, code: 4005, msg: 'm' },
  { t: 'flow', id: 1, credit: 9, ack: 3, hold: 1 },
  { t: 'reply', id: 1, at: 3, input: 4 },
  { t: 'resize', id: 1, cols: 80, rows: 24 },
  { t: 'signal', id: 1, sig: 'INT' },
  { t: 'exit', id: 1, code: 0, sig: 'HUP', at: 3 },
  { t: 'close', id: 0, reason: 'user_closed', retryMs: 1 },
  { t: 'ping', ts: 1 },
  { t: 'pong', ts: 1 },
]

/** JSON that is out of the ordinary where a value stands. */
const ODD_VALUES = [
  'null',
  'true',
  '-1',
  '-0',
  '1.5',
  '1e999',
  '9007199254740992',
  '4294967296',
  `${'9'.repeat(400)}`,
  '""',
  '"\\ud800"',
  '"\\u0000"',
  '{}',
  '[]',
  '[[]]',
  '{"t":"ping","ts":1}',
  '{"__proto__":{"id":1}}',
  '{"constructor":{"prototype":{"id":1}}}',
  '{"length":4294967295}',
  '{"toString":1,"valueOf":1,"toJSON":1}',
  '[1,[2,[3,[4,[5,[6,[7,[8,[9,[0,[1,[2,[3,[4,[5,[6]]]]]]]]]]]]]]]]',
  '['.repeat(2000),
  `"${'x'.repeat(70_000)}"`,
]
const ODD_KEYS = ['"__proto__"', '"constructor"', '"t"', '"kind"', '"payload"', '"toString"', '"id"', '""', '"x-"']

/** One value or key of some JSON replaced, doubled or removed. */
function bend(text: string, chance: Chance): string {
  const parts = [...text.matchAll(/"[^"]*"(?=:)|"[^"]*"|\d+|true|\{\}|\[\]/g)]
  const part = chance.one(parts)
  const [before, after] = [text.slice(0, part.index), text.slice(part.index + part[0].length)]
  if (!after.startsWith(':')) return `${before}${chance.one(ODD_VALUES)}${after}`
  const key = chance.one([...ODD_KEYS, part[0]])
  return chance.below(2) === 0 ? `${before}${key}${after}` : `${before}${key}:${chance.one(ODD_VALUES)},${part[0]}${after}`
}

/** Some bytes flipped, cut out, doubled or appended. */
function damage(bytes: Uint8Array<ArrayBuffer>, chance: Chance): Uint8Array<ArrayBuffer> {
  const at = chance.below(bytes.length + 1)
  switch (chance.below(4)) {
    case 0:
      return bytes.slice(0, at)
    case 1:
      return Uint8Array.of(...bytes.subarray(0, at), ...chance.bytes(chance.below(5)), ...bytes.subarray(at))
    case 2:
      return Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at + 1 + chance.below(4)))
    default: {
      const flipped = bytes.slice()
      for (let flips = chance.below(4); flips >= 0 && flipped.length > 0; flips--)
        flipped[chance.below(flipped.length)] = chance.below(256)
      return flipped
    }
  }
}

/** As a WebSocket delivers it: text frames are always Unicode, so what is not is replaced. */
function asText(bytes: Uint8Array<ArrayBuffer>): string {
  return decodeUtf8(bytes) ?? String.fromCharCode(...bytes)
}

/** The text as a control message of this profile, whatever it says. */
function frameOf(profile: WireProfile, text: string): WireMessage {
  const empty = profile.encodeControl({ t: 'ping', ts: 0 })
  if (typeof empty === 'string') return text
  const body = encodeUtf8(text)
  const wire = new Uint8Array(9 + body.length)
  const header = new DataView(wire.buffer)
  header.setUint32(0, 5 + body.length)
  header.setUint8(4, 16)
  wire.set(body, 9)
  return wire
}

function fuzzed(profile: WireProfile, chance: Chance): WireMessage {
  const kind = chance.below(10)
  if (kind === 0) return chance.bytes(chance.below(40))
  if (kind === 1) return asText(chance.bytes(chance.below(40)))
  if (kind < 6) return frameOf(profile, bend(JSON.stringify(chance.one(VALID)), chance))
  const valid =
    kind < 8
      ? profile.encodeControl(chance.one(VALID))
      : profile.encodeData(chance.one([1, 2]), 1 + chance.below(9), chance.bytes(chance.below(30)))
  if (kind === 9 && typeof valid === 'string') return bend(valid, chance)
  return typeof valid === 'string' ? asText(damage(encodeUtf8(valid), chance)) : damage(valid, chance)
}

/** A word for what came out, or a throw if it is nothing that the protocol knows. */
function judge(decoded: Decoded): string {
  if (!decoded.ok) {
    if (![BAD_HELLO, UNSUPPORTED_MESSAGE, MALFORMED_FRAME].some((code) => code === decoded.code))
      throw new Error(`code ${decoded.code}`)
    return String(decoded.code)
  }
  const { frame } = decoded
  if (frame.kind === 'data' && !(isId(frame.channel) && (frame.stream === 1 || frame.stream === 2)))
    throw new Error('data for nobody')
  if (frame.kind === 'control') checkIntegers(frame.message)
  return frame.kind
}

function isId(id: number): boolean {
  return Number.isInteger(id) && id >= 1 && id < 2 ** 32
}

/** No number of the protocol itself is anything but an integer in range; `user.auth` is the backend's. */
function checkIntegers(message: ControlMessage): void {
  const text = JSON.stringify(message, (key, value: unknown) => {
    if (typeof value === 'number' && !(Number.isInteger(value) && Math.abs(value) <= MAX_INTEGER))
      throw new Error(`${key} is ${value}`)
    return key === 'user' ? undefined : value
  })
  if (text.includes('__proto__')) throw new Error('a key that nobody asked for')
  if ('id' in message && message.id !== 0 && !isId(message.id)) throw new Error(`id ${message.id}`)
}

describe(`fuzz with FUZZ_SEED=${SEED}`, () => {
  test.each(registry.names())(
    '%s',
    (name) => {
      const profile = registry.get(name)
      if (profile === undefined) throw new Error('no such profile')
      const chance = new Chance(SEED)
      const outcomes = new Map<string, number>()
      for (let frame = 0; frame < FRAMES; frame++) {
        const wire = fuzzed(profile, chance)
        try {
          const outcome = judge(profile.decode(wire))
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
          const first = frame % 8 === 0 ? registry.detect(wire) : { ok: true as const }
          if (!first.ok && ![UNSUPPORTED_PROFILE, BAD_HELLO, MALFORMED_FRAME].some((code) => code === first.code))
            throw new Error(`first ${first.code}`)
        } catch (error) {
          throw new Error(`FUZZ_SEED=${SEED}, frame ${frame}: ${JSON.stringify(wire).slice(0, 400)}`, { cause: error })
        }
      }
      // A fuzzer that reaches only one outcome proves nothing.
      for (const outcome of ['control', 'data', '4002', '4009', '4014'])
        expect([outcome, (outcomes.get(outcome) ?? 0) > 100]).toEqual([outcome, true])
      expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('id')
    },
    PATIENCE,
  )
})
