/** Base64 here is the runtime's own, and takes nothing but what it writes. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeBase64, encodeBase64, encodedLength } from './base64.ts'

describe('base64', () => {
  test('agrees with the runtime and comes back', () => {
    const run = fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      const text = encodeBase64(new Uint8Array(bytes))
      expect(text).toBe(Buffer.from(bytes).toString('base64'))
      expect(text.length).toBe(encodedLength(bytes.length))
      expect(decodeBase64(text)).toEqual(new Uint8Array(bytes))
    })
    fc.assert(run, { numRuns: 1000 })
  })

  test('of any text is refused, or is exactly what encodes to it', () => {
    const digits = fc.string({
      unit: fc.constantFrom('A', 'B', 'Q', 'g', 'w', '/', '+', '9', '=', '-', '_', ' ', '\n', 'é', '\u0141'),
      maxLength: 12,
    })
    const run = fc.property(digits, (text) => {
      const bytes = decodeBase64(text)
      if (bytes === null) expect(Buffer.from(text, 'base64').toString('base64')).not.toBe(text)
      else expect(encodeBase64(bytes)).toBe(text)
    })
    fc.assert(run, { numRuns: 5000 })
  })

  test.each([
    'A',
    'AA',
    'AAA',
    'AA=A',
    'A===',
    '====',
    '=AAA',
    'AB==',
    'AAB=',
    'AA==AAAA',
    'AA-_',
    'AAA\n',
    'AA\u0141A',
    'AAA\u0441',
    ' AAA',
  ])('refuses %j', (text) => {
    expect(decodeBase64(text)).toBeNull()
  })
})
