/** How much output may be on its way: a window that follows the parser's pace and the round trip. */
import { OUTPUT_WINDOW } from '../protocol/limits.ts'

/**
 * The window grows only when the sender ran dry and the parser would have had time for more; it shrinks when what is in
 * flight takes the parser much longer than a round trip, because that is how long a keystroke's echo waits.
 */
export interface OutputWindow {
  /** Bytes. */
  readonly size: number
  /** Bytes per millisecond while the parser had work; 0 before the first measurement. */
  readonly rate: number
  /** The sender used up its credit since the last adjustment. */
  readonly ranDry: boolean
}

export const INITIAL_WINDOW: OutputWindow = { size: OUTPUT_WINDOW.initial, rate: 0, ranDry: false }

/** The echo may wait this much longer than the round trip. */
const TARGET_MS = 10
/** Shrinking starts only beyond this, or the window would swing with every measurement. */
const TOLERANCE_MS = 25
/** Weight of a new measurement of the parser's pace. */
const SMOOTHING = 0.2

/** `bytes` were drawn in `ms` during which the parser never ran out of work. */
export function measured(window: OutputWindow, bytes: number, ms: number): OutputWindow {
  if (ms <= 0 || bytes <= 0) return window
  const sample = bytes / ms
  return { ...window, rate: window.rate === 0 ? sample : window.rate + SMOOTHING * (sample - window.rate) }
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
