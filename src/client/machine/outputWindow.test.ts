import { describe, expect, test } from 'vitest'
import { INITIAL_WINDOW, adjusted, measured, ranDry, type OutputWindow } from './outputWindow.ts'

const KiB = 1024
const MiB = 1024 * KiB

/** The page draws `total` bytes in batches of slices, one batch a frame of 16 ms, with more waiting all the time. */
function flood(
  window: OutputWindow,
  total: number,
  { slice = 16 * KiB, slices = 5, sliceMs = 2, frameMs = 16 } = {},
): OutputWindow {
  for (let drawn = 0; drawn < total;) {
    for (let i = 0; i < slices; i++, drawn += slice) {
      const ms = i === 0 ? frameMs - (slices - 1) * sliceMs : sliceMs
      window = measured(window, slice, ms, true)
    }
  }
  return window
}

describe('the pace of the page', () => {
  test('is what it draws in the long run, not what the parser does between two frames', () => {
    const { rate } = flood(INITIAL_WINDOW, 4 * MiB)
    expect(Math.abs(rate / ((5 * 16 * KiB) / 16) - 1)).toBeLessThan(0.05)
  })

  test('is not that of echoes and lines of progress', () => {
    let window = flood(INITIAL_WINDOW, 4 * MiB)
    const before = window.rate
    for (let i = 0; i < 10_000; i++) window = measured(window, 1 + (i % 500), 5, i % 2 === 0)
    expect(window.rate).toBe(before)
  })

  test('does not count the way of what had to come first', () => {
    let window = INITIAL_WINDOW
    for (let i = 0; i < 1000; i++) {
      // A frame of 64 KiB each 100 ms, drawn in 4 ms.
      window = measured(window, 16 * KiB, 96, true)
      for (let j = 0; j < 3; j++) window = measured(window, 16 * KiB, 1, j < 2)
    }
    expect(window.rate).toBeCloseTo(16 * KiB, -2)
  })

  test('is followed when it changes', () => {
    const fast = flood(INITIAL_WINDOW, 4 * MiB)
    const slow = flood(fast, 4 * MiB, { slices: 1 })
    expect(slow.rate / fast.rate).toBeCloseTo(1 / 5, 1)
  })
})

describe('the window', () => {
  const paced = (rate: number, size = INITIAL_WINDOW.size): OutputWindow => ({ ...INITIAL_WINDOW, rate, size })

  test('stays as it is before anything was measured', () => {
    expect(adjusted(ranDry(INITIAL_WINDOW), 300).size).toBe(256 * KiB)
    expect(adjusted(paced(20_000), null).size).toBe(256 * KiB)
  })

  test('grows only for a sender that ran dry and a parser that would have had time', () => {
    expect(adjusted(paced(20_000), 100).size).toBe(256 * KiB)
    expect(adjusted(ranDry(paced(20_000)), 100).size).toBe(2 * MiB)
    expect(adjusted(ranDry(paced(20_000)), 5).size).toBe(300_000)
    expect(adjusted(ranDry(paced(2000)), 5).size).toBeLessThan(256 * KiB)
  })

  test('shrinks when what is under way takes the page much longer than a round trip', () => {
    expect(adjusted(paced(10_000), 5).size).toBe(256 * KiB)
    expect(adjusted(paced(5000), 5).size).toBe(75_000)
    expect(adjusted(paced(100), 5).size).toBe(64 * KiB)
  })

  test('comes to rest in a flood, where an echo waits no longer than the round trip and 25 ms', () => {
    for (const roundTripMs of [1, 20, 80])
      for (const slices of [1, 2, 5, 10]) {
        let window = INITIAL_WINDOW
        const sizes: number[] = []
        for (let i = 0; i < 200; i++) {
          window = adjusted(ranDry(flood(window, 128 * KiB, { slices })), roundTripMs)
          sizes.push(window.size)
        }
        expect(Math.max(...sizes.slice(-50)) - Math.min(...sizes.slice(-50))).toBeLessThan(window.size / 20)
        expect(window.size).toBeLessThanOrEqual(Math.max(64 * KiB, window.rate * (roundTripMs + 25)))
      }
  })
})
