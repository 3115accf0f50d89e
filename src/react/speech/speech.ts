/** What of the output is said aloud, as a pure function: each line once, never an echo of what was just typed, and a sum under a flood. */

import type { Words } from '../words/words.ts'

/** One look at the screen. Times are milliseconds on one clock. */
export interface Heard {
  readonly now: number
  /** Rows that were finished since the last look, wrapped ones joined, the oldest first. */
  readonly lines: readonly string[]
  /** How many were finished; more than `lines` holds where they came too fast to be read out. */
  readonly count: number
  /** The row of the cursor, which may go on. */
  readonly tail: string
  /** A full-screen program draws: its rows are not lines of output. */
  readonly full: boolean
}

export interface Speech {
  /** What of the cursor's row was said, or typed by the person. */
  readonly known: string
  readonly tail: string
  readonly tailSince: number
  /** Typed and not seen on the screen yet. */
  readonly typed: string
  /** A key came since something was last said of the cursor's row. */
  readonly keyed: boolean
  /** The last key takes characters away. */
  readonly erases: boolean
  readonly tailSaidAt: number
  /** Lines that may be said now, as of `at`. */
  readonly budget: number
  readonly at: number
  readonly flood: { readonly skipped: number; readonly lastAt: number; readonly toldAt: number } | null
  /** The row that waits behind a full-screen program; null while there is none. */
  readonly behind: Pick<Speech, 'known' | 'typed'> | null
}

export type SpeechWords = Pick<Words['speech'], 'continues' | 'skipped'>

export interface Said {
  readonly speech: Speech
  readonly say: readonly string[]
  /** When to look again even if nothing comes; null: only then. */
  readonly wakeAt: number | null
}

export const SPEECH = {
  /** Lines that are said in one go. A key brings them all back: the person goes on. */
  burst: 200,
  perSecond: 20,
  /** The cursor's row is said once it has stood for this long. */
  settle: 150,
  /** A flood is over when nothing came for this long. */
  floodOver: 500,
  /** While a flood lasts, how many lines it was is said this often. */
  floodTold: 10_000,
  /** A row that is drawn over and over, as a progress bar is, is said this often. */
  redrawn: 5000,
} as const

const MOST_TYPED = 512

/** The panel begins to speak here: what stands on the screen now was not asked for. */
export function silentUntilNow(tail: string, now: number): Speech {
  return {
    known: tail,
    tail,
    tailSince: now,
    typed: '',
    keyed: false,
    erases: false,
    tailSaidAt: -Infinity,
    budget: SPEECH.burst,
    at: now,
    flood: null,
    behind: null,
  }
}

/** A key, or text of an input method. The screen reader says it by itself. */
export function heardKey(speech: Speech, text: string): Speech {
  const plain = text.replaceAll(NO_CHARACTER, '')
  const typed = text === '\u007f' ? speech.typed.replace(/.$/su, '') : speech.typed + plain
  return { ...speech, typed: typed.slice(-MOST_TYPED), keyed: true, erases: ERASES.test(text), budget: SPEECH.burst }
}

/** Keys that come back as nothing; Enter stays, it ends what was typed. */
// oxlint-disable-next-line no-control-regex -- these are control characters
const NO_CHARACTER = /\u001b(?:\[[0-?]*[ -/]*[@-~]|O[@-~]|.)?|[\u0000-\u000c\u000e-\u001f\u007f]/g

/** Backspace, Delete, and the keys of line editors: Ctrl-D, -H, -K, -U, -W, Alt-D and Alt-Backspace. */
// oxlint-disable-next-line no-control-regex -- these are control characters
const ERASES = /^(?:[\u007f\u0004\u0008\u000b\u0015\u0017]|\u001b(?:\[3(?:;\d+)?~|[dD\u007f\u0008]))$/

/** How many lines are worth reading from the screen now. */
export function wantedLines(speech: Speech, now: number): number {
  // Blank lines cost nothing.
  return speech.flood === null ? 2 * Math.ceil(refilled(speech, now)) + 1 : 0
}

function refilled({ budget, at }: Speech, now: number): number {
  return Math.min(SPEECH.burst, budget + ((now - at) / 1000) * SPEECH.perSecond)
}

export function listen(before: Speech, heard: Heard, words: SpeechWords): Said {
  const say: string[] = []
  let speech: Speech = { ...turned(before, heard.full), budget: refilled(before, heard.now), at: heard.now }
  if (heard.full) speech = { ...speech, flood: null }
  else if (heard.count > 0) speech = finished(speech, heard, words, say)
  if (heard.tail !== speech.tail) speech = { ...speech, tail: heard.tail, tailSince: heard.now }
  speech = endFlood(speech, heard.now, words, say)
  speech = settleTail(speech, heard, say)
  return { speech, say, wakeAt: wakeOf(speech, heard) }
}

/** Another screen: what was typed into a full-screen program does not come back to the row behind it. */
function turned(speech: Speech, full: boolean): Speech {
  const { known, typed, behind } = speech
  if (full === (behind !== null)) return speech
  return behind === null ? { ...speech, behind: { known, typed } } : { ...speech, ...behind, behind: null }
}

/** Rows that came to their end: the first is the one that the cursor stood in. */
function finished(speech: Speech, { lines, count, now }: Heard, words: SpeechWords, say: string[]): Speech {
  let { typed, budget } = speech
  let heard = 0
  for (const line of speech.flood === null ? lines : []) {
    const rest = heard === 0 ? withoutEcho(fresh(speech, line), typed) : { text: line, typed }
    const aloud = rest.text.trim()
    if (aloud !== '') {
      if (budget < 1) break
      budget--
      say.push(aloud)
    }
    typed = heard === 0 ? rest.typed.slice(rest.typed.indexOf('\r') + 1) : typed
    heard++
  }
  const next = { ...speech, known: '', tail: '', tailSince: now, typed, keyed: false, budget }
  return heard === count ? next : flooded(next, count - heard, now, words, say)
}

/** The row of the cursor came to its end and was wiped off, before it could be said. */
export function rowEnded(speech: Speech): Speech {
  return { ...speech, known: '', tail: '', typed: speech.typed.slice(speech.typed.indexOf('\r') + 1) }
}

function flooded(speech: Speech, skipped: number, now: number, words: SpeechWords, say: string[]): Speech {
  if (speech.flood === null) say.push(words.continues)
  const flood = speech.flood ?? { skipped: 0, toldAt: now }
  return { ...speech, typed: '', flood: { ...flood, skipped: flood.skipped + skipped, lastAt: now } }
}

function endFlood(speech: Speech, now: number, words: SpeechWords, say: string[]): Speech {
  const { flood } = speech
  if (flood === null) return speech
  const isOver = now - flood.lastAt >= SPEECH.floodOver
  if (!isOver && now - flood.toldAt < SPEECH.floodTold) return speech
  say.push(words.skipped(flood.skipped))
  return { ...speech, flood: isOver ? null : { ...flood, skipped: 0, toldAt: now } }
}

/** The row of the cursor, once it stands: a prompt, a question, what a completion added. */
function settleTail(speech: Speech, { now, tail, full }: Heard, say: string[]): Speech {
  if (tail === speech.known || speech.flood !== null || now < tailDue(speech, full)) return speech
  const { text, typed } = edited(speech, tail) ?? withoutEcho(fresh(speech, tail), speech.typed)
  const said = { ...speech, known: tail, typed, keyed: false }
  const aloud = (full ? tail : text).trim()
  const isEcho = text.trim() === ''
  // A program that draws its whole screen says nothing by itself.
  if (isEcho || aloud === '' || (full && !speech.keyed)) return said
  say.push(aloud)
  return { ...said, tailSaidAt: now }
}

function tailDue({ known, tail, tailSince, tailSaidAt, keyed }: Speech, full: boolean): number {
  const settled = tailSince + SPEECH.settle
  const isRedrawn = !keyed && !full && known !== '' && !tail.startsWith(known)
  return isRedrawn ? Math.max(settled, tailSaidAt + SPEECH.redrawn) : settled
}

function wakeOf(speech: Speech, { tail, full }: Heard): number | null {
  const { flood } = speech
  if (flood !== null) return Math.min(flood.lastAt + SPEECH.floodOver, flood.toldAt + SPEECH.floodTold)
  return tail === speech.known ? null : tailDue(speech, full)
}

/**
 * A row in which characters came or went before others that stayed: typed or taken away in the middle of a line, or before
 * something at the end of the row, as the second prompt of zsh, from which blanks are taken. Null: not so.
 */
function edited({ known, typed, keyed, erases }: Speech, row: string): { readonly text: string; readonly typed: string } | null {
  if (!keyed) return null
  const same = sameStart(known, row)
  const [before, after] = [known.slice(same).trimStart(), row.slice(same)]
  if (erases && before.endsWith(after.trimStart())) return { text: '', typed }
  const echo = sameStart(after, typed)
  return echo > 0 && after.slice(echo).trimStart() === before ? { text: '', typed: typed.slice(echo) } : null
}

function sameStart(one: string, other: string): number {
  let same = 0
  while (same < one.length && one[same] === other[same]) same++
  return same
}

/** What a row says that was not known of it. A row that was changed is told from the word in which it differs. */
function fresh({ known, keyed }: Speech, row: string): string {
  if (row.startsWith(known)) return row.slice(known.length)
  const same = sameStart(known, row)
  // The end of it is gone. After a key it is another command, shorter than the one before.
  if (same === row.length && !keyed) return ''
  return row.slice(row.lastIndexOf(' ', same - 1) + 1)
}

/** Text without what the person typed: at its beginning, or at its end where the prompt before it is new as well. */
function withoutEcho(text: string, typed: string): { readonly text: string; readonly typed: string } {
  if (typed === '') return { text, typed }
  const [start, keys] = [withoutBlanks(text), withoutBlanks(typed)]
  const same = sameStart(start, keys)
  if (same > 0) return { text: start.slice(same), typed: keys.slice(same) }
  // Behind keys that a program took without a sign.
  const later = start === '' ? -1 : typed.indexOf(start)
  if (later > 0) return { text: '', typed: typed.slice(later + start.length) }
  const ending = echoAtEnd(text, typed)
  return { text: text.slice(0, text.length - ending), typed: typed.slice(ending) }
}

const withoutBlanks = (text: string): string => text.replace(/^ +/, '')

/** How much of what was typed stands at the end of a row. One letter alone may be there by chance. */
function echoAtEnd(text: string, typed: string): number {
  for (let length = Math.min(text.length, typed.length); length > 0; length--)
    if (text.endsWith(typed.slice(0, length))) return length > 1 || text.at(-2) === ' ' ? length : 0
  return 0
}
