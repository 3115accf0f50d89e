/** A line that a person edits: what each key makes of it, and what must be printed so that the screen shows it. Pure. */
import { clustersOf, placeAfter, widthOf, type Place } from './cells.ts'
import type { Key } from './keys.ts'

export interface Line {
  readonly text: string
  /** Where the cursor stands, in UTF-16 units; always between two clusters. */
  readonly cursor: number
  /** Entered lines, the oldest first. */
  readonly history: readonly string[]
  /** Which of them is shown; their number for the line that is being written. */
  readonly shown: number
  /** The line that is being written, while an older one is shown. */
  readonly draft: string
  /** What ctrl-k, -u and -w took away last. */
  readonly killed: string
  /** Inside a bracketed paste: Enter does not submit. */
  readonly pasting: boolean
}

/** What the shell is to do about a key. */
export type Edited =
  | { readonly line: Line; readonly wants: 'nothing' | 'bell' | 'interrupt' | 'end' | 'clear' }
  | { readonly line: Line; readonly wants: 'submit'; readonly text: string }

export const EMPTY_LINE: Line = { text: '', cursor: 0, history: [], shown: 0, draft: '', killed: '', pasting: false }

/** Entered lines that are remembered. */
const LONGEST_HISTORY = 100
/** UTF-16 units of a line. */
const LONGEST_LINE = 4096

export function edit(line: Line, key: Key): Edited {
  switch (key.kind) {
    case 'text':
      return inserted(line, key.text)
    case 'sequence':
      return { line, wants: 'nothing' }
    case 'key':
      return line.pasting ? pasted(line, key.name) : pressed(line, key.name)
  }
}

function pasted(line: Line, name: string): Edited {
  if (name === 'paste-ends') return changed({ ...line, pasting: false })
  // A line has no rows: what stood below each other stands behind each other.
  if (name === 'enter') return inserted(line, '; ')
  return name === 'tab' ? inserted(line, ' ') : { line, wants: 'nothing' }
}

function pressed(line: Line, name: string): Edited {
  const { text, cursor } = line
  switch (name) {
    case 'enter':
      return submitted(line)
    case 'left':
    case 'ctrl-b':
      return moved(line, before(text, cursor))
    case 'right':
    case 'ctrl-f':
      return moved(line, behind(text, cursor))
    case 'home':
    case 'ctrl-a':
      return moved(line, 0)
    case 'end':
    case 'ctrl-e':
      return moved(line, text.length)
    case 'backspace':
      return without(line, before(text, cursor), cursor)
    case 'delete':
      return without(line, cursor, behind(text, cursor))
    case 'ctrl-d':
      return text === '' ? { line, wants: 'end' } : without(line, cursor, behind(text, cursor))
    case 'ctrl-u':
      return killed(line, 0, cursor)
    case 'ctrl-k':
      return killed(line, cursor, text.length)
    case 'ctrl-w':
      return killed(line, wordStart(text, cursor), cursor)
    case 'ctrl-y':
      return inserted(line, line.killed)
    case 'up':
    case 'ctrl-p':
      return recalled(line, line.shown - 1)
    case 'down':
    case 'ctrl-n':
      return recalled(line, line.shown + 1)
    case 'ctrl-c':
      return { line: fresh(line), wants: 'interrupt' }
    case 'ctrl-l':
      return { line, wants: 'clear' }
    case 'paste-begins':
      return changed({ ...line, pasting: true })
    default:
      return { line, wants: 'nothing' }
  }
}

const changed = (line: Line): Edited => ({ line, wants: 'nothing' })

function moved(line: Line, cursor: number): Edited {
  return cursor === line.cursor ? { line, wants: 'bell' } : changed({ ...line, cursor })
}

function inserted(line: Line, piece: string): Edited {
  // An accent at the very beginning would join the prompt.
  const isLost = line.cursor === 0 && piece !== '' && widthOf(piece) === 0
  if (isLost || line.text.length + piece.length > LONGEST_LINE) return { line, wants: 'bell' }
  const text = line.text.slice(0, line.cursor) + piece + line.text.slice(line.cursor)
  // An accent, or half of an emoji, joins what stands around it: the cursor goes behind all of it.
  return changed({ ...line, text, cursor: boundaryAtOrBehind(text, line.cursor + piece.length) })
}

function without(line: Line, from: number, to: number): Edited {
  if (from === to) return { line, wants: 'bell' }
  const text = line.text.slice(0, from) + line.text.slice(to)
  return changed({ ...line, text, cursor: boundaryAtOrBehind(text, from) })
}

function killed(line: Line, from: number, to: number): Edited {
  const edited = without(line, from, to)
  return { ...edited, line: { ...edited.line, killed: from === to ? line.killed : line.text.slice(from, to) } }
}

function recalled(line: Line, shown: number): Edited {
  if (shown < 0 || shown > line.history.length) return { line, wants: 'bell' }
  const draft = line.shown === line.history.length ? line.text : line.draft
  const text = line.history[shown] ?? draft
  return changed({ ...line, text, cursor: text.length, shown, draft })
}

function submitted(line: Line): Edited {
  const { text, history } = line
  const isNew = text.trim() !== '' && text !== history.at(-1)
  const kept = isNew ? [...history, text].slice(-LONGEST_HISTORY) : history
  return { line: fresh({ ...line, history: kept }), wants: 'submit', text }
}

function fresh(line: Line): Line {
  return { ...line, text: '', cursor: 0, shown: line.history.length, draft: '', pasting: false }
}

// Where clusters end

/** Between two plain letters a cluster always ends. */
const BETWEEN_PLAIN = /^[ -~]{0,2}$/

function boundaries(text: string): readonly number[] {
  let at = 0
  return [0, ...clustersOf(text).map((cluster) => (at += cluster.length))]
}

function before(text: string, cursor: number): number {
  return boundaries(text).findLast((at) => at < cursor) ?? 0
}

function behind(text: string, cursor: number): number {
  return boundaries(text).find((at) => at > cursor) ?? text.length
}

function boundaryAtOrBehind(text: string, cursor: number): number {
  if (BETWEEN_PLAIN.test(text.slice(Math.max(0, cursor - 1), cursor + 1))) return cursor
  return boundaries(text).find((at) => at >= cursor) ?? text.length
}

function wordStart(text: string, cursor: number): number {
  const head = text.slice(0, cursor)
  return head.length - (/\S*\s*$/.exec(head)?.[0].length ?? 0)
}

// The screen

/** The prompt's first row is row 0; the line begins where the prompt ends. */
export interface Paper {
  readonly start: Place
  readonly cols: number
}

export function paperBehind(prompt: string, cols: number): Paper {
  return { start: placeAfter(prompt, { row: 0, col: 0 }, cols), cols }
}

/** What to print so that the screen, which shows `before`, shows `after`. */
export function repaint(before: Line, after: Line, paper: Paper): string {
  if (before.text === after.text && before.cursor === after.cursor) return ''
  return appended(before, after, paper) ?? repainted(before, after, paper)
}

/** One more cluster at the end, with room for it: the only thing that is printed is itself. */
function appended(before: Line, after: Line, { start, cols }: Paper): string | null {
  const added = after.text.slice(before.text.length)
  const isAtEnd = before.cursor === before.text.length && after.cursor === after.text.length
  if (!isAtEnd || !after.text.startsWith(before.text)) return null
  const clusters = clustersOf(added)
  const [only] = clusters
  const joins = clustersOf(after.text).length !== clustersOf(before.text).length + 1
  if (only === undefined || clusters.length > 1 || joins) return null
  const { col } = placeAfter(before.text, start, cols)
  return widthOf(only) > 0 && col + widthOf(only) < cols ? added : null
}

function repainted(before: Line, after: Line, { start, cols }: Paper): string {
  const from = placeAfter(before.text.slice(0, before.cursor), start, cols)
  const end = placeAfter(after.text, start, cols)
  const goal = placeAfter(after.text.slice(0, after.cursor), start, cols)
  // At the margin an emulator waits before it goes to the next row; a blank makes it go.
  const wrap = end.col === 0 && after.text !== '' ? ' \r' : ''
  return `${travel(from, start)}\x1b[J${after.text}${wrap}${travel(end, goal)}`
}

/** Moves the cursor between two places of the same paper. */
function travel(from: Place, to: Place): string {
  const rows = to.row - from.row
  if (rows === 0 && to.col === from.col) return ''
  const vertical = rows === 0 ? '' : rows < 0 ? `\x1b[${-rows}A` : `\x1b[${rows}B`
  return `${vertical}\r${to.col === 0 ? '' : `\x1b[${to.col}C`}`
}

/** What to print to leave the line, so that the next output begins on a row of its own. */
export function leave(line: Line, { start, cols }: Paper): string {
  const from = placeAfter(line.text.slice(0, line.cursor), start, cols)
  return `${travel(from, placeAfter(line.text, start, cols))}\r\n`
}
