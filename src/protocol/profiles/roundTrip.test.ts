/** What a profile encodes it decodes, whatever the message says. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CREDIT, MAX_CHANNEL_ID, MAX_FRAME, MAX_INTEGER } from '../limits.ts'
import { SIGNALS } from '../messages.ts'
import type { ControlMessage, Stream } from '../messages.ts'
import { jsonBase64V1 } from './jsonBase64V1.ts'
import { lenpfxV1 } from './lenpfxV1.ts'
import { nimbusV1 } from './nimbusV1.ts'
import { anyText } from '../../testing/anyText.ts'

const id = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: MAX_CHANNEL_ID }))
const integer = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.constant(MAX_INTEGER))
const text = anyText({ maxLength: 20 })
const modes = fc.string({ unit: 'grapheme-ascii', maxLength: 20 }).map((printable) => `\u001b[?1049h${printable}`)
const yes = fc.constant(1 as const)
const size = { cols: integer, rows: integer }
const is = <const T extends string>(t: T) => fc.constant(t)

const resume = fc.record(
  {
    token: text,
    proof: text,
    attempt: integer,
    takeOver: yes,
    channels: fc.array(fc.record({ id, received: integer, sent: integer }, { requiredKeys: ['id', 'received'] }), {
      maxLength: 4,
    }),
  },
  { requiredKeys: ['channels'] },
)
const answer = fc.record(
  {
    accepted: fc.constant(true as const),
    session: text,
    warm: fc.boolean(),
    token: text,
    ttlMs: integer,
    nextChannel: id,
    channels: fc.array(
      fc.record(
        { id, from: integer, received: integer, answered: integer, produced: integer, size: fc.record(size), modes },
        { requiredKeys: ['id', 'from', 'received', 'answered'] },
      ),
      { maxLength: 4 },
    ),
  },
  { requiredKeys: ['accepted', 'session', 'warm', 'ttlMs', 'channels'] },
)
const name = text.filter((name) => name !== '__proto__')
const json = fc
  .jsonValue({ maxDepth: 3 })
  .map((value): unknown => JSON.parse(JSON.stringify(value)))
  .filter((value) => !JSON.stringify(value).includes('__proto__'))

const anyMessage: fc.Arbitrary<ControlMessage> = fc.oneof(
  fc.record(
    {
      t: is('hello'),
      proto: yes,
      auth: fc.oneof(fc.record({ scheme: is('bearer'), token: text }), fc.record({ scheme: is('none') })),
      caps: fc.record({ profile: text, resume: yes, clientInfo: text }, { requiredKeys: ['profile'] }),
      resume,
    },
    { requiredKeys: ['t', 'proto', 'caps'] },
  ),
  fc.record(
    {
      t: is('hello_ok'),
      server: text,
      caps: fc.record(
        { flow: is('credit'), maxFrame: fc.integer({ min: MAX_FRAME.min }), profileAccepted: text, resume: yes },
        { requiredKeys: ['flow', 'maxFrame', 'profileAccepted'] },
      ),
      proof: text,
      session: fc.record({ id: text, token: text, ttlMs: integer }),
      resume: answer,
    },
    { requiredKeys: ['t', 'server', 'caps'] },
  ),
  fc.record(
    {
      t: is('open'),
      id,
      target: fc.oneof(fc.record({ allocation: text }), fc.record({ host: text, port: fc.integer({ min: 0, max: 65_535 }) })),
      user: fc.record({ username: text, auth: json }, { requiredKeys: ['username'] }),
      term: fc.record({ ...size, env: fc.dictionary(name, text, { maxKeys: 4 }) }, { requiredKeys: ['cols', 'rows'] }),
    },
    { requiredKeys: ['t', 'id', 'target'] },
  ),
  fc.record({ t: is('open_ok'), id, resumeKey: text, ttlMs: integer }, { requiredKeys: ['t', 'id'] }),
  fc.record({ t: is('open_err'), id, code: integer, msg: text }),
  fc.record(
    { t: is('flow'), id, credit: fc.integer({ min: 0, max: CREDIT.max }), ack: integer, hold: yes },
    { requiredKeys: ['t', 'id', 'credit'] },
  ),
  fc.record({ t: is('reply'), id, at: integer, input: integer }),
  fc.record({ t: is('resize'), id, ...size }),
  fc.record({ t: is('signal'), id, sig: fc.constantFrom(...SIGNALS) }),
  fc.record({ t: is('exit'), id, code: integer, sig: text, at: integer }, { requiredKeys: ['t', 'id', 'at'] }),
  fc.record(
    { t: is('close'), id: fc.oneof(fc.constant(0), id), reason: text, retryMs: integer, afterMs: integer },
    { requiredKeys: ['t', 'id'] },
  ),
  fc.record({ t: is('ping'), ts: integer }),
  fc.record({ t: is('pong'), ts: integer }),
)

const profiles = [nimbusV1, jsonBase64V1, lenpfxV1]

test.each(profiles)('$name brings back every control message', (profile) => {
  const run = fc.property(anyMessage, (message) => {
    expect(profile.decode(profile.encodeControl(message))).toEqual({ ok: true, frame: { kind: 'control', message } })
  })
  fc.assert(run, { numRuns: 1000 })
})

test.each(profiles)('$name brings back every data frame, the empty one too', (profile) => {
  const stream = fc.constantFrom<Stream>(1, 2)
  const run = fc.property(stream, id, fc.uint8Array({ maxLength: 300 }), (stream, channel, bytes) => {
    const payload = new Uint8Array(bytes)
    expect(profile.decode(profile.encodeData(stream, channel, payload))).toEqual({
      ok: true,
      frame: { kind: 'data', stream, channel, payload },
    })
  })
  fc.assert(run, { numRuns: 500, examples: [[2, 7, new Uint8Array()]] })
})
