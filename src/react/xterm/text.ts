/** The buffer as plain text. */
import type { Terminal } from '@xterm/xterm'
import { rowText } from './lines.ts'

/** The buffer with its scrollback as text; rows that the terminal wrapped are joined. */
export function screenText(terminal: Terminal): string {
  const { active } = terminal.buffer
  const lines: string[] = []
  for (let y = 0; y < active.length; y++) {
    const line = active.getLine(y)
    const text = rowText(active, y)
    if (line?.isWrapped && lines.length > 0) lines.push(`${lines.pop() ?? ''}${text}`)
    else lines.push(text)
  }
  return lines.join('\n').trimEnd()
}
