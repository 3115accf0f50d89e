/** What a person does to the screen without typing: looking back, selecting. */
import type { Terminal } from '@xterm/xterm'
import type { EmulatorPart, Inside } from './api.ts'

export interface Hands extends EmulatorPart {
  /** Pages towards the end; negative towards the beginning. */
  scrollPages(pages: number): void
  scrollToEnd(): void
  /** A number is the row that comes to the top, from 0 at the top of the scrollback. */
  scrollTo(place: 'start' | 'end' | number): void
  selectAll(): void
  selection(): string
  clearSelection(): void
  /** Cursor keys have the other names, which full-screen programs ask for. */
  applicationCursor(): boolean
  /** A program has the whole screen, whose rows belong to no command. */
  fullScreen(): boolean
  /** Rows of the buffer, with those of the scrollback. */
  rowCount(): number
  /** Rows from `from` to before `to` as lines: those that were wrapped are joined. */
  linesOf(from: number, to: number): readonly string[]
  /** Called when something is selected, and when nothing is any more. */
  onSelection(listener: () => void): void
}

export function handsPart({ terminal }: Inside): Hands {
  return {
    scrollPages: (pages) => terminal.scrollPages(pages),
    scrollToEnd: () => terminal.scrollToBottom(),
    scrollTo(place) {
      if (place === 'end') terminal.scrollToBottom()
      else terminal.scrollToLine(place === 'start' ? 0 : Math.max(0, Math.floor(place)))
    },
    selectAll: () => terminal.selectAll(),
    selection: () => terminal.getSelection(),
    clearSelection: () => terminal.clearSelection(),
    applicationCursor: () => terminal.modes.applicationCursorKeysMode,
    fullScreen: () => terminal.buffer.active.type === 'alternate',
    rowCount: () => terminal.buffer.active.length,
    linesOf: (from, to) => linesOf(terminal, from, to),
    onSelection: (listener) => void terminal.onSelectionChange(listener),
  }
}

function linesOf({ buffer: { active } }: Terminal, from: number, to: number): readonly string[] {
  const lines: string[] = []
  for (let row = from; row < to; row++) {
    const line = active.getLine(row)
    const text = line?.translateToString(true) ?? ''
    if (line?.isWrapped && lines.length > 0) lines.push(`${lines.pop() ?? ''}${text}`)
    else lines.push(text)
  }
  return lines
}
