/** How tests and tools read a terminal without a word about how it is drawn: an event that asks, and the answer that comes back in it. */
import type { TerminalSize } from '../../protocol/messages.ts'

/**
 * Dispatched on the element of the emulator, it bubbles to the panel, which fills in `detail.text` before `dispatchEvent` returns.
 * Pages that know nothing of it never hear it.
 */
export const READ_REQUEST = 'nimbus-terminal:read'

/** What stands in a terminal. Rows are without the blanks at their ends. */
export interface TerminalText {
  /** The rows in view, from the top. As many as the terminal is high. */
  readonly rows: readonly string[]
  /** Every line from the first of the scrollback to the last that is not blank. Lines that were wrapped are whole. */
  readonly lines: readonly string[]
  /** Where the next character goes, in the rows of the live screen, from 0. */
  readonly cursor: { readonly row: number; readonly col: number }
  readonly size: TerminalSize
}

/** What the event carries. */
export interface ReadRequest {
  text?: TerminalText
}
