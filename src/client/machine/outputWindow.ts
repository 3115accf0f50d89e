/** How much output may be on its way: what keeps the slowest of server, link and parser busy for a round trip, and little more. */
import { threshold } from '../../protocol/credit.ts'
import { OUTPUT_WINDOW } from '../../protocol/limits.ts'

/**
 * The echo of a key waits behind everything that is on its way, so the window follows what really arrives while output flows
 * without a break. It grows by half as long as that brings more, and then stays at what the rate needs for a round trip.
 *
 * The parser's own pace bounds it: nothing is won by more than the parser draws until the next grant has its answer. It alone
 * would be no guide, because a link may be slower. Nor would the moments at which the credit is used up: a server hands all of
 * it to its socket at once, whatever the link does with it. So a parser that idles in a flood is a reason to try half as much
 * again for a moment, ever more rarely if that brings nothing.
 */
export interface OutputWindow {
  /** Bytes. */
  readonly size: number
  /** Bytes per millisecond that arrived; 0 before the first measurement. Falls slowly, or a window that is too small would prove itself right. */
  readonly rate: number
  /** What there was before the last growth, while it looks for the bound; else null. */
  readonly growing: { readonly size: number; readonly rate: number; readonly pace: number } | null
  /** A round trip that growing has proved: with less on the way somebody had waited. */
  readonly proof: Proof
  /** When the parser's idleness is a reason to grow again, for how long it is none after that, and the parser's pace by then. */
  readonly rest: { readonly until: number; readonly ms: number; readonly pace: number }
  /** Where the running measurement began; null before one. */
  readonly from: { readonly at: number; readonly offset: number; readonly busyMs: number } | null
  /** When bytes came last. */
  readonly last: number
  /** Much less than the rate came in the last measurement. */
  readonly dipped: boolean
  readonly parser: Parser
}

/** Milliseconds. */
interface Proof {
  readonly wayMs: number
  readonly at: number
  /** It is doubted after so long, and the next one after twice as long. */
  readonly holdsMs: number
}

/** What the emulator does with what it gets. */
interface Parser {
  /** Bytes per millisecond while it has work; 0 before the first measurement. */
  readonly pace: number
  /** Bytes and milliseconds of the running measurement. */
  readonly bytes: number
  readonly ms: number
  /** Milliseconds with work since the window was made. */
  readonly busyMs: number
  /** When it drew last. */
  readonly at: number
}

/** Round trips in milliseconds: the shortest that was measured, the latest, and when that was. Under a flood pongs wait too. */
export interface RoundTrip {
  readonly shortestMs: number
  readonly latestMs: number
  readonly at: number
}

/** A measurement takes this many milliseconds and this many round trips, at least; after as long a silence it begins anew. */
const MEASURE = { ms: 200, roundTrips: 2, patience: 4 }
/** So much more must come, or a larger window brings nothing. */
const WORTH = 1.15
/** So much more says that somebody had waited; beyond the most it was not the window alone. A way counts for so many of the shortest at most. */
const PROOF = { least: 1.3, most: 2.2, stretch: 2 }
/** How long a proof holds. */
const HOLDS_MS = { first: 10_000, most: 160_000 }
/** So much more says that the bound has moved; so much less too, twice in a row and if the parser waits; so does so much faster a parser. */
const MOVED = { up: 1.5, down: 0.75, pace: 2 }
/** A try to grow takes the window times so much. */
const GROWTH = 1.5
/** What is left of a rate from one measurement to the next that is slower; if the parser waits, the window may be the reason. */
const FADING = { busy: 0.9, waiting: 0.995 }
/** A pong that is so much later than the way takes had to wait for output in a queue of the network. */
const QUEUED_MS = 30
/** Milliseconds of the rate beyond a round trip, or a faster rate could never show; a page does so much between two pieces. */
const ROOM_MS = 5
/** Milliseconds of parsing beyond a round trip that a window has at most. */
const BEYOND_MS = 12
/** The parser's pace is measured over so many milliseconds of its work. */
const PACE_MS = 50
/** A parser that works less than this share of the time waits for somebody. */
const WORKING = 0.85
/** Milliseconds between two tries to grow; doubles with each that brings nothing. */
const REST_MS = { first: 1000, most: 8000 }

const NO_PROOF: Proof = { wayMs: 0, at: 0, holdsMs: HOLDS_MS.first / 2 }

export const INITIAL_WINDOW: OutputWindow = {
  size: OUTPUT_WINDOW.initial,
  rate: 0,
  growing: { size: 0, rate: 0, pace: 0 },
  proof: NO_PROOF,
  rest: { until: 0, ms: REST_MS.first, pace: 0 },
  from: null,
  last: 0,
  dipped: false,
  parser: { pace: 0, bytes: 0, ms: 0, busyMs: 0, at: 0 },
}

/** Bytes came, up to `offset`. */
export function arrived(window: OutputWindow, now: number, offset: number, trip: RoundTrip | null): OutputWindow {
  if (trip === null) return window
  const { from, last, parser } = window
  const spanMs = Math.max(MEASURE.ms, MEASURE.roundTrips * Math.max(wayOf(window, now, trip), trip.latestMs))
  const begun = { at: now, offset, busyMs: parser.busyMs }
  if (from === null || now - last > spanMs) return { ...window, from: begun, last: now }
  if (now - from.at < spanMs) return { ...window, last: now }
  if (offset - from.offset < threshold(window.size))
    return { ...window, from: now - from.at > MEASURE.patience * spanMs ? begun : from, last: now }
  const sample = (offset - from.offset) / (now - from.at)
  const idles = parser.busyMs - from.busyMs < WORKING * (now - from.at)
  return { ...measured(window, now, sample, idles, trip), from: begun, last: now }
}

/** After a measurement that is complete. */
function measured(window: OutputWindow, now: number, sample: number, idles: boolean, trip: RoundTrip): OutputWindow {
  const { size, growing, rest, parser } = window
  const isQueued = trip.latestMs > wayOf(window, now, trip) + QUEUED_MS
  // What the parser can do swings from one measurement to the next; a rate that something else bounds does not.
  const fading = idles && !isQueued ? FADING.waiting : FADING.busy
  const rate =
    growing === null && (!idles || sample > window.rate) ? (window.rate + sample) / 2 : Math.max(sample, window.rate * fading)
  const brought = sample > (growing ? WORTH * growing.rate : MOVED.up * window.rate)
  const dipped = sample < MOVED.down * window.rate
  const moved = (dipped && window.dipped) || parser.pace > MOVED.pace * rest.pace
  const tries = growing === null && idles && (now >= rest.until || moved)
  const next = { ...window, rate, dipped, proof: proofOf(window, now, sample) }
  const fitting = fit(rate, wayOf(next, now, trip))
  if (brought || tries) {
    const grown = bounded(next, Math.max(fitting, GROWTH * size), now, trip)
    return {
      ...next,
      size: grown,
      growing: { size, rate: sample, pace: parser.pace },
      rest: brought ? { ...rest, ms: REST_MS.first } : rest,
    }
  }
  const rested = { until: now + rest.ms, ms: Math.min(2 * rest.ms, REST_MS.most), pace: parser.pace }
  return { ...next, size: bounded(next, fitting, now, trip), growing: null, rest: growing ? rested : rest }
}

function proofOf({ growing, proof, parser }: OutputWindow, now: number, sample: number): Proof {
  if (growing === null || sample < PROOF.least * growing.rate || sample > PROOF.most * growing.rate) return proof
  // More also comes when the parser has become so much faster.
  if (parser.pace > PROOF.least * growing.pace) return proof
  return { wayMs: wayFor(growing.size, growing.rate), at: now, holdsMs: Math.min(2 * proof.holdsMs, HOLDS_MS.most) }
}

/** The emulator drew `bytes`; it has had work since `since`, at least. */
export function drew(window: OutputWindow, now: number, bytes: number, since: number): OutputWindow {
  const { parser } = window
  const took = now - Math.max(since, parser.at)
  const ms = parser.ms + took
  const busyMs = parser.busyMs + took
  if (ms < PACE_MS) return { ...window, parser: { ...parser, bytes: parser.bytes + bytes, ms, busyMs, at: now } }
  const sample = (parser.bytes + bytes) / ms
  const pace = parser.pace === 0 ? sample : (parser.pace + sample) / 2
  return { ...window, parser: { pace, bytes: 0, ms: 0, busyMs, at: now } }
}

/** The same window where offsets or sockets are others: the running measurement is worth nothing there. */
export function elsewhere(window: OutputWindow): OutputWindow {
  return { ...window, from: null, proof: NO_PROOF }
}

/** A proof holds for a while, and until a pong that came later says less. */
function wayOf({ proof }: Pick<OutputWindow, 'proof'>, now: number, { shortestMs, latestMs, at }: RoundTrip): number {
  if (now > proof.at + proof.holdsMs) return shortestMs
  const wayMs = Math.min(proof.wayMs, PROOF.stretch * shortestMs)
  return Math.max(shortestMs, at > proof.at ? Math.min(wayMs, latestMs) : wayMs)
}

/** The rate's worth of a round trip, and what may be consumed before the next grant. */
function fit(rate: number, wayMs: number, beyondMs = ROOM_MS): number {
  const flight = rate * (wayMs + beyondMs)
  return flight + Math.min(flight, threshold(OUTPUT_WINDOW.max))
}

/** The round trip that a window fits at a rate. */
function wayFor(size: number, rate: number): number {
  const flight = size - threshold(size)
  return Math.max(0, flight / rate - ROOM_MS)
}

/** Within what the protocol allows and what the parser can draw. */
function bounded({ parser, ...window }: OutputWindow, size: number, now: number, trip: RoundTrip): number {
  const most = parser.pace === 0 ? Infinity : fit(parser.pace, wayOf(window, now, trip), BEYOND_MS)
  return Math.round(Math.max(OUTPUT_WINDOW.min, Math.min(size, most, OUTPUT_WINDOW.max)))
}
