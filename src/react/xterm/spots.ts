/** Cells of the buffer that are found again after the screen was built anew, in whatever width. */
import type { IBuffer, Terminal } from '@xterm/xterm'
import { findAgain, landmark, type Landmark } from '../place/landmark.ts'
import { lineFrom, type Cell } from './lines.ts'

/** All that is written, as lines: those that the terminal wrapped are one. It ends with the last line that is not blank. */
export interface Written {
  readonly texts: readonly string[]
  /** The first row of each line. */
  readonly rows: readonly number[]
}

/** A cell as a line and the cells that come before it in that line. */
export interface LineCell {
  readonly line: number
  readonly cells: number
}

/** A cell, by the lines that stand there. */
export interface Spot {
  readonly landmark: Landmark
  readonly cells: number
}

export function written(buffer: IBuffer): Written {
  const texts: string[] = []
  const rows: number[] = []
  let used = 0
  for (let row = 0; row < buffer.length;) {
    const line = lineFrom(buffer, row)
    texts.push(line.text)
    rows.push(row)
    row += line.rows
    if (line.text !== '') used = texts.length
  }
  return { texts: texts.slice(0, used), rows: rows.slice(0, used) }
}

/** Null above the first line. What is below the last one counts on from there. */
export function lineCell({ rows }: Written, { cols }: Terminal, { row, col }: Cell): LineCell | null {
  const line = rows.findLastIndex((first) => first <= row)
  const first = rows[line]
  return first === undefined ? null : { line, cells: (row - first) * cols + col }
}

/** Null for a line that is not there. */
export function cellOf({ rows }: Written, { cols }: Terminal, { line, cells }: LineCell): Cell | null {
  const first = rows[line]
  return first === undefined ? null : { row: first + Math.floor(cells / cols), col: cells % cols }
}

/**
 * The spot of a cell, known by the lines of `most` rows from its own on. The line of the cursor is left out if others are there:
 * it may go on before the screen is built anew.
 */
export function spotOf(all: Written, terminal: Terminal, cell: Cell, most: number): Spot | null {
  const { active } = terminal.buffer
  const at = lineCell(all, terminal, cell)
  if (at === null) return null
  const lineOf = (row: number): number => all.rows.findLastIndex((first) => first <= row)
  const last = lineOf(cell.row + most - 1)
  const cursor = lineOf(active.baseY + active.cursorY)
  const to = at.line < cursor ? Math.min(last, cursor - 1) : last
  return { landmark: landmark(all.texts, at.line, to - at.line + 1), cells: at.cells }
}

/** Where it is now; null where it is not. */
export function findSpot({ texts }: Written, { landmark: place, cells }: Spot): LineCell | null {
  const line = findAgain(place, texts)
  return line === null ? null : { line, cells }
}
