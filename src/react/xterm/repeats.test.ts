/** Whatever count a program names, the screen is the one that it asked for, and it is there at once. */
import { Terminal } from '@xterm/xterm'
import { beforeAll, expect, test } from 'vitest'
import { standIn } from '../pageStandIns.ts'
import { repeatsPart } from './repeats.ts'

beforeAll(() => standIn())

async function screenAfter(output: string): Promise<readonly string[]> {
  const terminal = new Terminal({ cols: 10, rows: 4, allowProposedApi: true, scrollback: 100 })
  repeatsPart({ terminal })
  await new Promise<void>((done) => terminal.write(output, done))
  const { active } = terminal.buffer
  const rows = Array.from(
    { length: terminal.rows },
    (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? '',
  )
  terminal.dispose()
  return rows
}

const FULL = 'a\r\nb\r\nc\r\nd\u001b[2;1H'
const HUGE = 2_147_483_647

test.each([
  ['L', ['a', '', '', '']],
  ['M', ['a', '', '', '']],
  ['S', ['', '', '', '']],
  ['T', ['', '', '', '']],
  ['Ix', ['a', 'b        x', 'c', 'd']],
  ['Zx', ['a', 'x', 'c', 'd']],
])('CSI %s with the largest count there is', async (end, rows) => {
  expect(await screenAfter(`${FULL}\u001b[${HUGE}${end}`)).toEqual(rows)
})

test('a character that is repeated without end fills the screen once', async () => {
  expect(await screenAfter(`x\u001b[${HUGE}b`)).toEqual(['x'.repeat(10), 'x'.repeat(10), 'x'.repeat(10), 'x'])
})

test('counts that a screen has room for are left as they are', async () => {
  expect(await screenAfter(`${FULL}\u001b[L`)).toEqual(['a', '', 'b', 'c'])
  expect(await screenAfter(`${FULL}\u001b[2M`)).toEqual(['a', 'd', '', ''])
  expect(await screenAfter('ab\u001b[3bc')).toEqual(['abbbbc', '', '', ''])
})
