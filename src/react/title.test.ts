/** Titles are shown without what cannot be seen. */
import { describe, expect, test } from 'vitest'
import { cleanTitle } from './title.ts'

describe('a title', () => {
  test('has no control or bidi characters and at most 256 characters', () => {
    expect(cleanTitle('ba\u0007s\u202eh\u2066')).toBe('bash')
    expect(cleanTitle('x'.repeat(10_000))).toHaveLength(256)
  })

  test('has no half characters at its end', () => {
    expect(cleanTitle(`${'x'.repeat(255)}😀`)).toBe('x'.repeat(255))
    expect(cleanTitle(`${'x'.repeat(254)}😀`)).toBe(`${'x'.repeat(254)}😀`)
  })
})
