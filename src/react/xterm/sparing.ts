/** Spares xterm.js what it does anew for each line and each frame and nobody sees: events of scrolling, selections and ruler marks that are not there. */
import type { EmulatorPart, Inside } from './api.ts'

/** What xterm.js 6.0.0 has inside; not public. */
interface Core {
  readonly _core?: {
    readonly _bufferService?: {
      readonly buffer: { readonly scrollTop: number; readonly scrollBottom: number }
      readonly _onScroll?: { fire?(row: number): void }
    }
    readonly _inputHandler?: { markRangeDirty?(from: number, to: number): void }
    readonly _selectionService?: SelectionService
    readonly _overviewRulerRenderer?: Ruler
    readonly _decorationService?: { readonly decorations: Iterator<unknown> }
  }
}

interface Ruler {
  /** Paints with the next frame. */
  _queueRefresh?(newSize?: boolean, newMarks?: boolean): void
}

interface SelectionService {
  readonly hasSelection: boolean
  /** Asks for all rows to be drawn anew with the next frame. */
  refresh?(byMouse?: boolean): void
}

/** Half of the time of a flood of short lines goes there. With another version of xterm.js, which looks different inside, nothing is spared. */
export function sparingPart({ terminal, signal }: Inside): EmulatorPart {
  tellOnce(terminal, signal)
  const selection = core(terminal)._core?._selectionService
  if (selection !== undefined) drawOnlySelections(selection)
  return { restyled: paintOnlyMarks(terminal) }
}

/** Scrollbar, ruler and listeners follow the last line of a task, the only one that anybody can see. What must be drawn is noted with each. */
function tellOnce(terminal: object, signal: AbortSignal): void {
  const { _bufferService: buffers, _inputHandler: input } = core(terminal)._core ?? {}
  const scrolled = buffers?._onScroll
  const tell = scrolled?.fire?.bind(scrolled)
  if (buffers === undefined || scrolled === undefined || tell === undefined || input?.markRangeDirty === undefined) return
  let last: number | null = null
  const tellLast = (): void => {
    const row = last
    last = null
    if (row !== null && !signal.aborted) tell(row)
  }
  scrolled.fire = (row) => {
    const { scrollTop, scrollBottom } = buffers.buffer
    input.markRangeDirty?.(scrollTop, scrollBottom)
    if (last === null) queueMicrotask(tellLast)
    last = row
  }
}

/** A selection moves with the lines, so each scrolling asks for it to be drawn. */
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

/**
 * The ruler paints after each frame, for which the browser makes another one; and a key that is pressed before it waits for it
 * with its echo. Returns what paints the ruler in new colours.
 */
function paintOnlyMarks(terminal: object): () => void {
  const { _overviewRulerRenderer: ruler, _decorationService: decorations } = core(terminal)._core ?? {}
  const paint = ruler?._queueRefresh?.bind(ruler)
  if (ruler === undefined || paint === undefined || decorations === undefined) return () => {}
  ruler._queueRefresh = (newSize, newMarks) => {
    if (newSize || newMarks || decorations.decorations.next().done !== true) paint(newSize, newMarks)
  }
  return () => paint()
}

const core = (terminal: object): Core => terminal
