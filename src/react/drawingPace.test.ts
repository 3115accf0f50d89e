/** A terminal that keeps up is drawn with every frame; one that is behind so often that drawing has a third of the time, and with the echo of a key. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DrawingPace } from './drawingPace.ts'

const FRAME_MS = 16

/** The moments at which it is drawn within a second, where each drawn frame takes `cost`. */
function drawn({ cost = 1, behind = true, keysAt = [] as number[], pace = new DrawingPace() } = {}): number[] {
  const moments: number[] = []
  for (let now = 0; now < 1000; now += Math.max(FRAME_MS, moments.at(-1) === now ? cost : 0)) {
    if (!pace.draws({ now, behind, echoes: keysAt.filter((at) => at <= now).length })) continue
    moments.push(now)
    pace.took(cost)
  }
  return moments
}

const gaps = (moments: readonly number[]): number[] => moments.slice(1).map((at, i) => at - moments[i]!)

describe('a terminal that is drawn', () => {
  test('has every frame while it keeps up, however dear they are', () => {
    expect(drawn({ behind: false })).toHaveLength(63)
    expect(drawn({ behind: false, cost: 50 })).toHaveLength(20)
  })

  test('has about thirty frames a second where it is behind', () => {
    const moments = drawn()
    expect(moments.length).toBeGreaterThanOrEqual(29)
    expect(moments.length).toBeLessThanOrEqual(32)
  })

  test('takes at most about a third of the time, and stands still for no more than a tenth of a second', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 33, noNaN: true }), (cost) => {
        const moments = drawn({ cost })
        // The first ones teach what a frame costs.
        expect((moments.length - 1) * cost).toBeLessThan(1000 * 0.4)
        expect(Math.max(...gaps(moments))).toBeLessThanOrEqual(100 + 2 * FRAME_MS)
      }),
    )
  })

  test('has the two frames after the echo of a key', () => {
    const keysAt = [505, 705]
    const moments = drawn({ cost: 15, keysAt })
    for (const at of keysAt) {
      const after = moments.filter((moment) => moment >= at).slice(0, 2)
      expect(after[0]! - at).toBeLessThanOrEqual(FRAME_MS)
      expect(after[1]! - after[0]!).toBeLessThanOrEqual(FRAME_MS + 0.001)
    }
  })

  test('has a frame at once when it has caught up', () => {
    const pace = new DrawingPace()
    expect(pace.draws({ now: 0, behind: true, echoes: 0 })).toBe(true)
    pace.took(30)
    expect(pace.draws({ now: 17, behind: true, echoes: 0 })).toBe(false)
    expect(pace.draws({ now: 33, behind: false, echoes: 0 })).toBe(true)
  })

  test('is not slowed by one frame that other tasks made long', () => {
    const pace = new DrawingPace()
    for (const ms of [5, 90, 90]) {
      pace.draws({ now: 0, behind: true, echoes: 0 })
      pace.took(ms)
    }
    expect(pace.draws({ now: 33, behind: true, echoes: 0 })).toBe(true)
  })
})
