/** Where the matches of a search stand, which of them is the one that is shown, and how they are counted in words. */
import type { Query } from './finder.ts'

/** A match in the buffer, in cells. Rows count from the first of the scrollback; one that wraps has `cells` beyond its row. */
export interface Match {
  readonly row: number
  readonly col: number
  readonly cells: number
}

/** What the find bar shows. */
export interface FindView {
  readonly open: boolean
  /** Another number each time the field is asked for: it takes the focus then. */
  readonly asked: number
  readonly query: Query
  /** `idle`: nothing is asked for, or the count has not settled yet. */
  readonly state: 'idle' | 'found' | 'none' | 'invalid' | 'unsupported'
  /** Which match is shown, from 1; 0 where there is none. */
  readonly at: number
  readonly count: number
  /** There are more matches than are counted. */
  readonly more: boolean
}

const NO_QUERY: Query = { text: '', matchCase: false, wholeWord: false, regex: false }

export const CLOSED: FindView = { open: false, asked: 0, query: NO_QUERY, state: 'idle', at: 0, count: 0, more: false }

/** More are not counted: nobody walks through them, and they would fill the memory of the page. */
export const MOST_MATCHES = 20_000

/** The count stands still this long after the last key, in milliseconds. */
export const SETTLE_MS = 300

/** The match to begin with: the first one in view, else the nearest above it, else the nearest below. -1 where there is none. */
export function nearest(matches: readonly Match[], top: number, bottom: number): number {
  const below = firstFrom(matches, top)
  if (below < matches.length && rowOf(matches, below) <= bottom) return below
  return below > 0 ? below - 1 : below < matches.length ? below : -1
}

/** The match that stands where one was before: the same place, else the next one after it. -1 where there is none. */
export function again(matches: readonly Match[], { row, col }: Pick<Match, 'row' | 'col'>): number {
  for (let index = firstFrom(matches, row); index < matches.length; index++) {
    const match = matches[index]
    if (match !== undefined && (match.row > row || match.col >= col)) return index
  }
  return matches.length - 1
}

/** The next or the previous one, round and round. */
export function walk(index: number, count: number, by: 1 | -1): number {
  return count === 0 ? -1 : index < 0 ? (by > 0 ? 0 : count - 1) : (index + by + count) % count
}

/** The part of the matches that is drawn: `most` of them around the one that is shown. */
export function drawn(count: number, index: number, most: number): { readonly from: number; readonly to: number } {
  const from = Math.max(0, Math.min(index - Math.floor(most / 2), count - most))
  return { from, to: Math.min(count, from + most) }
}

/** Index of the first match in this row or below it. Matches are in the order of their rows. */
function firstFrom(matches: readonly Match[], row: number): number {
  let low = 0
  let high = matches.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (rowOf(matches, middle) < row) low = middle + 1
    else high = middle
  }
  return low
}

const rowOf = (matches: readonly Match[], index: number): number => matches[index]?.row ?? Infinity
