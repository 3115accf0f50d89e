/** How long to wait before the next try to connect: exponential with full jitter, forgetful only after a connection that lasted. */

import { RECONNECT } from '../../protocol/limits.ts'

/** How hard and how long a client tries to come back. Times in milliseconds. */
export interface ReconnectPolicy {
  /** Upper bound of the first wait; doubles with every failure. */
  readonly baseMs: number
  readonly capMs: number
  /** Tries in a row that may fail before the person is asked. */
  readonly tries: number
  /** A connection that was ready this long makes the client forget its failures. */
  readonly lastingMs: number
}

export const RECONNECT_POLICY: ReconnectPolicy = {
  baseMs: RECONNECT.baseMs,
  capMs: RECONNECT.maxMs,
  tries: RECONNECT.tries,
  lastingMs: RECONNECT.lastedMs,
}

/** Failures so far. `tries` counts those that never became ready, `level` is the exponent of the next wait. */
export interface Backoff {
  readonly tries: number
  readonly level: number
}

export const FRESH: Backoff = { tries: 0, level: 0 }

/** The exponent at which waits after connections that did not last stop growing, so that a flaky line is followed closely. */
const SHORT_LIVED_LEVEL = Math.log2(RECONNECT.maxReadyMs / RECONNECT.baseMs) + 1

/** The try failed before it became ready. */
export function failed(backoff: Backoff): Backoff {
  return { tries: backoff.tries + 1, level: backoff.level + 1 }
}

/** A ready connection was lost before it had lasted. */
export function shortLived(backoff: Backoff): Backoff {
  return { tries: 0, level: Math.min(backoff.level + 1, SHORT_LIVED_LEVEL) }
}

/** Milliseconds until the next try. `chance` is in [0, 1); the server's own wish is a lower bound. */
export function waitMs(backoff: Backoff, policy: ReconnectPolicy, chance: number, retryMs = 0): number {
  if (backoff.level === 0) return retryMs
  const bound = Math.min(policy.capMs, policy.baseMs * 2 ** (backoff.level - 1))
  return Math.max(retryMs, Math.floor(chance * bound))
}
