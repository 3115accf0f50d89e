/** How many cells a character takes: as programs count it today (`wcwidth`), where xterm.js counts by Unicode 6 and gives an emoji one. */
import type { IUnicodeVersionProvider, Terminal } from '@xterm/xterm'

type Width = 0 | 1 | 2

/** Accents, joiners, selectors. A soft hyphen is seen in a terminal, and so are the signs that stand before Arabic numbers. */
const TAKES_NONE = /^(?![\u00ad\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}])[\p{Mn}\p{Me}\p{Cf}]$/u
/** Pictures; a flag is two characters of one cell each. */
const PICTURE = /^(?!\p{Regional_Indicator})\p{Emoji_Presentation}$/u

/** First and last: vowels and final consonants of Korean, drawn into the syllable before them. */
const NONE = [0x1160, 0x11ff, 0xd7b0, 0xd7ff]
/** First and last of what East Asia writes in two cells; regular expressions know no such property. */
const TWO = [
  0x1100, 0x115f, 0x2329, 0x232a, 0x2e80, 0x303e, 0x3041, 0xa4cf, 0xa960, 0xa97f, 0xac00, 0xd7a3, 0xf900, 0xfaff, 0xfe10, 0xfe19,
  0xfe30, 0xfe6f, 0xff01, 0xff60, 0xffe0, 0xffe6, 0x16fe0, 0x18d08, 0x1aff0, 0x1b2fb, 0x1f200, 0x1f265, 0x20000, 0x3fffd,
]

const within = (ranges: readonly number[], codepoint: number): boolean =>
  ranges.some((first, at) => at % 2 === 0 && first <= codepoint && codepoint <= ranges[at + 1]!)

function look(codepoint: number): Width {
  if (codepoint < 0x20 || (codepoint >= 0x7f && codepoint < 0xa0)) return 0
  const character = String.fromCodePoint(codepoint)
  if (within(NONE, codepoint) || TAKES_NONE.test(character)) return 0
  return within(TWO, codepoint) || PICTURE.test(character) ? 2 : 1
}

/** What is above is rare. */
const KNOWN = 0x20000
/** Not looked at yet. */
const UNKNOWN = 3
let widths: Uint8Array | undefined

/** Asked for each character that is printed: an expression for each of a flood would cost most of the parser's time. */
function widthOf(codepoint: number): Width {
  if (codepoint >= KNOWN) return look(codepoint)
  widths ??= new Uint8Array(KNOWN).fill(UNKNOWN)
  const width = widths[codepoint]!
  if (width === UNKNOWN) return (widths[codepoint] = look(codepoint))
  return width as Width // it is one of those
}

/** What joins nothing and takes one cell. */
const ONE_CELL = 1 << 1

/** What xterm.js wants to know of a character: its width in two bits above one that tells whether it joins the one before it. */
const provider: IUnicodeVersionProvider = {
  version: 'wcwidth',
  wcwidth: widthOf,
  charProperties(codepoint, preceding) {
    if (codepoint < 0x7f && codepoint > 0x1f) return ONE_CELL
    const width = widthOf(codepoint)
    const before = (preceding >> 1) & 3
    return width === 0 && before > 0 ? (before << 1) | 1 : width << 1
  },
}

/** One provider for all terminals: the browser's compiler puts it into the parser's loop. */
export function countCharacters({ unicode }: Pick<Terminal, 'unicode'>): void {
  unicode.register(provider)
  unicode.activeVersion = provider.version
}
