/** Spares xterm.js what it does anew for each line that scrolls: its scrollbar follows once a task, and no selection is drawn where there is none. */
import type { EmulatorPart, Inside } from './api.ts'

/** What xterm.js 6.0.0 has inside; not public. */
interface Core {
  readonly _core?: { readonly _viewport?: Viewport; readonly _selectionService?: SelectionService }
}

interface Viewport {
  /** Moves the scrollbar to a row; without one to where the buffer is. */
  _sync?(row?: number): void
}

interface SelectionService {
  readonly hasSelection: boolean
  /** Asks for all rows to be drawn anew with the next frame. */
  refresh?(byMouse?: boolean): void
}

/** Four fifths of a flood of short lines went there. With another version of xterm.js, which looks different inside, nothing is spared. */
export function scrollingPart({ terminal, signal }: Inside): EmulatorPart {
  const { _viewport, _selectionService } = core(terminal)._core ?? {}
  if (_viewport !== undefined) followOnce(_viewport, signal)
  if (_selectionService !== undefined) drawOnlySelections(_selectionService)
  return {}
}

/** The last of a task's calls is the only one that anybody can see. */
function followOnce(viewport: Viewport, signal: AbortSignal): void {
  const sync = viewport._sync?.bind(viewport)
  if (sync === undefined) return
  let queued = false
  viewport._sync = (row) => {
    if (row !== undefined) return sync(row)
    if (queued) return
    queued = true
    queueMicrotask(() => {
      queued = false
      if (!signal.aborted) sync()
    })
  }
}

/** A selection moves with the lines, so each of them asks for it to be drawn. */
function drawOnlySelections(selection: SelectionService): void {
  const refresh = selection.refresh?.bind(selection)
  if (refresh === undefined) return
  let drawn = false
  selection.refresh = (byMouse) => {
    const { hasSelection } = selection
    if (!hasSelection && !drawn) return
    drawn = hasSelection
    refresh(byMouse)
  }
}

const core = (terminal: object): Core => terminal
