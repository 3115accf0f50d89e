/** Whether the program shows what is typed on the cursor's row. Until it was seen to, what is typed may be a password. */
import type { IMarker, Terminal } from '@xterm/xterm'

export interface EchoWatch {
  expect(text: string): void
  look(): void
  echoed(): boolean
}

export function echoWatch(terminal: Terminal): EchoWatch {
  let expected: { readonly mark: IMarker; readonly col: number; readonly char: string } | null = null
  /** Goes with the row: another one has the same number once a screen was cleared, or the scrollback is full. */
  let shown: IMarker | undefined
  const isHere = (mark: IMarker | undefined): boolean => {
    const { baseY, cursorY } = terminal.buffer.active
    return mark !== undefined && !mark.isDisposed && mark.line === baseY + cursorY
  }
  return {
    expect(text) {
      if (text.length !== 1 || text <= ' ' || text === '\u007f' || isHere(expected?.mark)) return
      expected?.mark.dispose()
      expected = { mark: terminal.registerMarker(), col: terminal.buffer.active.cursorX, char: text }
    },
    look() {
      if (expected === null || expected.mark.isDisposed) return
      const { mark, col, char } = expected
      if (terminal.buffer.active.getLine(mark.line)?.getCell(col)?.getChars() !== char) return
      shown?.dispose()
      shown = mark
      expected = null
    },
    echoed: () => isHere(shown),
  }
}
