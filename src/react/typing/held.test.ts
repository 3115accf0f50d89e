/** Keys that wait are drawn as what they would make, or as dots. */
import { expect, test } from 'vitest'
import { glyphs, heldText } from './held.ts'

test.each([
  ['git status', 'git status'],
  ['gti\u007f\u007fit', 'git'],
  ['ls\r', 'ls⏎'],
  ['a\u001b[Db\u001bOAc', 'abc'],
  ['a\u0003', 'a^C'],
  ['漢字👍', '漢字👍'],
  ['\u007f\u007f', ''],
])('%j is drawn as %j', (typed, drawn) => {
  expect(glyphs(typed).join('')).toBe(drawn)
})

test('a masked row shows one dot a key and no letter', () => {
  expect(heldText('hunter2\u007f3', true)).toBe('•••••••')
})

test('a long text is cut', () => {
  expect(heldText('x'.repeat(100_000), false).length).toBeLessThan(500)
})
