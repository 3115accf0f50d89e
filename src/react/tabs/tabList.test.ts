/** Keys in a row of tabs, and what is shown after one closes. */
import { expect, test } from 'vitest'
import { afterClose, tabMove } from './tabList.ts'

test.each([
  ['ArrowRight', 0, false, 1],
  ['ArrowRight', 3, false, 0],
  ['ArrowLeft', 0, false, 3],
  ['ArrowRight', 1, true, 0],
  ['ArrowLeft', 3, true, 0],
  ['Home', 2, false, 0],
  ['End', 0, false, 3],
  ['Enter', 0, false, null],
])('%s from %i leads to %s', (key, at, rightToLeft, to) => {
  expect(tabMove(key, at, 4, rightToLeft)).toBe(to)
})

test('the tab beside a closed one is shown, and closing another changes nothing', () => {
  const ids = ['a', 'b', 'c']
  expect(afterClose(ids, 'b', 'b')).toBe('c')
  expect(afterClose(ids, 'c', 'c')).toBe('b')
  expect(afterClose(ids, 'a', 'c')).toBe('c')
  expect(afterClose(['a'], 'a', 'a')).toBeNull()
})
