/** How much output may be on its way: what keeps the slowest of server, link and parser busy for a round trip, and little more. */
import { threshold } from '../../protocol/credit.ts'
import { OUTPUT_WINDOW } from '../../protocol/limits.ts'

/**
 * The echo of a key waits behind everything that is on its way, so the window follows what really arrives while output flows
 * without a break. It doubles as long as that brings more, and then stays at what the rate needs for a round trip.
 *
 * The parser's own pace would be no guide: a link may be slower, and a short line tells nothing about a flood. Nor would the
 * moments at which the credit is used up: the side that grants cannot see them, because its next grant is on its way then.
 */
export interface OutputWindow {
  /** Bytes. */
  readonly size: number
  /** Bytes per millisecond that arrived; 0 before the first measurement. Falls slowly, or a window that is too small would prove itself right. */
  readonly rate: number
  /** Looking for the bound. */
  readonly growing: boolean
  /** Where the running measurement began; null before one. */
  readonly from: { readonly at: number; readonly offset: number } | null
  /** When bytes came last. */
  readonly last: number
}

export const INITIAL_WINDOW: OutputWindow = { size: OUTPUT_WINDOW.initial, rate: 0, growing: true, from: null, last: 0 }

/** A measurement takes this many milliseconds and this many round trips, at least; after as long a silence it begins anew. */
const MEASURE = { ms: 100, roundTrips: 2 }
/** So much more must come, or a larger window brings nothing. */
const WORTH = 1.15
/** So much more says that the bound has moved. */
const MOVED = 1.5
/** What is left of a rate from one measurement to the next that is slower. */
const FADING = 0.9
/** Room beyond the rate's worth of a round trip, or a faster rate could never show. */
const ROOM = { share: 0.1, ms: 4, bytes: 24 * 1024 }

/** Bytes came, up to `offset`. `roundTripMs` is the shortest that was measured: under a flood pongs wait too. */
export function arrived(window: OutputWindow, now: number, offset: number, roundTripMs: number | null): OutputWindow {
  if (roundTripMs === null) return window
  const { from, last } = window
  const spanMs = Math.max(MEASURE.ms, MEASURE.roundTrips * roundTripMs)
  if (from === null || now - last > spanMs) return { ...window, from: { at: now, offset }, last: now }
  if (now - from.at < spanMs || offset - from.offset < threshold(window.size)) return { ...window, last: now }
  const sample = (offset - from.offset) / (now - from.at)
  const growing = sample > window.rate * (window.growing ? WORTH : MOVED)
  const rate = Math.max(sample, window.rate * FADING)
  const fitting = fit(rate, roundTripMs)
  const size = clamp(growing ? Math.max(fitting, 2 * window.size) : fitting)
  return { size, rate, growing, from: { at: now, offset }, last: now }
}

/** The same window where offsets or sockets are others: the running measurement is worth nothing there. */
export function elsewhere(window: OutputWindow): OutputWindow {
  return { ...window, from: null }
}

/** The rate's worth of a round trip, and what may be consumed before the next grant. */
function fit(rate: number, roundTripMs: number): number {
  const flight = rate * (roundTripMs * (1 + ROOM.share) + ROOM.ms) + ROOM.bytes
  return flight + Math.min(flight, threshold(OUTPUT_WINDOW.max))
}

function clamp(size: number): number {
  return Math.round(Math.min(OUTPUT_WINDOW.max, Math.max(OUTPUT_WINDOW.min, size)))
}
