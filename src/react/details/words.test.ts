/** Figures of the details in English. */
import { expect, test } from 'vitest'
import { count, duration, englishDetails } from './words.ts'

test.each([
  [0, '0 s'],
  [59_400, '59 s'],
  [60_000, '1 min'],
  [18 * 60_000 + 59_000, '18 min'],
  [125 * 60_000, '2 h 5 min'],
  [-5, '0 s'],
])('%i ms are %s', (ms, words) => expect(duration(ms)).toBe(words))

test.each([
  [0, '0'],
  [999, '999'],
  [1204, '1\u202f204'],
  [1_234_567.4, '1\u202f234\u202f567'],
])('%d is %s', (value, words) => expect(count(value)).toBe(words))

test('the words of the design', () => {
  const words = englishDetails
  expect(words.connectedFor(18 * 60_000)).toBe('Connected for 18 min')
  expect(words.roundTrip(24, 210)).toBe('24 ms, worst 210 ms in 1 min')
  expect(words.output(4_200_000, 0)).toBe('4.2 MB received, 0 missing')
  expect(words.typing(1204, 0)).toBe('1\u202f204 sent, 0 waiting')
  expect(words.reconnects(1, 0)).toBe('1, nothing lost')
  expect(words.drawnBy('webgl', 80, 24)).toBe('WebGL, 80 × 24')
  expect(words.promise).toBe('No output, typing or secrets.')
  expect(words.copy).toBe('Copy report')
})

test('buttons have at most 14 characters', () => {
  const { copy, copied, save, saved } = englishDetails
  for (const label of [copy, copied, save, saved]) expect(label.length).toBeLessThanOrEqual(14)
})

test('pauses are named', () => {
  expect(englishDetails.pauses({ transport: false, hidden: false, offline: false })).toBe('None')
  expect(englishDetails.pauses({ transport: true, hidden: true, offline: false })).toBe('Slow connection, page in the background')
})
