/** What the keys of the touch row send: the bytes that a keyboard would have made, in the mode that the program has set. */
import { controlOf } from '../keyboard/control.ts'

export type CursorKey = 'ArrowLeft' | 'ArrowUp' | 'ArrowDown' | 'ArrowRight' | 'Home' | 'End'
export type SoftKey = CursorKey | 'Escape' | 'Tab' | 'PageUp' | 'PageDown' | '|' | '~'

export interface Modifiers {
  readonly ctrl: boolean
  readonly alt: boolean
}

const FINALS: Readonly<Record<CursorKey, string>> = {
  ArrowUp: 'A',
  ArrowDown: 'B',
  ArrowRight: 'C',
  ArrowLeft: 'D',
  Home: 'H',
  End: 'F',
}

const isCursorKey = (key: SoftKey): key is CursorKey => key in FINALS

/** The number that xterm puts into a sequence for the modifiers: one more than Shift 1, Alt 2, Ctrl 4. */
const parameter = ({ ctrl, alt }: Modifiers): number => 1 + (alt ? 2 : 0) + (ctrl ? 4 : 0)

/** `applicationCursor` is the program's mode DECCKM, in which plain cursor keys have other names. */
export function keyBytes(key: SoftKey, modifiers: Modifiers, applicationCursor: boolean): string {
  const number = parameter(modifiers)
  if (isCursorKey(key)) {
    if (number > 1) return `\u001b[1;${number}${FINALS[key]}`
    return `\u001b${applicationCursor ? 'O' : '['}${FINALS[key]}`
  }
  switch (key) {
    case 'PageUp':
    case 'PageDown': {
      const page = key === 'PageUp' ? 5 : 6
      return number > 1 ? `\u001b[${page};${number}~` : `\u001b[${page}~`
    }
    case 'Escape':
      return modifiers.alt ? '\u001b\u001b' : '\u001b'
    case 'Tab':
      return modifiers.alt ? '\u001b\t' : '\t'
    case '|':
    case '~':
      return modified(key, modifiers)
    default:
      return unreachable(key)
  }
}

/** Typed text as it would be with the modifiers held: the first character, as an input method may give a whole word at once. */
export function modified(text: string, { ctrl, alt }: Modifiers): string {
  const [first = ''] = text
  const rest = text.slice(first.length)
  const cursor = /^\u001b[[O]([A-DFH])$/.exec(text)?.[1]
  if (cursor !== undefined && (ctrl || alt)) return `\u001b[1;${parameter({ ctrl, alt })}${cursor}`
  return `${alt ? '\u001b' : ''}${ctrl ? (controlOf(first) ?? first) : first}${rest}`
}

// ---- Ctrl and Alt of the row ------------------------------------------------------------------------------------------------

/** Off, for one key, or until it is tapped again. */
export type Latch = 'off' | 'once' | 'locked'

const DOUBLE_MS = 400

export interface LatchState {
  readonly latch: Latch
  /** When it was tapped last, milliseconds on the caller's clock. */
  readonly tappedAt: number
}

export const UNLATCHED: LatchState = { latch: 'off', tappedAt: -Infinity }

/** A tap arms the next key, a second one at once locks, one later lets go. */
export function tapped({ latch, tappedAt }: LatchState, now: number): LatchState {
  const isDouble = now - tappedAt < DOUBLE_MS
  if (latch === 'off') return { latch: 'once', tappedAt: now }
  return { latch: latch === 'once' && isDouble ? 'locked' : 'off', tappedAt: now }
}

/** After a key was sent. */
export const used = (state: LatchState): LatchState => (state.latch === 'once' ? UNLATCHED : state)

function unreachable(value: never): never {
  throw new Error(`No key is called ${String(value)}.`)
}
