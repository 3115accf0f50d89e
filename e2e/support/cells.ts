/** Where a text of the screen stands in the page. */
import { until } from '../../src/testing/page/until.ts'
import type { TerminalPage } from './terminalPage.ts'

/** The middle of the first cell of a text that can be seen, in CSS pixels; with `offset` that of a cell after it. */
export async function cellOf(terminal: TerminalPage, text: string, offset = 0): Promise<{ x: number; y: number }> {
  const { rows, size } = await until(
    `“${text}” on the screen`,
    () => terminal.text(),
    ({ rows }) => rows.some((row) => row.includes(text)),
  )
  const box = await terminal.panel.locator('.xterm-screen').boundingBox()
  if (box === null) throw new Error('The screen cannot be seen.')
  const row = rows.findLastIndex((line) => line.includes(text))
  const col = (rows[row] ?? '').indexOf(text) + offset
  return { x: box.x + ((col + 0.5) * box.width) / size.cols, y: box.y + ((row + 0.5) * box.height) / size.rows }
}
