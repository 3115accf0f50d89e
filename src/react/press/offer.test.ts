/** Which presses count while buttons change under the hand. */
import { describe, expect, test } from 'vitest'
import { counts, NOTHING_OFFERED, offer, settled } from './offer.ts'

const retry = offer(NOTHING_OFFERED, 'retry')
const copy = offer(retry, 'copy-unsent')

describe('a button', () => {
  test('that appears where nothing was hears at once', () => {
    expect(counts(retry, retry)).toBe(true)
    expect(counts(null, retry)).toBe(true)
  })

  test('that takes the place of another one is deaf, and hears once it has stood there', () => {
    expect(counts(copy, copy)).toBe(false)
    expect(counts(null, copy)).toBe(false)
    expect(counts(settled(copy), settled(copy))).toBe(true)
    expect(counts(null, settled(copy))).toBe(true)
  })

  test('is not pressed by a press that began on another one, however long that is held', () => {
    expect(counts(retry, settled(copy))).toBe(false)
  })

  test('is not pressed by a press that began while it was deaf', () => {
    expect(counts(copy, settled(copy))).toBe(false)
  })

  test('that comes a moment after another one went is deaf as well, but not later', () => {
    const gone = offer(retry, '')
    expect(counts(null, offer(gone, 'restart'))).toBe(false)
    expect(counts(null, offer(settled(gone), 'restart'))).toBe(true)
  })

  test('that stays is the same offer', () => {
    expect(offer(retry, 'retry')).toBe(retry)
    expect(offer(copy, 'copy-unsent')).toBe(copy)
  })
})
