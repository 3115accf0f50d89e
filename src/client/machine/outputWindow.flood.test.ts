/** The window in a flood: near every fixed one in throughput and echo, wherever it is; within its bounds, and without swinging. */
import { describe, expect, test } from 'vitest'
import { OUTPUT_WINDOW } from '../../protocol/limits.ts'
import { FIXED_WINDOWS, flood, type FloodOptions } from '../../testing/flood.ts'
import { seededRandom } from '../../testing/seededRandom.ts'

const ANY_LINK = 1_000_000

/** How often one grant's window is half as large again as the one before, or as much smaller. */
function swings(windows: readonly number[]): number {
  return windows.filter((size, i) => {
    const before = windows[i - 1] ?? size
    return size > 1.5 * before || size < before / 1.5
  }).length
}

type Circumstances = Omit<FloodOptions, 'fixed' | 'forMs' | 'quietMs'>

/** Nine tenths of the best throughput, and of the windows that reach as much the best echo, 10 ms aside. */
function isAsGoodAsAnyFixed(circumstances: Circumstances, forMs = 20_000): void {
  const options = { ...circumstances, forMs, quietMs: 2000 }
  const fixed = FIXED_WINDOWS.map((size) => flood({ ...options, fixed: size }))
  const most = Math.max(...fixed.map(({ throughput }) => throughput))
  const echo = Math.min(...fixed.filter(({ throughput }) => throughput >= 0.9 * most).map(({ echoMs }) => echoMs))
  const adaptive = flood({ ...options, fixed: null })
  expect(adaptive.throughput).toBeGreaterThanOrEqual(0.9 * most)
  expect(adaptive.echoMs).toBeLessThanOrEqual(echo + 10)
}

describe.each([0.5, 20, 100, 300])('at a round trip of %d ms', (roundTripMs) => {
  test.each([
    ['fast', () => 20_000],
    ['four times slower', () => 5_000],
    ['slowing down on the way', (now: number) => (now < 3000 ? 20_000 : 5_000)],
    ['speeding up on the way', (now: number) => (now < 3000 ? 5_000 : 20_000)],
    ['uneven', (now: number) => (Math.floor(now / 70) % 2 === 0 ? 20_000 : 5_000)],
  ])('with a parser that is %s it stays in its bounds and does not swing', (_, parse) => {
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
  describe.each([0.5, 5, 20, 80, 150, 300])('with a round trip of %d ms', (roundTripMs) => {
    test.each([40_000, 10_000, 2500])('a parser of %i bytes a millisecond is fed as by the best fixed window', (rate) => {
      isAsGoodAsAnyFixed({ parse: () => rate, roundTripMs, link })
    })
  })
})

describe.each([20, 80])('where something changes, %d ms away, it is as good as the best fixed window', (way) => {
  const parse = (): number => 10_000

  test('in bursts of three seconds', () => {
    const print = (now: number): number => (now % 4000 < 3000 ? 30_000 : 0)
    isAsGoodAsAnyFixed({ parse, roundTripMs: way, link: ANY_LINK, print })
  })

  test('with a program that prints slowly', () => {
    isAsGoodAsAnyFixed({ parse, roundTripMs: way, link: ANY_LINK, print: () => 1000 })
  })

  test('with a parser that becomes four times faster', () => {
    const changing = (now: number): number => (now < 10_000 ? 2500 : 10_000)
    isAsGoodAsAnyFixed({ parse: changing, roundTripMs: way, link: ANY_LINK })
  })

  test('with a round trip that becomes twice as long, and one that becomes twice as short', () => {
    isAsGoodAsAnyFixed({ parse, roundTripMs: (now) => (now < 4000 ? way : 2 * way), link: ANY_LINK }, 30_000)
    isAsGoodAsAnyFixed({ parse, roundTripMs: (now) => (now < 4000 ? 2 * way : way), link: ANY_LINK }, 30_000)
  })

  test('with a way that takes a fifth more or less, differently every ten milliseconds', () => {
    const random = seededRandom(7)
    const shares = Array.from({ length: 1000 }, () => 0.8 + 0.4 * random.next())
    const roundTripMs = (now: number): number => way * (shares[Math.floor(now / 10) % shares.length] ?? 1)
    isAsGoodAsAnyFixed({ parse, roundTripMs, link: ANY_LINK })
  })
})
