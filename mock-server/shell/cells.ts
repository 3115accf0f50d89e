/** How many cells of a terminal a text takes, and where it puts the cursor. */

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Most lines are plain, and need no look at what joins what. */
const PLAIN = /^[ -~]*$/

/** What a person takes for one character: a letter with its accents, a family of emoji. */
export function clustersOf(text: string): readonly string[] {
  if (PLAIN.test(text)) return text.split('')
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

/** Takes no cell by itself: accents, joiners, selectors. */
const ZERO = /^[\p{Mn}\p{Me}\p{Cf}]/u
/** Scripts and forms that Unicode calls wide, and emoji that are drawn as pictures. */
const WIDE =
  /^(?:\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\u3000-\u303e\uff01-\uff60\uffe0-\uffe6])/u
/** Asks for the picture of a character that is also a sign. */
const AS_PICTURE = '\ufe0f'

/** Cells of one cluster: 0, 1 or 2. */
export function widthOf(cluster: string): number {
  if (WIDE.test(cluster) || cluster.includes(AS_PICTURE)) return 2
  return ZERO.test(cluster) ? 0 : 1
}

export function cellsOf(text: string): number {
  return clustersOf(text).reduce((sum, cluster) => sum + widthOf(cluster), 0)
}

/** Counted from 0. */
export interface Place {
  readonly row: number
  readonly col: number
}

/** Where the cursor stands behind a text that begins at `from`, in a terminal of `cols` columns. A full row ends on the next one. */
export function placeAfter(text: string, from: Place, cols: number): Place {
  if (PLAIN.test(text)) {
    const cells = from.col + text.length
    return { row: from.row + Math.floor(cells / cols), col: cells % cols }
  }
  let { row, col } = from
  for (const cluster of clustersOf(text)) {
    const width = widthOf(cluster)
    // What does not fit stands on the next row as a whole.
    if (col + width > cols) {
      row++
      col = 0
    }
    col += width
  }
  return col >= cols ? { row: row + 1, col: 0 } : { row, col }
}
