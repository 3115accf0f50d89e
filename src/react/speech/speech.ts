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
  readonly tailSaidAt: number
  /** Lines that may be said now, as of `at`. */
  readonly budget: number
  readonly at: number
  readonly flood: { readonly skipped: number; readonly lastAt: number; readonly toldAt: number } | null
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
    tailSaidAt: -Infinity,
    budget: SPEECH.burst,
    at: now,
    flood: null,
  }
}

/** A key, or text of an input method. The screen reader says it by itself. */
export function heardKey(speech: Speech, text: string): Speech {
  // oxlint-disable-next-line no-control-regex -- keys that type no character
  const plain = text.replaceAll(/\u001b(?:\[[0-?]*[ -/]*[@-~]|O[@-~]|.)?/g, '')
  const typed = plain === '\u007f' ? speech.typed.slice(0, -1) : speech.typed + plain
  return { ...speech, typed: typed.slice(-MOST_TYPED), keyed: true, budget: SPEECH.burst }
}

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
  let speech: Speech = { ...before, budget: refilled(before, heard.now), at: heard.now }
  if (heard.full) speech = { ...speech, flood: null }
  else if (heard.count > 0) speech = finished(speech, heard, words, say)
  if (heard.tail !== speech.tail) speech = { ...speech, tail: heard.tail, tailSince: heard.now }
  speech = endFlood(speech, heard.now, words, say)
  speech = settleTail(speech, heard, say)
  return { speech, say, wakeAt: wakeOf(speech, heard) }
}

/** Rows that came to their end: the first is the one that the cursor stood in. */
function finished(speech: Speech, { lines, count, now }: Heard, words: SpeechWords, say: string[]): Speech {
  let { typed, budget } = speech
  let heard = 0
  for (const line of speech.flood === null ? lines : []) {
    const rest = heard === 0 ? withoutEcho(fresh(speech.known, line), typed) : { text: line, typed }
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
  const added = fresh(speech.known, tail)
  const { text, typed } = withoutEcho(added, speech.typed)
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

/** What a row says that was not known of it. A row that was changed is told from the word in which it differs. */
function fresh(known: string, row: string): string {
  if (row.startsWith(known)) return row.slice(known.length)
  let same = 0
  while (same < known.length && known[same] === row[same]) same++
  // A deletion: the reader tells the character from the key.
  if (same === row.length) return ''
  return row.slice(row.lastIndexOf(' ', same - 1) + 1)
}

/** Text without what the person typed: at its beginning, or at its end where the prompt before it is new as well. */
function withoutEcho(text: string, typed: string): { readonly text: string; readonly typed: string } {
  if (typed === '') return { text, typed }
  const start = typed.startsWith(' ') ? text : text.trimStart()
  let same = 0
  while (same < start.length && start[same] === typed[same]) same++
  if (same > 0) return { text: start.slice(same), typed: typed.slice(same) }
  const ending = echoAtEnd(text, typed)
  return { text: text.slice(0, text.length - ending), typed: typed.slice(ending) }
}

/** How much of what was typed stands at the end of a row. One letter alone may be there by chance. */
function echoAtEnd(text: string, typed: string): number {
  for (let length = Math.min(text.length, typed.length); length > 0; length--)
    if (text.endsWith(typed.slice(0, length))) return length > 1 || text.at(-2) === ' ' ? length : 0
  return 0
}
