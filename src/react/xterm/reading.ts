/** Answers whoever asks what stands in the terminal, from the buffer: whatever draws it, the answer is the same. */
import type { Terminal } from '@xterm/xterm'
import { READ_REQUEST, type ReadRequest, type TerminalText } from '../reading/readRequest.ts'
import type { Inside } from './api.ts'
import { screenText } from './text.ts'

/** Listens until the emulator ends. */
export function answerReads({ terminal, host, signal }: Pick<Inside, 'terminal' | 'host' | 'signal'>): void {
  const answer = (event: Event): void => {
    if (!(event instanceof CustomEvent)) return
    event.stopPropagation()
    // Whoever dispatches this event brings an object for the answer.
    const request = event.detail as ReadRequest | null
    if (request !== null) request.text = textOf(terminal)
  }
  host.addEventListener(READ_REQUEST, answer, { signal })
}

function textOf(terminal: Terminal): TerminalText {
  const { active } = terminal.buffer
  const rows = Array.from({ length: terminal.rows }, (_, row) => active.getLine(active.viewportY + row)?.translateToString(true))
  return {
    rows: rows.map((row) => row?.trimEnd() ?? ''),
    lines: screenText(terminal)
      .split('\n')
      .map((line) => line.trimEnd()),
    cursor: { row: active.cursorY, col: active.cursorX },
    size: { cols: terminal.cols, rows: terminal.rows },
  }
}
