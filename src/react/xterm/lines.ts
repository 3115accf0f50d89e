/** Lines of the buffer as a person reads them: rows that the terminal wrapped are one, and each character knows its cell. */
import type { IBuffer, IBufferCell } from '@xterm/xterm'

export interface Line {
  /** The first row, from the top of the scrollback. */
  readonly row: number
  readonly rows: number
  readonly text: string
  /** Where the text of each row begins. */
  readonly starts: readonly number[]
}

export interface Cell {
  readonly row: number
  readonly col: number
}

/** A line longer than this goes on as another one, so that no line takes the time of a whole buffer. */
const MOST_CHARS = 10_000

/** The line that begins in this row. The row may be the continuation of another line; the text begins with it all the same. */
export function lineFrom(buffer: IBuffer, row: number): Line {
  const starts: number[] = []
  let text = ''
  let rows = 0
  for (; rows === 0 || (isWrapped(buffer, row + rows) && text.length < MOST_CHARS); rows++) {
    starts.push(text.length)
    text += rowText(buffer, row + rows)
  }
  return { row, rows, text, starts }
}

/** The first row of the line that this row belongs to, at most `most` rows above it. */
export function firstRow(buffer: IBuffer, row: number, most = 200): number {
  let first = row
  while (first > 0 && row - first < most && isWrapped(buffer, first)) first--
  return first
}

const isWrapped = (buffer: IBuffer, row: number): boolean => buffer.getLine(row)?.isWrapped ?? false

/** The text of a row between two columns. Blanks at its end are part of it only where its line goes on in the next row. */
export function rowText(buffer: IBuffer, row: number, from = 0, to?: number): string {
  const line = buffer.getLine(row)
  if (line === undefined) return ''
  if (to !== undefined || !isWrapped(buffer, row + 1)) return line.translateToString(true, from, to)
  const text = line.translateToString(false, from)
  // A wide character that did not fit into the last cell left it empty and stands in the next row.
  const left = line.getCell(line.length - 1)
  const makesRoom =
    left?.getChars() === '' &&
    left.getWidth() === 1 &&
    buffer
      .getLine(row + 1)
      ?.getCell(0)
      ?.getWidth() === 2
  return makesRoom ? text.slice(0, -1) : text
}

/** The cells of the characters at these positions of a line; positions in ascending order, the end of the line among them. */
export function cellsAt(buffer: IBuffer, line: Line, positions: readonly number[]): readonly Cell[] {
  const cells: Cell[] = []
  let from = 0
  for (let index = 0; index < line.rows && from < positions.length; index++) {
    const start = line.starts[index] ?? 0
    const end = index + 1 < line.rows ? (line.starts[index + 1] ?? 0) : Infinity
    let to = from
    while (to < positions.length && (positions[to] ?? 0) < end) to++
    const inRow = positions.slice(from, to).map((position) => position - start)
    for (const col of columnsAt(buffer, line.row + index, inRow)) cells.push({ row: line.row + index, col })
    from = to
  }
  return cells
}

function columnsAt(buffer: IBuffer, row: number, offsets: readonly number[]): readonly number[] {
  const line = buffer.getLine(row)
  if (line === undefined || offsets.length === 0) return offsets
  // One character a cell, as almost everywhere: nothing to count.
  if (line.translateToString(false).length === line.length && !hasWide(line)) return offsets
  const columns: number[] = []
  let offset = 0
  let cell: IBufferCell | undefined
  for (let col = 0; col < line.length && columns.length < offsets.length; col++) {
    cell = line.getCell(col, cell)
    if (cell === undefined || cell.getWidth() === 0) continue
    const length = cell.getChars().length || 1
    while (columns.length < offsets.length && (offsets[columns.length] ?? 0) < offset + length) columns.push(col)
    offset += length
  }
  while (columns.length < offsets.length) columns.push(line.length)
  return columns
}

/** A wide character and a combining one may make up for each other in the length of a row. */
function hasWide(line: { readonly length: number; getCell(col: number, cell?: IBufferCell): IBufferCell | undefined }): boolean {
  let cell: IBufferCell | undefined
  for (let col = 0; col < line.length; col++) {
    cell = line.getCell(col, cell)
    if (cell !== undefined && cell.getWidth() !== 1) return true
  }
  return false
}
