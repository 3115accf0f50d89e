/** Which match is shown first, and after others came. */
import { describe, expect, test } from 'vitest'
import { again, drawn, nearest, walk, type Match } from './matches.ts'

const at = (...rows: number[]): Match[] => rows.map((row) => ({ row, col: 4, cells: 2 }))

describe('the first match that is shown', () => {
  test('is one in view, the upper one of several', () => {
    expect(nearest(at(1, 12, 14, 40), 10, 20)).toBe(1)
    expect(nearest(at(10), 10, 20)).toBe(0)
    expect(nearest(at(20), 10, 20)).toBe(0)
  })

  test('is else the nearest above, and only then one below', () => {
    expect(nearest(at(1, 5, 40), 10, 20)).toBe(1)
    expect(nearest(at(21, 40), 10, 20)).toBe(0)
    expect(nearest([], 10, 20)).toBe(-1)
  })
})

test('a match is found again at its place, or the next one after it', () => {
  const matches = [
    { row: 3, col: 0, cells: 1 },
    { row: 3, col: 8, cells: 1 },
    { row: 9, col: 0, cells: 1 },
  ]
  expect(again(matches, { row: 3, col: 8 })).toBe(1)
  expect(again(matches, { row: 3, col: 4 })).toBe(1)
  expect(again(matches, { row: 4, col: 8 })).toBe(2)
  expect(again(matches, { row: 10, col: 0 })).toBe(2)
  expect(again([], { row: 0, col: 0 })).toBe(-1)
})

test('the walk goes round in both directions', () => {
  expect(walk(0, 3, 1)).toBe(1)
  expect(walk(2, 3, 1)).toBe(0)
  expect(walk(0, 3, -1)).toBe(2)
  expect(walk(-1, 3, 1)).toBe(0)
  expect(walk(-1, 3, -1)).toBe(2)
  expect(walk(-1, 0, 1)).toBe(-1)
})

test('a bounded number is drawn, around the one that is shown', () => {
  expect(drawn(10, 3, 1000)).toEqual({ from: 0, to: 10 })
  expect(drawn(5000, 0, 1000)).toEqual({ from: 0, to: 1000 })
  expect(drawn(5000, 2500, 1000)).toEqual({ from: 2000, to: 3000 })
  expect(drawn(5000, 4999, 1000)).toEqual({ from: 4000, to: 5000 })
})
