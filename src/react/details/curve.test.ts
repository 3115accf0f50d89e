/** The curve of the last minute. */
import { expect, test } from 'vitest'
import { curveOf } from './curve.ts'

const NOW = 100_000

test('before the first round trip there is none', () => {
  expect(curveOf([], NOW)).toEqual({ path: null, last: null, worst: null })
})

test('goes from left to right over a minute, high is long', () => {
  const { path, last, worst } = curveOf(
    [
      { at: 40_000, ms: 0 },
      { at: 70_000, ms: 100 },
      { at: 100_000, ms: 0 },
    ],
    NOW,
  )
  expect(path).toBe('M0 27L150 3L300 27L300 27')
  expect([last, worst]).toEqual([0, 100])
})

test('what is older leads in, and the last value leads out', () => {
  const { path, worst } = curveOf(
    [
      { at: 1000, ms: 900 },
      { at: 10_000, ms: 50 },
      { at: 70_000, ms: 25 },
    ],
    NOW,
  )
  expect(path).toBe('M0 15L150 21L300 21')
  expect(worst).toBe(25)
})

test('after a minute without a measurement the last one is all there is', () => {
  expect(curveOf([{ at: 1000, ms: 25 }], NOW)).toEqual({ path: 'M0 21L300 21', last: 25, worst: 25 })
})

test('a few milliseconds do not look like a storm', () => {
  expect(
    curveOf(
      [
        { at: 90_000, ms: 1 },
        { at: 95_000, ms: 2 },
      ],
      NOW,
    ).path,
  ).toBe('M250 26.8L275 26.5L300 26.5')
})
