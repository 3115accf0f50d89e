/** No cell holds more than a bounded number of characters, and none is lost. */
import { Terminal } from '@xterm/headless'
import type { Terminal as PageTerminal } from '@xterm/xterm'
import { expect, test } from 'vitest'
import { combiningPart, MOST_JOINED } from './combining.ts'

async function cells(output: string): Promise<readonly string[]> {
  const terminal = new Terminal({ cols: 80, rows: 24, allowProposedApi: true })
  // The part touches what both builds of the emulator have inside.
  combiningPart({ terminal: terminal as unknown as PageTerminal })
  await new Promise<void>((done) => terminal.write(output, done))
  const line = terminal.buffer.active.getLine(0)
  return Array.from({ length: 80 }, (_, col) => line?.getCell(col)?.getChars() ?? '')
}

test('a letter with its accents is one cell', async () => {
  expect((await cells('e\u0301x')).slice(0, 2)).toEqual(['e\u0301', 'x'])
})

test('more accents than a cell may hold go on in the next one', async () => {
  const row = await cells(`a${'\u0301'.repeat(1000)}b`)
  expect(Math.max(...row.map((cell) => cell.length))).toBe(MOST_JOINED + 1)
  expect(row.join('')).toBe(`a${'\u0301'.repeat(1000)}b`)
})

test('each cell has its own bound', async () => {
  const row = await cells('e\u0301'.repeat(40))
  expect(row.slice(0, 40)).toEqual(Array.from({ length: 40 }, () => 'e\u0301'))
})

test('a terminal without the bound is left as it is', async () => {
  const bounded = new Terminal({ cols: 80, rows: 24, allowProposedApi: true })
  combiningPart({ terminal: bounded as unknown as PageTerminal })
  const other = new Terminal({ cols: 80, rows: 24, allowProposedApi: true })
  await new Promise<void>((done) => other.write(`a${'\u0301'.repeat(100)}`, done))
  expect(other.buffer.active.getLine(0)?.getCell(0)?.getChars()).toHaveLength(101)
})
