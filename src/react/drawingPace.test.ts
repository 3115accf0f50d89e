/** A terminal that keeps up is drawn with every frame; one that is behind so often that drawing has a third of the time, not before the echo of a key, and with it. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DrawingPace, type Coming } from './drawingPace.ts'

const FRAME_MS = 16

const coming = (now: number, rest: Partial<Coming> = {}): Coming => ({ now, behind: true, echoes: 0, awaited: false, ...rest })

/** The moments at which it is drawn within a second, where each drawn frame takes `cost` and each echo so long. */
function drawn({ cost = 1, behind = true, keysAt = [] as number[], echoMs = 0 } = {}): number[] {
  const pace = new DrawingPace()
  const moments: number[] = []
  for (let now = 0; now < 1000; now += Math.max(FRAME_MS, moments.at(-1) === now ? cost : 0)) {
    const echoes = keysAt.filter((at) => at + echoMs <= now).length
    const awaited = keysAt.filter((at) => at <= now).length > echoes
    if (pace.wait({ now, behind, echoes, awaited }) > 0) continue
    pace.draws(now)
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

  test('has no frame between a key and its echo, unless that takes longer than a tenth of a second', () => {
    const between = (echoMs: number): number[] =>
      drawn({ cost: 5, keysAt: [500], echoMs }).filter((at) => at > 500 && at < 500 + echoMs)
    for (const echoMs of [20, 40, 60]) expect(between(echoMs)).toEqual([])
    const slow = between(400)
    expect(slow.length).toBeGreaterThanOrEqual(3)
    expect(Math.max(...gaps([500, ...slow]))).toBeLessThanOrEqual(100 + 2 * FRAME_MS)
  })

  test('waits for nothing while it keeps up, whatever echo is awaited', () => {
    const pace = new DrawingPace()
    pace.draws(0)
    expect(pace.wait(coming(1, { behind: false, awaited: true }))).toBe(0)
  })

  test('tells how long it waits, and does not once it has caught up', () => {
    const pace = new DrawingPace()
    expect(pace.wait(coming(0))).toBe(0)
    pace.draws(0)
    pace.took(30)
    expect(pace.wait(coming(17))).toBe(90 - 4 - 17)
    expect(pace.wait(coming(17, { awaited: true }))).toBe(100 - 4 - 17)
    expect(pace.wait(coming(17, { behind: false }))).toBe(0)
  })

  test('is not slowed by one frame that other tasks made long', () => {
    const pace = new DrawingPace()
    for (const ms of [5, 90, 90]) {
      pace.draws(0)
      pace.took(ms)
    }
    expect(pace.wait(coming(33))).toBe(0)
  })
})
