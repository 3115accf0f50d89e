/** The window in a flood: it finds its size, stays in its bounds, and does not swing. */
import { describe, expect, test } from 'vitest'
import { OUTPUT_WINDOW } from '../../protocol/limits.ts'
import { FIXED_WINDOWS, flood } from '../../testing/flood.ts'

const ANY_LINK = 1_000_000

/** How often one grant's window is half as large again as the one before, or as much smaller. */
function swings(windows: readonly number[]): number {
  return windows.filter((size, i) => {
    const before = windows[i - 1] ?? size
    return size > 1.5 * before || size < before / 1.5
  }).length
}

describe.each([0.5, 20, 100, 300])('at a round trip of %d ms', (roundTripMs) => {
  test.each([
    ['fast', () => 20_000],
    ['four times slower', () => 5_000],
    ['slowing down on the way', (now: number) => (now < 3000 ? 20_000 : 5_000)],
    ['speeding up on the way', (now: number) => (now < 3000 ? 5_000 : 20_000)],
    ['uneven', (now: number) => (Math.floor(now / 70) % 2 === 0 ? 20_000 : 5_000)],
  ])('with a parser that is %s', (_, parse) => {
    const { windows, throughput } = flood({ parse, roundTripMs, link: ANY_LINK, fixed: null, forMs: 10_000 })
    expect(windows.length).toBeGreaterThan(0)
    expect(Math.min(...windows)).toBeGreaterThanOrEqual(OUTPUT_WINDOW.min)
    expect(Math.max(...windows)).toBeLessThanOrEqual(OUTPUT_WINDOW.max)
    expect(swings(windows)).toBeLessThanOrEqual(windows.length / 100)
    expect(throughput).toBeGreaterThan(0)
  })
})

describe.each([
  ['any link', ANY_LINK],
  ['a link of 10 MB a second', 10_000],
] as const)('over %s', (_, link) => {
  describe.each([0.5, 20, 100, 300])('with a round trip of %d ms', (roundTripMs) => {
    test.each([40_000, 10_000, 2000])('a parser of %i bytes a millisecond is fed as by the best fixed window', (rate) => {
      const options = { parse: () => rate, roundTripMs, link, forMs: 20_000, quietMs: 5000 }
      const fixed = FIXED_WINDOWS.map((size) => flood({ ...options, fixed: size }))
      const most = Math.max(...fixed.map(({ throughput }) => throughput))
      const echo = Math.min(...fixed.filter(({ throughput }) => throughput >= 0.9 * most).map(({ echoMs }) => echoMs))
      const adaptive = flood({ ...options, fixed: null })
      expect(adaptive.throughput).toBeGreaterThanOrEqual(0.9 * most)
      expect(adaptive.echoMs).toBeLessThanOrEqual(echo + 10)
    })
  })
})
