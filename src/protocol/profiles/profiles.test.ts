/** Every profile stays below the frame bound, refuses what it does not speak, and is found by its first frame. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CLOSE_CODE } from '../closeReasons.ts'
import { MAX_CHANNEL_ID, MAX_FRAME } from '../limits.ts'
import type { ControlMessage, Hello, Stream } from '../messages.ts'
import { encodeUtf8 } from '../utf8.ts'
import { wireSize } from '../wireProfile.ts'
import type { WireMessage, WireProfile } from '../wireProfile.ts'
import { jsonBase64V1 } from './jsonBase64V1.ts'
import { lenpfxV1 } from './lenpfxV1.ts'
import { nimbusV1 } from './nimbusV1.ts'
import { createProfileRegistry } from './registry.ts'
import { anyText } from '../../testing/anyText.ts'

const PROFILES = [nimbusV1, jsonBase64V1, lenpfxV1]

const stream = fc.constantFrom<Stream>(1, 2)
const channel = fc.oneof(
  fc.integer({ min: 1, max: 300 }),
  fc.integer({ min: 1, max: MAX_CHANNEL_ID }),
  fc.constant(MAX_CHANNEL_ID),
)

describe.each(PROFILES)('$name', (profile) => {
  test('a payload of maxPayload(n) bytes makes a message of at most n bytes, and few are wasted', () => {
    const run = fc.property(fc.integer({ min: MAX_FRAME.min, max: 70_000 }), stream, channel, (maxFrame, stream, channel) => {
      const largest = profile.maxPayload(maxFrame)
      expect(wireSize(profile.encodeData(stream, channel, new Uint8Array(largest)))).toBeLessThanOrEqual(maxFrame)
      expect(wireSize(profile.encodeData(1, MAX_CHANNEL_ID, new Uint8Array(largest + 3)))).toBeGreaterThan(maxFrame)
    })
    fc.assert(run, { numRuns: 300 })
    expect(profile.maxPayload(MAX_FRAME.initial)).toBeGreaterThan(MAX_FRAME.initial * 0.74)
    expect(profile.maxPayload(0)).toBe(1)
  })

  test('reads a message that lies inside a larger buffer', () => {
    const payload = new Uint8Array([9, 8, 7])
    const wire = profile.encodeData(1, 5, payload)
    if (typeof wire === 'string') return expect(profile.name).toBe('json-base64.v1')
    const larger = new Uint8Array(wire.length + 20)
    larger.set(wire, 11)
    expect(profile.decode(larger.subarray(11, 11 + wire.length))).toEqual(profile.decode(wire))
  })
})

describe('what a profile does not speak closes with 4014', () => {
  const ping = '{"t":"ping","ts":1}'
  const bytes = (...all: readonly number[]) => Uint8Array.from(all)
  const cases: readonly (readonly [WireProfile, string, WireMessage])[] = [
    [nimbusV1, 'control in a binary frame', encodeUtf8(ping)],
    [nimbusV1, 'a frame without a header', bytes(1, 0, 0, 1)],
    [nimbusV1, 'an empty frame', bytes()],
    [nimbusV1, 'a reserved stream', bytes(3, 0, 0, 0, 1, 65)],
    [nimbusV1, 'channel 0', bytes(1, 0, 0, 0, 0, 65)],
    [jsonBase64V1, 'a binary frame', encodeUtf8(ping)],
    [jsonBase64V1, 'a stream by number', '{"kind":"data","stream":1,"id":1,"payload":""}'],
    [jsonBase64V1, 'an unknown stream', '{"kind":"data","stream":"stdin","id":1,"payload":""}'],
    [jsonBase64V1, 'channel 0', '{"kind":"data","stream":"stdout","id":0,"payload":""}'],
    [jsonBase64V1, 'no channel', '{"kind":"data","stream":"stdout","payload":""}'],
    [jsonBase64V1, 'no payload', '{"kind":"data","stream":"stdout","id":1}'],
    [jsonBase64V1, 'base64 without padding', '{"kind":"data","stream":"stdout","id":1,"payload":"AA"}'],
    [jsonBase64V1, 'another kind', '{"kind":"control","stream":"stdout","id":1,"payload":""}'],
    [jsonBase64V1, 'an inherited kind', '{"__proto__":{"kind":"data"},"stream":"stdout","id":1,"payload":""}'],
    [lenpfxV1, 'a text frame', ping],
    [lenpfxV1, 'a length that is too large', bytes(0, 0, 0, 7, 1, 0, 0, 0, 1, 65)],
    [lenpfxV1, 'a length that is too small', bytes(0, 0, 0, 5, 1, 0, 0, 0, 1, 65)],
    [lenpfxV1, 'a frame without a header', bytes(0, 0, 0, 4, 1, 0, 0, 0)],
    [lenpfxV1, 'a reserved stream', bytes(0, 0, 0, 6, 9, 0, 0, 0, 1, 65)],
    [lenpfxV1, 'channel 0', bytes(0, 0, 0, 6, 1, 0, 0, 0, 0, 65)],
    [lenpfxV1, 'control on a channel', Uint8Array.of(0, 0, 0, 5 + ping.length, 16, 0, 0, 0, 1, ...encodeUtf8(ping))],
    [lenpfxV1, 'control that is not UTF-8', bytes(0, 0, 0, 8, 16, 0, 0, 0, 0, 0x22, 0xff, 0x22)],
    [
      lenpfxV1,
      'control behind a byte order mark',
      Uint8Array.of(0, 0, 0, 8 + ping.length, 16, 0, 0, 0, 0, 0xef, 0xbb, 0xbf, ...encodeUtf8(ping)),
    ],
  ]
  test.each(cases.map(([profile, what, wire]) => ({ profile, name: profile.name, what, wire })))(
    '$name: $what',
    ({ profile, wire }) => {
      expect(profile.decode(wire)).toMatchObject({ ok: false, code: CLOSE_CODE.MALFORMED_FRAME })
    },
  )
})

test('json-base64.v1 reads data in any order of fields, with escapes and with fields it does not know', () => {
  const wire = ' {"payload":"\\/\\/8=", "more":[1], "id":3, "stream":"stderr", "kind":"data"}'
  expect(jsonBase64V1.decode(wire)).toEqual({
    ok: true,
    frame: { kind: 'data', stream: 2, channel: 3, payload: Uint8Array.of(255, 255) },
  })
})

test('wireSize counts text as UTF-8 does', () => {
  const run = fc.property(anyText(), (text) => {
    expect(wireSize(text)).toBe(encodeUtf8(text).length)
  })
  fc.assert(run)
  for (const text of ['\ud800', 'a\udfffb', '\ud800\ud800\udc00', '߿ࠀ￿']) expect(wireSize(text)).toBe(encodeUtf8(text).length)
  expect(wireSize(new Uint8Array(7))).toBe(7)
})

describe('the registry', () => {
  const registry = createProfileRegistry()
  const hello = (profile: string): Hello => ({ t: 'hello', proto: 1, caps: { profile } })

  test.each(PROFILES)('finds $name by a hello that names it', (profile) => {
    expect(registry.detect(profile.encodeControl(hello(profile.name)))).toEqual({ ok: true, profile, hello: hello(profile.name) })
    expect(registry.get(profile.name)).toBe(profile)
  })

  test('knows nothing else', () => {
    expect(registry.get('constructor')).toBeUndefined()
    expect(registry.names()).toEqual(['nimbus.v1', 'json-base64.v1', 'lenpfx.v1'])
  })

  const ping: ControlMessage = { t: 'ping', ts: 1 }
  const refusals: readonly (readonly [number, string, WireMessage])[] = [
    [4001, 'a hello in text that names no registered profile', nimbusV1.encodeControl(hello('nimbus.v2'))],
    [4001, 'a hello in bytes that names no registered profile', lenpfxV1.encodeControl(hello('nimbus.v2'))],
    [4002, 'a hello in text that names a binary profile', nimbusV1.encodeControl(hello('lenpfx.v1'))],
    [4002, 'a hello in bytes that names a text profile', lenpfxV1.encodeControl(hello('nimbus.v1'))],
    [4002, 'a hello of another version', '{"t":"hello","proto":2,"caps":{"profile":"nimbus.v1"}}'],
    [4002, 'a hello without caps', '{"t":"hello","proto":1}'],
    [4002, 'another message in text', nimbusV1.encodeControl(ping)],
    [4002, 'another message in bytes', lenpfxV1.encodeControl(ping)],
    [4002, 'data of nimbus.v1', nimbusV1.encodeData(1, 1, new Uint8Array(3))],
    [4002, 'data of json-base64.v1', jsonBase64V1.encodeData(1, 1, new Uint8Array(3))],
    [4002, 'data of lenpfx.v1', lenpfxV1.encodeData(1, 1, new Uint8Array(3))],
    [4002, 'an unknown message', '{"t":"greetings"}'],
    [4002, 'a message to be ignored', '{"t":"x-hello"}'],
    [4014, 'text that is no JSON', 'GET / HTTP/1.1'],
    [4014, 'a malformed message', '{"t":"ping"}'],
    [4014, 'JSON that is no message', '[1]'],
    [4014, 'bytes', Uint8Array.of(22, 3, 1, 2, 0)],
    [4014, 'nothing', ''],
  ]
  test.each(refusals)('closes with %i on %s', (code, _what, first) => {
    expect(registry.detect(first)).toMatchObject({ ok: false, code })
  })

  test('takes a further profile, which speaks in its own way', () => {
    const shout: WireProfile = {
      ...nimbusV1,
      name: 'shout.v1',
      encodeControl: (message) => `!${JSON.stringify(message)}`,
      decode: (wire) => nimbusV1.decode(typeof wire === 'string' && wire.startsWith('!') ? wire.slice(1) : '!'),
    }
    const larger = createProfileRegistry([shout])
    expect(larger.names()).toEqual([...registry.names(), 'shout.v1'])
    expect(larger.detect(shout.encodeControl(hello('shout.v1')))).toEqual({ ok: true, profile: shout, hello: hello('shout.v1') })
    expect(larger.detect(nimbusV1.encodeControl(hello('nimbus.v1')))).toMatchObject({ ok: true, profile: nimbusV1 })
    expect(registry.get('shout.v1')).toBeUndefined()
  })

  test('does not take two of one name', () => {
    expect(() => createProfileRegistry([{ ...lenpfxV1, name: 'nimbus.v1' }])).toThrow('Two wire profiles are called nimbus.v1')
  })
})
