/** Keeps what a person looks at and has selected when the screen is built anew from what the server kept. */
import type { Terminal } from '@xterm/xterm'
import type { EmulatorPart, Inside } from './api.ts'
import { cellOf, findSpot, lineCell, spotOf, written, type Spot, type Written } from './spots.ts'

interface Kept {
  /** The first cell of the view; null for one that follows the output. */
  readonly top: Spot | null
  readonly selected: Selected | null
}

interface Selected {
  readonly start: Spot
  /** Its end: lines below that of the start, and cells in that line. */
  readonly lines: number
  readonly cells: number
  readonly text: string
}

/** Rows by which the beginning of a selection is known again. */
const SELECTED_ROWS = 20

export function placePart({ terminal, signal }: Inside): EmulatorPart {
  let kept: Kept | null = null
  return {
    reset() {
      // A second new screen before the first was there: what the person had is still that of before.
      kept ??= keep(terminal)
    },
    rebuilt() {
      const before = kept
      kept = null
      if (before === null) return
      // Before this task ends the scrollbar does not know how long the new output is, and would stop short.
      queueMicrotask(() => {
        if (!signal.aborted) restore(terminal, before)
      })
    },
  }
}

/** Null where there is nothing to keep. A full-screen program has no history, and draws its own screen. */
function keep(terminal: Terminal): Kept | null {
  const { active } = terminal.buffer
  const isBack = active.viewportY < active.baseY
  if (active.type === 'alternate' || (!isBack && !terminal.hasSelection())) return null
  const all = written(active)
  return {
    top: isBack ? spotOf(all, terminal, { row: active.viewportY, col: 0 }, terminal.rows) : null,
    selected: keepSelection(terminal, all),
  }
}

function keepSelection(terminal: Terminal, all: Written): Selected | null {
  const range = terminal.getSelectionPosition()
  if (range === undefined) return null
  const first = { row: range.start.y, col: range.start.x }
  const start = spotOf(all, terminal, first, Math.min(SELECTED_ROWS, range.end.y - range.start.y + 1))
  const from = lineCell(all, terminal, first)
  const to = lineCell(all, terminal, { row: range.end.y, col: range.end.x })
  if (start === null || from === null || to === null) return null
  return { start, lines: to.line - from.line, cells: to.cells, text: terminal.getSelection() }
}

/** What the person has done meanwhile stands. */
function restore(terminal: Terminal, { top, selected }: Kept): void {
  const { active } = terminal.buffer
  if (active.type === 'alternate') return
  const all = written(active)
  const at = top === null ? null : findSpot(all, top)
  const place = at === null ? null : cellOf(all, terminal, at)
  if (place !== null && active.viewportY === active.baseY) terminal.scrollToLine(place.row)
  if (selected !== null && !terminal.hasSelection()) select(terminal, all, selected)
}

function select(terminal: Terminal, all: Written, { start: spot, lines, cells, text }: Selected): void {
  const at = findSpot(all, spot)
  if (at === null) return
  const start = cellOf(all, terminal, at)
  const end = cellOf(all, terminal, { line: at.line + lines, cells })
  if (start === null || end === null) return
  const length = (end.row - start.row) * terminal.cols + end.col - start.col
  if (length <= 0) return
  terminal.select(start.col, start.row, length)
  if (terminal.getSelection() !== text) terminal.clearSelection()
}
