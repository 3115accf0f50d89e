/** Finds a query in one line of text: plain, as a word, or as a regular expression that takes linear time whatever it says. */

export interface Query {
  readonly text: string
  readonly matchCase: boolean
  readonly wholeWord: boolean
  readonly regex: boolean
}

/** A match as positions in the line, in UTF-16 units: `start` is part of it, `end` is not. Never empty. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Matches of a line in order, none within another. */
export type Finder = (line: string) => readonly Span[]

/** Why a regular expression finds nothing: it has a mistake, or it asks for what takes more than linear time. */
export type Fault = 'invalid' | 'unsupported'

export const MOST_QUERY_CHARS = 1000

/** Null for a query that is empty. Longer queries than `MOST_QUERY_CHARS` are cut. */
export async function makeFinder(query: Query): Promise<Finder | Fault | null> {
  const text = query.text.slice(0, MOST_QUERY_CHARS)
  if (text === '') return null
  const find = query.regex ? await regexFinder(text, query.matchCase) : plainFinder(text, query.matchCase)
  if (typeof find === 'string' || !query.wholeWord) return find
  return query.regex ? (line) => find(line).filter((span) => isWord(line, span)) : wordFinder(text, query.matchCase)
}

function plainFinder(text: string, matchCase: boolean): Finder {
  return searchPlain(text, matchCase, () => true)
}

function wordFinder(text: string, matchCase: boolean): Finder {
  return searchPlain(text, matchCase, isWord)
}

function searchPlain(text: string, matchCase: boolean, accepts: (line: string, span: Span) => boolean): Finder {
  const wanted = matchCase ? text : fold(text)
  return (line) => {
    const searched = matchCase ? line : fold(line)
    const spans: Span[] = []
    for (let start = searched.indexOf(wanted); start >= 0;) {
      const span = { start, end: start + wanted.length }
      const accepted = accepts(line, span)
      if (accepted) spans.push(span)
      start = searched.indexOf(wanted, accepted ? span.end : start + 1)
    }
    return spans
  }
}

/** Lower case of the same length: a few letters have a longer one, and would move every position after them. */
function fold(text: string): string {
  const lower = text.toLowerCase()
  if (lower.length === text.length) return lower
  let folded = ''
  for (const char of text) {
    const one = char.toLowerCase()
    folded += one.length === char.length ? one : char
  }
  return folded
}

const WORD = /[\p{L}\p{N}\p{M}_]/u

function isWord(line: string, { start, end }: Span): boolean {
  return !WORD.test(before(line, start)) && !WORD.test(after(line, end))
}

function before(line: string, at: number): string {
  return Array.from(line.slice(Math.max(0, at - 2), at)).at(-1) ?? ''
}

function after(line: string, at: number): string {
  return Array.from(line.slice(at, at + 2))[0] ?? ''
}

/**
 * The browser's own engine may need longer than the universe has for thirty characters, and nothing can stop it. This one is
 * an automaton: it knows neither look-around nor back references, and its time grows with the line. Loaded when first used.
 */
async function regexFinder(source: string, matchCase: boolean): Promise<Finder | Fault> {
  const { RE2JS } = await import('re2js')
  try {
    const pattern = RE2JS.compile(source, matchCase ? 0 : RE2JS.CASE_INSENSITIVE)
    return (line) => {
      const spans: Span[] = []
      const matcher = pattern.matcher(line)
      while (matcher.find()) if (matcher.end() > matcher.start()) spans.push({ start: matcher.start(), end: matcher.end() })
      return spans
    }
  } catch {
    return faultOf(source)
  }
}

/** What the browser's own engine accepts has no mistake in it; it only asks for too much. */
function faultOf(source: string): Fault {
  try {
    RegExp(source, 'u')
    return 'unsupported'
  } catch {
    return 'invalid'
  }
}
