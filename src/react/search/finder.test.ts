/** What is found in a line, and that no expression can hold the page up. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeFinder, type Query } from './finder.ts'
import { anyText } from '../../testing/anyText.ts'

const query = (text: string, more: Partial<Query> = {}): Query => ({
  text,
  matchCase: false,
  wholeWord: false,
  regex: false,
  ...more,
})

async function found(line: string, wanted: Query): Promise<readonly string[]> {
  const finder = await makeFinder(wanted)
  if (typeof finder !== 'function') throw new Error(`No finder: ${finder}`)
  return finder(line).map(({ start, end }) => `${start}:${line.slice(start, end)}`)
}

describe('a plain query', () => {
  test('is found wherever it stands, in any case unless asked otherwise', async () => {
    expect(await found('Warn, warn and WARN', query('warn'))).toEqual(['0:Warn', '6:warn', '15:WARN'])
    expect(await found('Warn, warn and WARN', query('warn', { matchCase: true }))).toEqual(['6:warn'])
  })

  test('is text: nothing in it has a meaning', async () => {
    expect(await found('a.c abc [x]', query('a.c'))).toEqual(['0:a.c'])
    expect(await found('a.c abc [x]', query('[x]'))).toEqual(['8:[x]'])
  })

  test('matches never lie within each other', async () => {
    expect(await found('aaaaa', query('aa'))).toEqual(['0:aa', '2:aa'])
  })

  test('is found at its place behind letters whose lower case is longer', async () => {
    expect(await found('İİ warn', query('WARN'))).toEqual(['3:warn'])
  })

  test('as a word is found also after half words in the same line', async () => {
    expect(await found('warning prewarn warn warn_2 (warn)', query('warn', { wholeWord: true }))).toEqual(['16:warn', '29:warn'])
  })

  test('as a word knows letters of every script', async () => {
    expect(await found('𝒂x x жx x', query('x', { wholeWord: true }))).toEqual(['4:x', '9:x'])
  })

  test('that is empty finds nothing', async () => {
    expect(await makeFinder(query(''))).toBeNull()
  })

  test('is found exactly where it is, whatever line and query are', async () => {
    await fc.assert(
      fc.asyncProperty(anyText(), anyText({ minLength: 1 }), async (line, text) => {
        const finder = await makeFinder(query(text, { matchCase: true }))
        const spans = typeof finder === 'function' ? finder(`${line}${text}${line}`) : []
        expect(spans.length).toBeGreaterThan(0)
        for (const { start, end } of spans) expect(`${line}${text}${line}`.slice(start, end)).toBe(text)
      }),
    )
  })
})

describe('a regular expression', () => {
  const regex = (text: string, more: Partial<Query> = {}): Query => query(text, { regex: true, ...more })

  test('finds what it describes, in UTF-16 positions', async () => {
    expect(await found('exit 1, exit 137', regex('exit \\d+'))).toEqual(['0:exit 1', '8:exit 137'])
    expect(await found('👩 漢字 exit 1', regex('EXIT'))).toEqual(['6:exit'])
    expect(await found('exit', regex('EXIT', { matchCase: true }))).toEqual([])
    expect(await found('concat cat', regex('c.t', { wholeWord: true }))).toEqual(['7:cat'])
  })

  test('that matches nothing at all makes no matches of nothing', async () => {
    expect(await found('aXb', regex('x*'))).toEqual(['1:X'])
  })

  test.each(['(', 'a**', '[z-a]', '*', '\\'])('with a mistake is told: %s', async (source) => {
    expect(await makeFinder(regex(source))).toBe('invalid')
  })

  test.each(['(?=a)b', '(?<!a)b', '(a)\\1'])('that needs more than linear time is told: %s', async (source) => {
    expect(await makeFinder(regex(source))).toBe('unsupported')
  })

  // The browser's own engine needs longer than a lifetime for each of these; this test would never end with it.
  test.each(['(a+)+$', '(a|a)*$', '(a|aa)+$', '(.*a){20}b', '(?:a?){40}a{40}b', '([a-zA-Z]+)*$'])(
    'cannot hold the page up: %s',
    async (source) => {
      const finder = await makeFinder(regex(source))
      if (typeof finder !== 'function') throw new Error('No finder')
      expect(finder(`${'a'.repeat(5000)}!`).every(({ start, end }) => end > start)).toBe(true)
    },
  )
})
