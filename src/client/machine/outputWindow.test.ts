import { describe, expect, test } from 'vitest'
import { OUTPUT_WINDOW } from '../../protocol/limits.ts'
import { INITIAL_WINDOW, arrived, elsewhere, type OutputWindow } from './outputWindow.ts'

const KiB = 1024

/** Frames of 16 KiB that come at a pace, for so long, from where the one before left off. */
function stream(
  window: OutputWindow,
  { rate, ms, wayMs = 1, at = 0 }: { rate: number; ms: number; wayMs?: number; at?: number },
) {
  let offset = window.from?.offset ?? 0
  let now = Math.max(at, window.last)
  for (const until = now + ms; now < until; now += (16 * KiB) / rate) {
    offset += 16 * KiB
    window = arrived(window, now, offset, wayMs)
  }
  return window
}

describe('the window', () => {
  test('stays as it is before a round trip was measured', () => {
    expect(arrived(INITIAL_WINDOW, 1000, 500 * KiB, null)).toBe(INITIAL_WINDOW)
  })

  test('holds what comes in a round trip, and little more', () => {
    const near = stream(INITIAL_WINDOW, { rate: 10_000, ms: 10_000, wayMs: 1 })
    const far = stream(INITIAL_WINDOW, { rate: 10_000, ms: 10_000, wayMs: 50 })
    expect(near.rate).toBeCloseTo(10_000, -3)
    expect(near.size).toBeGreaterThan(10_000 * 1)
    expect(near.size).toBeLessThan(10_000 * 1 + 200 * KiB)
    expect(far.size).toBeGreaterThan(10_000 * 50)
    expect(far.size).toBeLessThan(2.2 * 10_000 * 50)
  })

  test('doubles as long as that brings more', () => {
    let window = INITIAL_WINDOW
    const sizes: number[] = []
    // A sender that is held back by the window alone: twice the window, twice the pace.
    for (let i = 0; i < 20; i++) {
      window = stream(window, { rate: window.size / 100, ms: 250, wayMs: 100 })
      sizes.push(window.size)
    }
    expect(sizes.at(-1)).toBeGreaterThan(6 * INITIAL_WINDOW.size)
  })

  test('follows a pace that falls, slowly, and one that rises, at once', () => {
    const fast = stream(INITIAL_WINDOW, { rate: 20_000, ms: 5000, wayMs: 20 })
    const soon = stream(fast, { rate: 2000, ms: 250, wayMs: 20 })
    expect(soon.rate).toBeGreaterThan(10_000)
    const slow = stream(fast, { rate: 2000, ms: 10_000, wayMs: 20 })
    expect(slow.rate).toBeCloseTo(2000, -3)
    expect(slow.size).toBeLessThan(fast.size / 2)
    const again = stream(slow, { rate: 20_000, ms: 500, wayMs: 20 })
    expect(again.rate).toBeGreaterThan(15_000)
  })

  test('learns nothing from echoes and lines of progress', () => {
    let window = stream(INITIAL_WINDOW, { rate: 10_000, ms: 3000 })
    const before = window
    let offset = window.from?.offset ?? 0
    for (let now = window.last + 50; now < window.last + 60_000 && offset < before.size / 2; now += 50)
      window = arrived(window, now, (offset += 40), 1)
    expect(window.size).toBe(before.size)
    expect(window.rate).toBe(before.rate)
  })

  test('learns nothing across a silence: what came before it is no pace', () => {
    const before = stream(INITIAL_WINDOW, { rate: 10_000, ms: 3000 })
    const after = stream(before, { rate: 10_000, ms: 50, at: before.last + 60_000 })
    expect(after.rate).toBe(before.rate)
    expect(after.size).toBe(before.size)
  })

  test('is kept for another socket, the running measurement is not', () => {
    const window = stream(INITIAL_WINDOW, { rate: 10_000, ms: 3000 })
    expect(window.from).not.toBeNull()
    expect(elsewhere(window)).toEqual({ ...window, from: null })
  })

  test('stays within its bounds', () => {
    expect(stream(INITIAL_WINDOW, { rate: 100_000, ms: 3000, wayMs: 500 }).size).toBe(OUTPUT_WINDOW.max)
    expect(stream(INITIAL_WINDOW, { rate: 200, ms: 60_000, wayMs: 0.1 }).size).toBe(OUTPUT_WINDOW.min)
  })
})
