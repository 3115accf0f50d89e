/** Which addresses a line holds, and where they end. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addressesIn } from './inText.ts'
import { anyText } from '../../testing/anyText.ts'

const texts = (line: string): readonly string[] => addressesIn(line).map(({ text }) => text)

describe('addresses in a line', () => {
  test.each([
    ['see https://example.com/a, or http://b.example.', ['https://example.com/a', 'http://b.example']],
    ['(https://example.com/wiki/A_(b))', ['https://example.com/wiki/A_(b)']],
    ['[link](https://example.com/a)', ['https://example.com/a']],
    ['<https://example.com>', ['https://example.com']],
    ['"https://example.com/?q=1&r=2#x"', ['https://example.com/?q=1&r=2#x']],
    ['│ https://example.com/a │', ['https://example.com/a']],
    ['详见https://example.com/a。谢谢', []],
    ['详见 https://example.com/a。谢谢', ['https://example.com/a']],
    ['HTTPS://EXAMPLE.COM/', ['HTTPS://EXAMPLE.COM/']],
    ['mailto:ana@example.com!', ['mailto:ana@example.com']],
    ['https://example.com/漢字', ['https://example.com/漢字']],
    ['https:// and mailto: alone', []],
    ['javascript:alert(1) file:///etc/passwd xhttps://example.com', []],
    ['http://[::1]:8080/a]', ['http://[::1]:8080/a']],
  ])('%s', (line, expected) => {
    expect(texts(line)).toEqual(expected)
  })

  test('stand where they are said to stand', () => {
    fc.assert(
      fc.property(anyText(), fc.webUrl(), anyText(), (before, url, query) => {
        const line = `${before} ${url}?${encodeURIComponent(query)} end`
        for (const { start, end, text } of addressesIn(line)) expect(line.slice(start, end)).toBe(text)
      }),
    )
  })

  test('are not searched for without end', () => {
    expect(texts(`https://example.com/${'a'.repeat(100_000)}`)).toEqual([])
    expect(texts(`https://example.com/${')'.repeat(100_000)}`)).toEqual(['https://example.com/'])
  })
})
