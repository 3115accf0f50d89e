/** What stays on a screen that a person clears: the line of the cursor, in all its rows. */
import { Terminal } from '@xterm/headless'
import type { Terminal as PageTerminal } from '@xterm/xterm'
import { expect, test } from 'vitest'
import { clearAround } from './clearing.ts'

async function cleared(
  output: string,
  then = '',
): Promise<{ readonly rows: readonly string[]; readonly cursor: readonly number[] }> {
  const terminal = new Terminal({ cols: 10, rows: 5, scrollback: 20, allowProposedApi: true })
  const write = (text: string): Promise<void> => new Promise((done) => terminal.write(text, done))
  await write(output)
  // Both builds of the emulator are alike inside; this one draws nothing.
  clearAround(Object.assign(terminal, { refresh: () => {} }) as unknown as PageTerminal)
  await write(then)
  const { active } = terminal.buffer
  const rows = Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? '')
  terminal.dispose()
  return { rows, cursor: [active.cursorY, active.cursorX] }
}

const OLD = Array.from({ length: 12 }, (_, row) => `old ${row}\r\n`).join('')

test('a line of one row stays as the first', async () => {
  expect(await cleared(`${OLD}$ ls`)).toEqual({ rows: ['$ ls', '', '', '', ''], cursor: [0, 4] })
})

test('a line of several rows stays whole, wherever in it the cursor is', async () => {
  const rows = ['$ echo abc', 'defghijklm', 'nop', '', '']
  expect(await cleared(`${OLD}$ echo abcdefghijklmnop`)).toEqual({ rows, cursor: [2, 3] })
  expect(await cleared(`${OLD}$ echo abcdefghijklmnop\u001b[A\u001b[5G`)).toEqual({ rows, cursor: [1, 4] })
  expect(await cleared(`${OLD}$ echo abcdefghijklmnop\u001b[2A\u001b[3G`)).toEqual({ rows, cursor: [0, 2] })
})

test('a shell goes on editing where it left off, and the screen scrolls as any other', async () => {
  const edited = await cleared(`${OLD}$ echo abcdefghijklmnop`, '\u001b[2A\u001b[3GX\u001b[2B\r\none\r\ntwo\r\nthree')
  expect(edited.rows).toEqual(['$ Xcho abc', 'defghijklm', 'nop', 'one', 'two', 'three'])
})
