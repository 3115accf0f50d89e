/** Whether the program shows what is typed on the cursor's row. Until it was seen to, what is typed may be a password. */
import type { Terminal } from '@xterm/xterm'

export interface EchoWatch {
  expect(text: string): void
  look(): void
  echoed(): boolean
}

export function echoWatch(terminal: Terminal): EchoWatch {
  let expected: { readonly row: number; readonly col: number; readonly char: string } | null = null
  let echoedRow = -1
  const row = (): number => terminal.buffer.active.baseY + terminal.buffer.active.cursorY
  return {
    expect(text) {
      if (text.length !== 1 || text <= ' ' || text === '\u007f' || expected?.row === row()) return
      expected = { row: row(), col: terminal.buffer.active.cursorX, char: text }
    },
    look() {
      if (expected === null) return
      const cell = terminal.buffer.active.getLine(expected.row)?.getCell(expected.col)
      if (cell?.getChars() !== expected.char) return
      echoedRow = expected.row
      expected = null
    },
    echoed: () => echoedRow === row(),
  }
}
