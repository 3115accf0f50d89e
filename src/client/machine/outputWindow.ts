/** How much output may be on its way: a window that follows the parser's pace and the round trip. */
import { OUTPUT_WINDOW } from '../../protocol/limits.ts'

/**
 * The window grows only when the sender ran dry and the parser would have had time for more; it shrinks when what is in
 * flight takes the parser much longer than a round trip, because that is how long a keystroke's echo waits.
 */
export interface OutputWindow {
  /** Bytes. */
  readonly size: number
  /** Bytes per millisecond while the parser had work, rendering included; 0 before the first measurement. */
  readonly rate: number
  /** Work since the last measurement: bytes, and the milliseconds that they took. */
  readonly span: { readonly bytes: number; readonly ms: number }
  /** When bytes were drawn last, more of them waited. */
  readonly backlog: boolean
  /** The sender used up its credit since the last adjustment. */
  readonly ranDry: boolean
}

export const INITIAL_WINDOW: OutputWindow = {
  size: OUTPUT_WINDOW.initial,
  rate: 0,
  span: { bytes: 0, ms: 0 },
  backlog: false,
  ranDry: false,
}

/** The echo may wait this much longer than the round trip. */
const TARGET_MS = 10
/** Shrinking starts only beyond this, or the window would swing with every measurement. */
const TOLERANCE_MS = 25
/** Weight of a new measurement of the parser's pace. */
const SMOOTHING = 0.3
/** A measurement covers several frames of the page: within one, slices follow each other as if nothing were ever rendered. */
const SPAN = { bytes: 64 * 1024, ms: 40 }
/** Fewer bytes at once are an echo or a line of progress, whose time is the way and not the parser. */
const WORTH_MEASURING = 1024

/**
 * `bytes` were drawn `ms` after those before them, or after they came if none waited before them; `more` wait now. What had
 * to come first is not counted: its time is that of the link.
 */
export function measured(window: OutputWindow, bytes: number, ms: number, more: boolean): OutputWindow {
  const next = window.backlog === more ? window : { ...window, backlog: more }
  if (!window.backlog || ms < 0 || bytes < WORTH_MEASURING) return next
  const span = { bytes: window.span.bytes + bytes, ms: window.span.ms + ms }
  if (span.bytes < SPAN.bytes || span.ms < SPAN.ms) return { ...next, span }
  const sample = span.bytes / span.ms
  const rate = window.rate === 0 ? sample : window.rate + SMOOTHING * (sample - window.rate)
  return { ...next, rate, span: INITIAL_WINDOW.span }
}

/** The sender had used all its credit when this was noticed. */
export function ranDry(window: OutputWindow): OutputWindow {
  return window.ranDry ? window : { ...window, ranDry: true }
}

/** The window for the next grant. */
export function adjusted(window: OutputWindow, roundTripMs: number | null): OutputWindow {
  if (window.rate === 0 || roundTripMs === null) return window
  const drainMs = window.size / window.rate
  const wanted = clamp(window.rate * (roundTripMs + TARGET_MS))
  if (window.ranDry && drainMs < roundTripMs + TARGET_MS) return { ...window, size: Math.max(window.size, wanted), ranDry: false }
  if (drainMs > roundTripMs + TOLERANCE_MS) return { ...window, size: Math.min(window.size, wanted), ranDry: false }
  return window.ranDry ? { ...window, ranDry: false } : window
}

function clamp(size: number): number {
  return Math.round(Math.min(OUTPUT_WINDOW.max, Math.max(OUTPUT_WINDOW.min, size)))
}
