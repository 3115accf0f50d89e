/** Characters take the cells that programs of today think they take. */
import { Terminal } from '@xterm/xterm'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { standIn } from '../pageStandIns.ts'
import { countCharacters } from './characterWidths.ts'

beforeAll(standIn)

const open: Terminal[] = []
afterEach(() => open.splice(0).forEach((terminal) => terminal.dispose()))

/** Where the cursor of a real emulator stands after `text`. */
async function cellsOf(text: string): Promise<number> {
  const terminal = new Terminal({ cols: 40, rows: 5, allowProposedApi: true, logLevel: 'off' })
  open.push(terminal)
  countCharacters(terminal)
  await new Promise<void>((done) => terminal.write(text, done))
  return terminal.buffer.active.cursorX
}

/** As glibc and the shells that ask it count them. */
test.each([
  ['a letter', 'a', 1],
  ['a letter with an accent of its own', 'e\u0301', 1],
  ['signs of Western scripts', 'ßø→│█°', 6],
  ['signs that are wide in some fonts only', '…“”①', 4],
  ['Chinese', '漢字', 4],
  ['Japanese', 'かなカナー', 10],
  ['half-width kana', 'ｶﾅ', 2],
  ['Korean', '한국', 4],
  ['Korean, letter by letter', '\u1112\u1161\u11ab', 2],
  ['full-width signs', '（！）', 6],
  ['a rare character of Chinese', '\u{20bb7}', 2],
  ['an emoji of Unicode 6', '😀', 2],
  ['an emoji of later years', '🥲🫠', 4],
  ['an emoji in the plane of letters', '⌚✅⭐', 6],
  ['a sign that is no picture by itself', '❤✈', 2],
  ['and with the selector of pictures, as wcwidth adds up', '❤\ufe0f', 1],
  ['a hand and the colour of its skin', '👋🏽', 4],
  ['a flag', '🇩🇪', 2],
  ['joiners and marks of direction', 'a\u200d\u200e\u200b\u2060b', 2],
  ['a soft hyphen', 'a\u00adb', 3],
  ['a sign before Arabic numbers', '\u0600', 1],
  ['a vowel of Thai and one of Hindi', 'กี\u0915\u0941', 2],
])('%s: %s', async (_, text, cells) => {
  expect(await cellsOf(text)).toBe(cells)
})

test('what takes no cell stands in the one before it, and alone in none', async () => {
  const terminal = new Terminal({ cols: 10, rows: 2, allowProposedApi: true, logLevel: 'off' })
  open.push(terminal)
  countCharacters(terminal)
  await new Promise<void>((done) => terminal.write('漢\u0301😀\ufe0f|', done))
  const line = terminal.buffer.active.getLine(0)
  expect([0, 1, 2, 3, 4].map((x) => line?.getCell(x)?.getChars())).toEqual(['漢\u0301', '', '😀\ufe0f', '', '|'])
})
