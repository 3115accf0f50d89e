/** Whether a place in the output is found again after the screen was built anew. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findAgain, landmark } from './landmark.ts'

const numbered = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, index) => `line ${from + index}`)

describe('a place in the output', () => {
  test('is where it was in a history that begins as before, however often its lines are repeated', () => {
    const all = Array.from({ length: 50 }, () => 'y')
    expect(findAgain(landmark(all, 20, 5), [...all, 'y', 'y', 'y'])).toBe(20)
  })

  test('is found by its lines where the beginning was lost and more came at the end', () => {
    expect(findAgain(landmark(numbered(0, 100), 40, 10), numbered(30, 140))).toBe(10)
  })

  test('is, of several that look alike, the one that is as far from the end as before', () => {
    const block = ['a', 'b', 'c', 'a', 'b', 'd']
    const all = ['first', ...block, ...block, ...block, 'last']
    const place = landmark(all, 7, 2)
    expect(findAgain(place, all.slice(1))).toBe(6)
  })

  test('is nowhere in another history, in one that has lost it, or in an empty one', () => {
    const place = landmark(numbered(0, 100), 40, 10)
    expect(findAgain(place, numbered(200, 300))).toBeNull()
    expect(findAgain(place, numbered(45, 100))).toBeNull()
    expect(findAgain(place, [])).toBeNull()
    expect(findAgain(landmark([], 0, 5), numbered(0, 3))).toBeNull()
  })
})

const line = fc.constantFrom('', '$ ', 'ok', 'fail')

test('what stands there is always what stood there, and a history that only grew gives the very place', () => {
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1 }),
      fc.array(line),
      fc.nat(),
      fc.nat({ max: 8 }),
      fc.nat(),
      (all, more, where, count, lost) => {
        const from = where % all.length
        const place = landmark(all, from, count)
        expect(findAgain(place, [...all, ...more])).toBe(from)
        const later = [...all, ...more].slice(lost % (all.length + 1))
        const at = findAgain(place, later)
        if (at !== null) expect(later.slice(at, at + place.lines.length)).toEqual(place.lines)
      },
    ),
  )
})

test('where every line is another one, it is found as long as it is there', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.nat(),
      fc.nat({ max: 8 }),
      fc.nat(),
      fc.nat({ max: 40 }),
      (size, where, count, cut, more) => {
        const from = where % size
        const lost = cut % (from + 1)
        expect(findAgain(landmark(numbered(0, size), from, count), numbered(lost, size + more))).toBe(from - lost)
      },
    ),
  )
})
