/** What a keyboard of a phone made of a text, as keys of a person. */
import { expect, test } from 'vitest'
import { change } from './softInput.ts'

const ERASE = '\u007f'

test.each([
  ['nothing', 'ls', 'ls', ''],
  ['what came', 'ls', 'ls -l', ' -l'],
  ['a word that was corrected', 'teh ', 'the ', `${ERASE.repeat(3)}he `],
  ['what was deleted', 'make all', 'make ', ERASE.repeat(3)],
  ['an emoji, which is one character', 'a😀', 'a😁', `${ERASE}😁`],
  ['a line break, which is Enter', 'ls', 'ls\n', '\r'],
])('%s', (_, before, after, keys) => {
  expect(change(before, after)).toBe(keys)
})
