/** When to ask the peer for a sign of life, and when to give it up. */

/** Times in milliseconds; see section 6 of the protocol. */
export interface HeartbeatTimes {
  /** Silence before a ping, and between one ping and the next. */
  readonly silenceMs: number
  /** From the last ping to the judgement. */
  readonly judgeMs: number
  readonly tries: number
  /** Without a pong, whatever else arrives. */
  readonly pongMs: number
  /** Between two pings while other frames arrive. */
  readonly longestMs: number
}

export interface Heartbeat {
  readonly lastFrame: number
  readonly lastPong: number
  readonly lastPing: number
  /** Pings since the last frame. */
  readonly unanswered: number
}

export function beginHeartbeat(now: number): Heartbeat {
  return { lastFrame: now, lastPong: now, lastPing: now, unanswered: 0 }
}

/** Any frame is a sign of life. */
export function heard(heartbeat: Heartbeat, now: number, isPong: boolean): Heartbeat {
  return { ...heartbeat, lastFrame: now, unanswered: 0, lastPong: isPong ? now : heartbeat.lastPong }
}

export function pinged(heartbeat: Heartbeat, now: number): Heartbeat {
  return { ...heartbeat, lastPing: now, unanswered: heartbeat.unanswered + 1 }
}

/** What is due now, or how long it is until something may be. Frames that arrive meanwhile only put it off. */
export function verdict(
  heartbeat: Heartbeat,
  times: HeartbeatTimes,
  now: number,
): { readonly due: 'ping' | 'end' } | { readonly due: null; readonly inMs: number } {
  const endAt = Math.min(endOfSilence(heartbeat, times), heartbeat.lastPong + times.pongMs)
  if (now >= endAt) return { due: 'end' }
  const pingAt = nextPing(heartbeat, times)
  if (now >= pingAt) return { due: 'ping' }
  return { due: null, inMs: Math.min(endAt, pingAt) - now }
}

function endOfSilence({ unanswered, lastFrame, lastPing }: Heartbeat, { silenceMs, judgeMs, tries }: HeartbeatTimes): number {
  if (unanswered < tries) return Number.POSITIVE_INFINITY
  return Math.max(lastPing, lastFrame + silenceMs * tries) + judgeMs
}

function nextPing({ unanswered, lastFrame, lastPing }: Heartbeat, { silenceMs, tries, longestMs }: HeartbeatTimes): number {
  const whileSilent = unanswered < tries ? lastFrame + silenceMs * (unanswered + 1) : Number.POSITIVE_INFINITY
  return Math.min(whileSilent, lastPing + longestMs)
}
