/** Whether the other end is still there: when to ping, and when silence has lasted too long. */
import { HEARTBEAT } from '../../protocol/limits.ts'

/** What is known of a socket's other end. Times are on the client's monotonic clock. */
export interface Liveness {
  /** Any frame. */
  readonly heardAt: number
  readonly pongAt: number
  readonly pingedAt: number
  /** `ts` of the last ping; it is the time it was sent, so a pong measures itself. */
  readonly lastTs: number | null
  /** Pings since the last frame. */
  readonly unanswered: number
  /** A probe must hear something by then. */
  readonly probeBy: number | null
  readonly roundTripMs: number | null
  /** The shortest on this socket: the way itself, without what a busy page or a flood adds to an answer. */
  readonly shortestMs: number | null
  /** Round trips measured so far. */
  readonly measured: number
  /** Output comes late: it waits behind a slow connection, and the answer to a ping behind it. */
  readonly late: boolean
}

/** Beyond the time that the way itself takes. */
const LATE_MS = 1000

/** So many round trips are measured soon after each other. */
const FIRST_FEW = 3
/** A page that has nothing to draw measures best: so many times, so many milliseconds after each other, and then as it does in a flood. */
const IN_QUIET = { few: 6, ms: 200 }

export function bornAt(now: number): Liveness {
  return {
    heardAt: now,
    pongAt: now,
    pingedAt: now,
    lastTs: null,
    unanswered: 0,
    probeBy: null,
    roundTripMs: null,
    shortestMs: null,
    measured: 0,
    late: false,
  }
}

export function heard(liveness: Liveness, now: number): Liveness {
  return { ...liveness, heardAt: now, unanswered: 0, probeBy: null }
}

/** Output came. It was sent before the answer to a ping that should have been here long ago. */
export function outputCame(liveness: Liveness, now: number): Liveness {
  const { lastTs, pingedAt, shortestMs } = liveness
  return lastTs === null || now - pingedAt <= (shortestMs ?? 0) + LATE_MS ? liveness : { ...liveness, late: true }
}

export function pinged(liveness: Liveness, now: number): Liveness {
  return { ...liveness, pingedAt: now, lastTs: Math.floor(now), unanswered: liveness.unanswered + 1 }
}

/** A probe: a ping whose answer is awaited for a short time, because the page has reason to doubt the link. */
export function probed(liveness: Liveness, now: number): Liveness {
  return { ...pinged(liveness, now), probeBy: liveness.probeBy ?? now + HEARTBEAT.probeMs }
}

/** Only the answer to the last ping measures the round trip. */
export function ponged(liveness: Liveness, ts: number, now: number): Liveness {
  if (ts !== liveness.lastTs) return { ...liveness, pongAt: now }
  const roundTripMs = Math.max(0, now - liveness.pingedAt)
  const shortestMs = Math.min(roundTripMs, liveness.shortestMs ?? Infinity)
  const late = liveness.late && roundTripMs > shortestMs + LATE_MS
  return { ...liveness, pongAt: now, lastTs: null, roundTripMs, shortestMs, measured: liveness.measured + 1, late }
}

/** While output flows: the first measurements, one of which a page that still loads has made too long, soon after each other. */
export function wantsMeasuring({ pingedAt, lastTs, measured }: Liveness, now: number): boolean {
  // A new ping would make the answer to one that is under way worthless.
  const soon = measured < FIRST_FEW && lastTs === null
  return now - pingedAt >= (soon ? HEARTBEAT.measureMs / 5 : HEARTBEAT.measureMs)
}

/** The same once everything is drawn. */
export function wantsQuietMeasuring({ pingedAt, lastTs, measured }: Liveness, now: number): boolean {
  return lastTs === null && now - pingedAt >= (measured < IN_QUIET.few ? IN_QUIET.ms : HEARTBEAT.measureMs)
}

/** What to do now, and when to look again. `waiting` means that input is not acknowledged yet, `busy` that output flows. */
export function judge(
  liveness: Liveness,
  now: number,
  { waiting, busy }: { readonly waiting: boolean; readonly busy: boolean },
): { readonly verdict: 'alive' | 'ping' | 'dead'; readonly againMs: number } {
  const silence = now - liveness.heardAt
  const deadAt = Math.min(
    liveness.probeBy ?? Infinity,
    liveness.pongAt + HEARTBEAT.pongMs,
    liveness.unanswered >= HEARTBEAT.tries ? liveness.pingedAt + HEARTBEAT.judgeMs : Infinity,
    waiting && liveness.unanswered > 0 ? liveness.pingedAt + HEARTBEAT.judgeMs : Infinity,
  )
  if (now >= deadAt) return { verdict: 'dead', againMs: 0 }
  const pingAt = Math.min(
    liveness.unanswered < HEARTBEAT.tries ? liveness.heardAt + HEARTBEAT.silenceMs * (liveness.unanswered + 1) : Infinity,
    waiting && liveness.unanswered === 0 ? liveness.heardAt + HEARTBEAT.typingSilenceMs : Infinity,
    liveness.pingedAt + HEARTBEAT.longestMs,
    busy && liveness.unanswered === 0 ? liveness.pingedAt + HEARTBEAT.measureMs : Infinity,
  )
  if (now >= pingAt && silence >= 0) return { verdict: 'ping', againMs: 0 }
  // Whatever is heard meanwhile brings the next ping forward, to this at the earliest.
  const lookAt = Math.min(deadAt, pingAt, now + HEARTBEAT.silenceMs)
  return { verdict: 'alive', againMs: Math.max(1, lookAt - now) }
}
