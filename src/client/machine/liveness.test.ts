import { describe, expect, test } from 'vitest'
import { bornAt, pinged, ponged, wantsMeasuring, wayMs, type Liveness } from './liveness.ts'

/** Pings at `at` and hears the answer `ms` later. */
function measure(liveness: Liveness, at: number, ms: number): Liveness {
  const asked = pinged(liveness, at)
  return ponged(asked, asked.lastTs ?? 0, at + ms)
}

describe('the way to the server', () => {
  test('is the shortest of the last three round trips: a busy page makes them longer, nothing makes them shorter', () => {
    let liveness = bornAt(0)
    expect(wayMs(liveness)).toBeNull()
    liveness = measure(liveness, 0, 100)
    expect(wayMs(liveness)).toBe(100)
    liveness = measure(liveness, 1000, 5)
    liveness = measure(liveness, 2000, 70)
    expect(wayMs(liveness)).toBe(5)
    expect(liveness.roundTripMs).toBe(70)
    liveness = measure(measure(liveness, 3000, 80), 4000, 90)
    expect(wayMs(liveness)).toBe(70)
  })

  test('is measured every second at first and every five seconds later, never while an answer is under way', () => {
    let liveness = measure(bornAt(0), 0, 50)
    expect(wantsMeasuring(liveness, 999)).toBe(false)
    expect(wantsMeasuring(liveness, 1000)).toBe(true)
    const asked = pinged(liveness, 1000)
    expect(wantsMeasuring(asked, 3000)).toBe(false)
    expect(wantsMeasuring(asked, 6000)).toBe(true)
    liveness = measure(measure(liveness, 1000, 50), 2000, 50)
    expect(wantsMeasuring(liveness, 3000)).toBe(false)
    expect(wantsMeasuring(liveness, 7000)).toBe(true)
  })
})
