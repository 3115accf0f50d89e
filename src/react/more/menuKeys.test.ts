/** Keys in a menu. */
import { expect, test } from 'vitest'
import { menuMove } from './menuKeys.ts'

const LABELS = ['Find', 'Copy', 'Paste', 'Clear']

test.each([
  ['ArrowDown', 0, 1],
  ['ArrowDown', 3, 0],
  ['ArrowUp', 0, 3],
  ['ArrowUp', 2, 1],
  ['Home', 2, 0],
  ['End', 0, 3],
  ['c', 0, 1],
  ['C', 1, 3],
  ['c', 3, 1],
  ['p', 2, 2],
  ['x', 0, null],
  ['Enter', 0, null],
  [' ', 0, null],
])('%s from %i leads to %s', (key, at, to) => {
  expect(menuMove(key, at, LABELS)).toBe(to)
})

test('an empty menu has nowhere to go', () => {
  expect(menuMove('ArrowDown', 0, [])).toBeNull()
})
