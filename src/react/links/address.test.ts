/** Where a link really leads, and that nothing opens but the web and mail. */
import { describe, expect, test } from 'vitest'
import { judge, lineAddress, readAddress, tells } from './address.ts'

const shown = (raw: string) => {
  const { before, host, after } = readAddress(raw)
  return [before, host, after]
}

describe('an address', () => {
  test('has its true host as a piece of its own', () => {
    expect(shown('https://docs.example.com/deploy?a=1#top')).toEqual(['https://', 'docs.example.com', '/deploy?a=1#top'])
    expect(shown('HTTP://EXAMPLE.com:8080')).toEqual(['http://', 'example.com', ':8080/'])
    expect(shown('mailto:ana@example.com?subject=hi')).toEqual(['mailto:ana@', 'example.com', '?subject=hi'])
  })

  test.each([
    ['a name before the host', 'https://accounts.google.com@evil.example/login', 'evil.example'],
    ['a name and a password before the host', 'https://google.com:x@evil.example', 'evil.example'],
    ['a backslash for a slash', 'https://evil.example\\@google.com', 'evil.example'],
    ['letters of another script', 'https://раураl.com/', 'xn--l-7sba6dbr.com'],
    ['a whole name in letters that look Latin', 'https://аррӏе.com/', 'xn--80ak6aa92e.com'],
    ['wide letters', 'https://ｅｖｉｌ.example/', 'evil.example'],
    ['a number for an address', 'http://0x7f.1/', '127.0.0.1'],
    ['a host that begins like another', 'https://google.com.evil.example/', 'google.com.evil.example'],
    ['a mark that turns the text around', 'https://evil.example/\u202emoc.elgoog//:sptth', 'evil.example'],
  ])('shows the host that it leads to: %s', (_name, raw, host) => {
    expect(readAddress(raw).host).toBe(host)
    const { before, after } = readAddress(raw)
    // oxlint-disable-next-line no-control-regex -- only what can be seen, in the order in which it stands
    expect(`${before}${after}`).toMatch(/^[\u0020-\u007e]*$/)
  })

  test('keeps the letters of a script that looks like no other', () => {
    expect(readAddress('https://例え.jp/').host).toBe('例え.jp')
    expect(readAddress('https://例え.pаypal.com/').host).toBe('例え.xn--pypal-4ve.com')
  })

  test('in the line keeps its host whole and loses the end of its path first', () => {
    expect(lineAddress(readAddress('https://docs.example.com/deploy'))).toEqual({
      before: 'https://',
      host: 'docs.example.com',
      after: '/deploy',
    })
    expect(lineAddress(readAddress('https://google.com@evil.example/'))).toEqual({
      before: 'https://',
      host: 'evil.example',
      after: '',
    })
    expect(lineAddress(readAddress('file:///etc/passwd'))).toEqual({ before: 'file:///etc/passwd', host: '', after: '' })
    expect(lineAddress(readAddress(`https://google.com.${'a.'.repeat(100)}evil.example/`)).host).toMatch(/^….*evil\.example$/)
  })
})

describe('what never opens', () => {
  test.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'java\nscript:alert(1)',
    '\u0001javascript:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'file:///etc/passwd',
    'vbscript:msgbox(1)',
    'blob:https://example.com/1',
    'view-source:https://example.com',
    'ws://example.com',
    'ssh://example.com',
    'tel:112',
    'ms-msdt:/id',
    'chrome://settings',
    'about:blank',
    '//example.com',
    '/relative',
    'https://',
    'https:///',
    'not an address',
    '',
    `https://example.com/${'a'.repeat(2048)}`,
  ])('%j', (raw) => {
    const address = readAddress(raw)
    expect(address.opens).toBe(false)
    expect(judge(address, raw)).toBe('copy')
  })

  test('is shown with every character that nobody would see by name', () => {
    expect(readAddress('file:///a\u202eb\u0007').before).toBe('file:///a[U+202E]b[U+0007]')
  })
})

describe('a click', () => {
  test.each([
    ['https://example.com/', 'https://example.com'],
    ['https://example.com/a', 'example.com/a'],
    ['https://example.com/a', 'https://example.com/a '],
  ])('opens %s, whose text is %s', (raw, text) => {
    expect(judge(readAddress(raw), text)).toBe('open')
  })

  test.each([
    ['https://evil.example/', 'https://google.com/'],
    ['https://evil.example/', 'rollback guide'],
    ['https://evil.example/', ''],
    ['https://google.com@evil.example/', 'https://google.com@evil.example/'],
    ['https://аррӏе.com/', 'https://аррӏе.com/'],
    ['https://example.com/a', 'https://example.com/b'],
    ['http://example.com/', 'https://example.com/'],
    ['mailto:ana@example.com', 'mailto:ana@example.com'],
    ['https://example.com/%E2%80%AEa', 'https://example.com/\u202ea'],
  ])('asks before it opens %s, whose text is %s', (raw, text) => {
    expect(judge(readAddress(raw), text)).toBe('ask')
  })

  test("opens only what is on the host's list, if there is one", () => {
    const may = (raw: string, hosts: readonly string[]): string => judge(readAddress(raw), raw, hosts)
    expect(may('https://example.com/', ['example.com'])).toBe('open')
    expect(may('https://docs.example.com/', ['example.com'])).toBe('copy')
    expect(may('https://docs.example.com/', ['*.example.com'])).toBe('open')
    expect(may('https://badexample.com/', ['*.example.com'])).toBe('copy')
    expect(may('https://example.com@evil.example/', ['example.com'])).toBe('copy')
    expect(may('https://example.com/', [])).toBe('copy')
    expect(may('mailto:a@example.com', ['example.com'])).toBe('ask')
  })

  test('knows no text with hidden marks as an address', () => {
    expect(tells('https://example.com/\u200b', readAddress('https://example.com/%E2%80%8B'))).toBe(false)
  })
})
