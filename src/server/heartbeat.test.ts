/** When a silent client is asked, and when it is given up. */
import { describe, expect, it } from 'vitest'
import { HEARTBEAT } from '../protocol/limits.ts'
import { beginHeartbeat, heard, pinged, verdict, type Heartbeat } from './heartbeat.ts'
import { earn, fullBucket, take, waitMs } from './tokenBucket.ts'

/** Everything that is due until `end`, with frames at the given times. */
function live(end: number, frames: readonly number[], pongs: readonly number[] = []): { pings: number[]; ended: number | null } {
  let heartbeat: Heartbeat = beginHeartbeat(0)
  const pings: number[] = []
  for (let now = 0; now <= end; now++) {
    if (frames.includes(now) || pongs.includes(now)) heartbeat = heard(heartbeat, now, pongs.includes(now))
    const { due } = verdict(heartbeat, HEARTBEAT, now)
    if (due === 'end') return { pings, ended: now }
    if (due === 'ping') {
      pings.push(now)
      heartbeat = pinged(heartbeat, now)
    }
  }
  return { pings, ended: null }
}

describe('the heartbeat', () => {
  it('asks at 20, 40 and 60 s of silence and gives up at 65 s', () => {
    expect(live(100_000, [])).toEqual({ pings: [20_000, 40_000, 60_000], ended: 65_000 })
  })

  it('begins again with every frame', () => {
    expect(live(100_000, [61_000], [61_000])).toEqual({ pings: [20_000, 40_000, 60_000, 81_000], ended: null })
  })

  it('asks once a minute while frames arrive, and gives up two minutes after the last pong', () => {
    const frames = Array.from({ length: 200 }, (_, i) => i * 1000)
    expect(live(200_000, frames)).toEqual({ pings: [60_000], ended: 120_000 })
    expect(live(200_000, frames, [60_500, 120_500])).toEqual({ pings: [60_000, 120_000, 180_000], ended: null })
  })

  it('says how long nothing can be due', () => {
    expect(verdict(beginHeartbeat(0), HEARTBEAT, 5000)).toEqual({ due: null, inMs: 15_000 })
  })
})

describe('a token bucket', () => {
  const rate = { perSecond: 10, burst: 3 }

  it('has room for a burst, then for so many a second', () => {
    let bucket = fullBucket(rate, 0)
    for (let i = 0; i < 3; i++) bucket = take(bucket, rate, 0)!
    expect(take(bucket, rate, 99)).toBeNull()
    expect(waitMs(bucket, rate, 40)).toBe(60)
    expect(take(bucket, rate, 100)).toEqual({ tokens: 0, at: 100 })
    expect(take(bucket, rate, 60_000)?.tokens).toBe(2)
  })

  it('can be filled otherwise, but not over its brim, and never runs backwards', () => {
    const bucket = earn({ tokens: 0, at: 0 }, rate, 99)
    expect(bucket.tokens).toBe(3)
    expect(take({ tokens: 1, at: 1000 }, rate, 0)?.tokens).toBe(0)
  })
})
