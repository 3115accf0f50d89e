/** Clears a terminal but for the line of the cursor. */
import type { Terminal } from '@xterm/xterm'
import type { EmulatorPart, Inside } from './api.ts'

/** The rows of a buffer of xterm.js 6.0.0; not public. */
interface Rows {
  get(row: number): unknown
  splice(row: number, deleted: number, ...added: readonly unknown[]): void
}

interface Core {
  readonly _core?: { readonly buffer?: { readonly lines?: Partial<Rows>; y?: number } }
}

const core = (terminal: object): Core => terminal

export interface Clearing extends EmulatorPart {
  /** The scrollback goes; the cursor's line stays and becomes the first. */
  clear(): void
}

export function clearingPart({ terminal }: Inside): Clearing {
  return { clear: () => clearAround(terminal) }
}

/**
 * xterm.js keeps the row of the cursor alone. A shell whose line goes over several rows goes on as if all of them were there,
 * so they stay. With another version, which looks different inside, one row stays.
 */
export function clearAround(terminal: Terminal): void {
  const { active } = terminal.buffer
  const cursor = active.baseY + active.cursorY
  const isWrapped = (row: number): boolean => active.getLine(row)?.isWrapped ?? false
  let above = 0
  while (above < active.cursorY && isWrapped(cursor - above)) above++
  let below = 0
  while (active.cursorY + below + 1 < terminal.rows && isWrapped(cursor + below + 1)) below++
  const buffer = core(terminal)._core?.buffer
  const rows = buffer?.lines
  if (above + below === 0 || buffer?.y === undefined || rows?.get === undefined || rows.splice === undefined)
    return terminal.clear()
  const row = (from: number) => (_: unknown, index: number) => rows.get?.(from + index)
  const before = Array.from({ length: above }, row(cursor - above))
  const after = Array.from({ length: below }, row(cursor + 1))
  terminal.clear()
  // It leaves a screen whose first row is the cursor's as it is.
  if (active.baseY + active.cursorY === cursor) return
  rows.splice(terminal.rows - above - below, above + below)
  rows.splice(1, 0, ...after)
  rows.splice(0, 0, ...before)
  buffer.y = above
  terminal.refresh(0, terminal.rows - 1)
}
