/** What a status line is made of. */
import type { StateId } from './states.ts'

export type IconName = 'ready' | 'work' | 'pause' | 'offline' | 'broken' | 'check' | 'tabs' | 'end' | 'error' | 'bell' | 'eye'
export type Tone = 'muted' | 'ok' | 'warn' | 'error' | 'accent'
/** How loud the line is: sign and muted words, full words and an outlined button, or a tinted line with one filled button. */
export type Level = 'quiet' | 'noticed' | 'needsYou'
export type Live = 'off' | 'polite' | 'assertive'

/** What a button asks for. */
export type ActionKind =
  | 'cancel'
  | 'retry'
  | 'restart'
  | 'reload'
  | 'take-over'
  | 'sign-in'
  | 'copy-details'
  | 'copy-unsent'
  | 'dismiss-unsent'
  | 'show-gap'
  | 'stop-paste'

export interface Action {
  readonly kind: ActionKind
  readonly label: string
  /** The button stays in place but does nothing now. */
  readonly busy?: boolean
  /** Enter in the grid may press it. */
  readonly enter?: boolean
}

/** A piece of the sentence: plain words, a figure of fixed width, or text that came from the machine. */
export interface Part {
  readonly kind: 'text' | 'title' | 'folder' | 'address' | 'hint'
  readonly text: string
  /** The host within an address: the piece that is never cut. */
  readonly host?: { readonly from: number; readonly to: number }
}

export interface StatusLine {
  readonly id: StateId
  readonly icon: IconName
  readonly tone: Tone
  readonly level: Level
  readonly parts: readonly Part[]
  readonly chip?: { readonly long: string; readonly short: string }
  readonly action?: Action
  readonly secondary?: Action
  readonly live: Live
  /** What is said aloud, if it is not the sentence. */
  readonly say?: string
  /** In the middle of a view that never showed output, else in the line. */
  readonly where: 'line' | 'middle'
  /** A task, drawn at the edge. Its share is 0 to 1; null where nobody knows it. */
  readonly progress?: { readonly kind: 'normal' | 'error' | 'paused' | 'busy'; readonly share: number | null }
  /** The find bar stands in the place of the sentence. */
  readonly finding?: boolean
}

/** The line before anything is known: the sign alone, in a box of its final size. */
export const FIRST_PAINT: StatusLine = {
  id: 'first-paint',
  icon: 'work',
  tone: 'muted',
  level: 'quiet',
  parts: [],
  live: 'off',
  where: 'line',
}

export const text = (sentence: string): readonly Part[] => (sentence === '' ? [] : [{ kind: 'text', text: sentence }])

export const quiet = (id: StateId, words: string, more: Partial<StatusLine> = {}): StatusLine => ({
  id,
  icon: 'work',
  tone: 'muted',
  level: 'quiet',
  parts: text(words),
  live: 'off',
  where: 'line',
  ...more,
})

/** The sign of a shell that answers. */
export const OK = { icon: 'ready', tone: 'ok' } as const

/** The sentence as one string, without the braces of its figures. */
export function sentence(line: StatusLine): string {
  return line.parts.map((part) => part.text.replace(/[{}]/g, '')).join(' ')
}
