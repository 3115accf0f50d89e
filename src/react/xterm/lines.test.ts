/** Where the characters of a line stand in the grid, wide and combined ones among them. */
import { Terminal } from '@xterm/headless'
import { expect, test } from 'vitest'
import { cellsAt, firstRow, lineFrom } from './lines.ts'

async function screen(cols: number, output: string) {
  const terminal = new Terminal({ cols, rows: 6, allowProposedApi: true })
  await new Promise<void>((done) => terminal.write(output, done))
  return terminal.buffer.active
}

test('a line that wraps is one text, and knows the rows of its parts', async () => {
  const buffer = await screen(10, 'one\r\nabcdefghijklmnopqrstuvwxyz\r\nlast')
  const line = lineFrom(buffer, 1)
  expect(line).toEqual({ row: 1, rows: 3, text: 'abcdefghijklmnopqrstuvwxyz', starts: [0, 10, 20] })
  expect(firstRow(buffer, 3)).toBe(1)
  expect(cellsAt(buffer, line, [0, 9, 10, 25, 26])).toEqual([
    { row: 1, col: 0 },
    { row: 1, col: 9 },
    { row: 2, col: 0 },
    { row: 3, col: 5 },
    { row: 3, col: 6 },
  ])
})

test('wide and combined characters are counted in cells', async () => {
  const buffer = await screen(20, '漢字 e\u0301x 漢y')
  const line = lineFrom(buffer, 0)
  const positions = [...'漢字 '].length
  expect(line.text).toBe('漢字 e\u0301x 漢y')
  expect(cellsAt(buffer, line, [0, 1, positions, line.text.indexOf('x'), line.text.indexOf('y')]).map(({ col }) => col)).toEqual([
    0, 2, 5, 6, 10,
  ])
})

test('the cell that a wide character left empty at the end of a row is no blank', async () => {
  const buffer = await screen(5, 'ab漢漢漢')
  const line = lineFrom(buffer, 0)
  expect(line.text).toBe('ab漢漢漢')
  expect(cellsAt(buffer, line, [3, 4]).map(({ row, col }) => [row, col])).toEqual([
    [1, 0],
    [1, 2],
  ])
})

test('a line without end is cut into bounded ones', async () => {
  const terminal = new Terminal({ cols: 100, rows: 6, scrollback: 1000, allowProposedApi: true })
  await new Promise<void>((done) => terminal.write('x'.repeat(50_000), done))
  const line = lineFrom(terminal.buffer.active, 0)
  expect(line.text.length).toBe(10_000)
  expect(lineFrom(terminal.buffer.active, line.rows).text.length).toBe(10_000)
})
