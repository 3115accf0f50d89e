/** How far away the server is, and when output comes later than that way takes. */
import { describe, expect, test } from 'vitest'
import { bornAt, outputCame, pinged, ponged, wantsMeasuring, type Liveness } from './liveness.ts'

/** Pings at `at` and hears the answer `ms` later. */
function measure(liveness: Liveness, at: number, ms: number): Liveness {
  const asked = pinged(liveness, at)
  return ponged(asked, asked.lastTs ?? 0, at + ms)
}

describe('the round trip', () => {
  test('counts as the shortest so far: a busy page makes answers later, nothing makes them sooner', () => {
    let liveness = bornAt(0)
    expect(liveness.shortestMs).toBeNull()
    const shortest = [100, 5, 70, 900].map((ms, i) => {
      liveness = measure(liveness, i * 1000, ms)
      expect(liveness.roundTripMs).toBe(ms)
      return liveness.shortestMs
    })
    expect(shortest).toEqual([100, 5, 5, 5])
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

describe('output', () => {
  const asked = pinged(measure(bornAt(0), 0, 200), 5000)

  test('comes late while it arrives a second after the answer that follows it was due', () => {
    expect(outputCame(asked, 6200).late).toBe(false)
    expect(outputCame(asked, 6201).late).toBe(true)
  })

  test('that comes while no answer is awaited is not late', () => {
    const answered = ponged(asked, asked.lastTs ?? 0, 5200)
    expect(outputCame(answered, 60_000).late).toBe(false)
  })

  test('is late until an answer comes in time; a late answer alone says nothing', () => {
    const late = outputCame(asked, 6500)
    const answered = ponged(late, late.lastTs ?? 0, 7000)
    expect(answered.late).toBe(true)
    expect(measure(answered, 7000, 1200).late).toBe(false)
    expect(measure(answered, 7000, 1201).late).toBe(true)
    expect(ponged(asked, asked.lastTs ?? 0, 9000).late).toBe(false)
  })

  test('on a way that is long is not late', () => {
    const far = pinged(measure(bornAt(0), 0, 3000), 5000)
    expect(outputCame(far, 8900).late).toBe(false)
  })
})
