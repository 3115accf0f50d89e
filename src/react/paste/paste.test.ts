/** A paste holds nothing that cannot be seen, and what would run is counted. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodePaste, preview, readPaste } from './paste.ts'
import { anyText } from '../../testing/anyText.ts'

const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/

describe('a paste', () => {
  test('of plain text stays as it is', () => {
    expect(readPaste('git status')).toEqual({ clean: 'git status', hidden: false, lines: ['git status'] })
    expect(readPaste('a\tb\n漢字 ✓ 👩‍💻\n').clean).toBe('a\tb\n漢字 ✓ 👩‍💻\n')
  })

  test('counts its lines; the newline at the end makes none', () => {
    expect(readPaste('a\nb\nc\n').lines).toEqual(['a', 'b', 'c'])
    expect(readPaste('a\r\nb\r\n')).toMatchObject({ hidden: false, lines: ['a', 'b'] })
    expect(readPaste('ls\n').lines).toHaveLength(1)
  })

  test.each([
    ['the end of a bracketed paste', 'ls\u001b[201~; rm -rf x', 'ls; rm -rf x'],
    ['an escape sequence', 'a\u001b[31mb', 'a[31mb'],
    ['a C1 control', 'a\u009b31mb', 'a31mb'],
    ['a lone carriage return', 'ls\rrm', 'lsrm'],
    ['Ctrl-C', 'a\u0003b', 'ab'],
    ['DEL', 'ab\u007f', 'ab'],
    ['an end of paste inside an end of paste', '\u001b[20\u001b[201~1~x', '[201~x'],
  ])('loses %s', (_name, raw, clean) => {
    expect(readPaste(raw)).toMatchObject({ clean, hidden: true })
  })

  test('never holds a control character besides tab and newline', () => {
    fc.assert(
      fc.property(anyText(), (raw) => {
        const { clean, hidden } = readPaste(raw)
        expect(clean).not.toMatch(HIDDEN)
        expect(readPaste(clean)).toMatchObject({ clean, hidden: false })
        expect(hidden).toBe(clean !== raw.replaceAll('\r\n', '\n'))
        expect(encodePaste(clean, true).slice(6, -6)).not.toContain('\u001b')
      }),
    )
  })

  test('is typed with Enter for a newline, in brackets if the program asked for them', () => {
    expect(encodePaste('a\nb', false)).toBe('a\rb')
    expect(encodePaste('a\nb', true)).toBe('\u001b[200~a\rb\u001b[201~')
  })

  test('shows its hidden characters by name', () => {
    expect(preview('git status\u001b[201~; curl\r\u0085')).toEqual([
      [
        { hidden: false, text: 'git status' },
        { hidden: true, text: 'ESC[201~' },
        { hidden: false, text: '; curl' },
        { hidden: true, text: 'CR' },
        { hidden: true, text: 'U+0085' },
      ],
    ])
  })

  test('of any size has a preview of a few lines', () => {
    expect(preview('x\n'.repeat(1_000_000))).toHaveLength(50)
    expect(preview('x'.repeat(1_000_000))[0]?.[0]?.text).toHaveLength(400)
  })
})

test('what turns the direction of text is hidden, taken out, and named where it stands', () => {
  const raw = 'rm \u202egnp.x\u2069'
  expect(readPaste(raw)).toMatchObject({ clean: 'rm gnp.x', hidden: true })
  expect(
    preview(raw)[0]
      ?.filter(({ hidden }) => hidden)
      .map(({ text }) => text),
  ).toEqual(['U+202E', 'U+2069'])
  expect(readPaste('שלום').hidden).toBe(false)
})

test('what takes no room is hidden, taken out, and named where it stands', () => {
  const tags = (text: string): string => Array.from(text, (char) => String.fromCodePoint(0xe0000 + char.charCodeAt(0))).join('')
  const raw = `cu\u200brl\ufeff ex\u00adample${tags('rm')}\u3164`
  expect(readPaste(raw)).toMatchObject({ clean: 'curl example', hidden: true })
  expect(
    preview(raw)[0]
      ?.filter(({ hidden }) => hidden)
      .map(({ text }) => text),
  ).toEqual(['U+200B', 'U+FEFF', 'U+00AD', 'U+E0072', 'U+E006D', 'U+3164'])
  const wales = `\u{1f3f4}${tags('gbwls')}\u{e007f}`
  for (const seen of ['👩‍👩‍👧', 'می‌خواهم', '❤️', wales]) expect(readPaste(seen)).toMatchObject({ clean: seen, hidden: false })
})

test('a long text of tags is read at once', () => {
  expect(readPaste(`\u{1f3f4}${'\u{e0041}'.repeat(200_000)}`).hidden).toBe(true)
})
