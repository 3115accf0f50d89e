/** A token bucket: how often something may happen, with room for a burst. */

export interface Bucket {
  readonly tokens: number
  /** When `tokens` was true, on a monotonic clock in milliseconds. */
  readonly at: number
}

export interface Rate {
  readonly perSecond: number
  readonly burst: number
}

export function fullBucket({ burst }: Rate, now: number): Bucket {
  return { tokens: burst, at: now }
}

/** The bucket after one more, or null if there was no room for it. */
export function take(bucket: Bucket, { perSecond, burst }: Rate, now: number): Bucket | null {
  const tokens = Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * perSecond)
  return tokens < 1 ? null : { tokens: tokens - 1, at: now }
}

/** The bucket with more tokens, which were earned otherwise than by waiting. */
export function earn(bucket: Bucket, { burst }: Rate, tokens: number): Bucket {
  return { ...bucket, tokens: Math.min(burst, bucket.tokens + tokens) }
}

/** Milliseconds until there is room for one more. */
export function waitMs(bucket: Bucket, { perSecond }: Rate, now: number): number {
  return Math.max(0, Math.ceil(((1 - bucket.tokens) / perSecond) * 1000 - (now - bucket.at)))
}
