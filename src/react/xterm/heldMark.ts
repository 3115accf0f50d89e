/** Typed text after the cursor that is not in the buffer: keys that wait, or that were not sent. */
import type { IDecoration, Terminal } from '@xterm/xterm'
import type { HeldMark } from './api.ts'

export function heldMark(terminal: Terminal): { show(mark: HeldMark | null): void } {
  let decoration: IDecoration | undefined
  let shown: HeldMark | null = null
  return {
    show(mark) {
      if (mark?.text === shown?.text && mark?.kind === shown?.kind) return
      decoration?.dispose()
      shown = mark
      if (mark === null || mark.text === '') return
      const { cursorX } = terminal.buffer.active
      const marker = terminal.registerMarker(0)
      if (marker === undefined) return
      decoration = terminal.registerDecoration({ marker, x: cursorX, width: Math.max(1, terminal.cols - cursorX), layer: 'top' })
      decoration?.onRender((element) => {
        if (element.firstElementChild?.textContent === mark.text) return
        const text = element.ownerDocument.createElement('span')
        text.className = mark.kind === 'held' ? 'nt-held' : 'nt-unsent'
        text.textContent = mark.text
        element.classList.add('nt-typed')
        element.replaceChildren(text)
      })
    },
  }
}
