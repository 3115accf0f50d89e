/** What may be pasted: finds what cannot be seen, takes it out, and counts what would run. */

/**
 * C0 except tab and newline, DEL, C1, what turns the direction of the text after it, and what takes no room: soft hyphens, blanks
 * without width, fillers, and tags, which spell a text of their own where they do not belong to a flag. Joiners stay, without
 * which emoji and Persian fall apart. A carriage return before a newline belongs to the newline.
 */
const HIDDEN =
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u115f\u1160\u180e\u200b\u202a-\u202e\u2060-\u2069\u3164\ufeff\uffa0]|(?<!\u{1f3f4}[\u{e0020}-\u{e007e}]{0,6})[\u{e0000}-\u{e007f}]/u
const BRACKET = /\u001b\[20[01]~/

/** A text on its way into the terminal. */
export interface PasteText {
  /** Without anything hidden, newlines as `\n`. */
  readonly clean: string
  /** Something was taken out. */
  readonly hidden: boolean
  readonly lines: readonly string[]
}

export function readPaste(raw: string): PasteText {
  const text = raw.replaceAll('\r\n', '\n')
  // The end of a bracketed paste goes as a whole: without its ESC the rest would be pasted as text.
  const clean = text.replaceAll(new RegExp(BRACKET, 'g'), '').replaceAll(new RegExp(HIDDEN, 'gu'), '')
  return { clean, hidden: clean !== text, lines: clean.replace(/\n$/, '').split('\n') }
}

/** The bytes a terminal expects: Enter for a newline, in brackets if the program asked for them. */
export function encodePaste(clean: string, bracketed: boolean): string {
  const typed = clean.replaceAll('\n', '\r')
  return bracketed ? `\u001b[200~${typed}\u001b[201~` : typed
}

/** A piece of a preview: text, or the name of a character that cannot be seen. */
export interface PreviewPart {
  readonly hidden: boolean
  readonly text: string
}

const NAMES: readonly string[] =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(' ')

function nameOf(char: string): string {
  const code = char.codePointAt(0) ?? 0
  return NAMES[code] ?? (code === 0x7f ? 'DEL' : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`)
}

/** The first lines of a text with its hidden characters by name. At most `maxLines` lines of `maxChars` characters. */
export function preview(raw: string, maxLines = 50, maxChars = 400): readonly (readonly PreviewPart[])[] {
  const lines = raw
    .slice(0, maxLines * maxChars)
    .replaceAll('\r\n', '\n')
    .replace(/\n$/, '')
    .split('\n')
  return lines.slice(0, maxLines).map((line) => partsOf(line.slice(0, maxChars)))
}

function partsOf(line: string): readonly PreviewPart[] {
  const parts: PreviewPart[] = []
  let rest = line
  while (rest !== '') {
    const at = rest.search(HIDDEN)
    if (at < 0) return [...parts, { hidden: false, text: rest }]
    if (at > 0) parts.push({ hidden: false, text: rest.slice(0, at) })
    const bracket = rest.slice(at, at + 6)
    const isBracket = bracket.length === 6 && BRACKET.test(bracket)
    const char = String.fromCodePoint(rest.codePointAt(at) ?? 0)
    parts.push({ hidden: true, text: isBracket ? `ESC${bracket.slice(1)}` : nameOf(char) })
    rest = rest.slice(at + (isBracket ? bracket : char).length)
  }
  return parts
}
