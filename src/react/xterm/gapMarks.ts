/** Rows of the grid that stand for missing output. */
import type { IDecoration } from '@xterm/xterm'
import type { Inside } from './api.ts'

export interface GapMarks {
  mark(text: string, done: () => void): void
  scrollTo(): void
  forget(): void
  restyled(): void
}

/** Each is plain text in the buffer, so that it is copied, under a drawn rule. */
export function gapMarks({ terminal, look }: Inside, visible: () => void): GapMarks {
  let marks: { readonly text: string; readonly decoration: IDecoration }[] = []

  function decorate(text: string): void {
    const marker = terminal.registerMarker(-1)
    if (marker === undefined) return
    const decoration = terminal.registerDecoration({
      marker,
      width: terminal.cols,
      layer: 'top',
      overviewRulerOptions: { color: look().warn, position: 'full' },
    })
    if (decoration === undefined) return
    marks.push({ text, decoration })
    decoration.onDispose(() => (marks = marks.filter((mark) => mark.decoration !== decoration)))
    decoration.onRender((element) => {
      if (element.firstElementChild === null) element.append(noteOf(element, text))
      if (element.style.display !== 'none' && !terminal.element?.ownerDocument.hidden) visible()
    })
  }

  return {
    mark(text, done) {
      // A full-screen program would have the row in its picture; it draws itself anew and the line tells the gap.
      if (terminal.buffer.active.type === 'alternate') return done()
      const row = `[${text}]`.slice(0, terminal.cols)
      const newLine = terminal.buffer.active.cursorX > 0 ? '\r\n' : ''
      // CAN ends a control sequence that the gap has cut.
      terminal.write(`\u0018${newLine}${row}\r\n`, () => {
        decorate(text)
        done()
      })
    },
    scrollTo() {
      const line = marks.at(-1)?.decoration.marker.line
      if (line !== undefined && line >= 0) terminal.scrollToLine(Math.max(0, line - 1))
    },
    restyled() {
      for (const { decoration } of marks) decoration.options = { overviewRulerOptions: { color: look().warn, position: 'full' } }
    },
    forget() {
      for (const { decoration } of marks) decoration.dispose()
      marks = []
    },
  }
}

function noteOf(parent: HTMLElement, text: string): HTMLElement {
  const note = parent.ownerDocument.createElement('div')
  note.className = 'nt-gap'
  note.setAttribute('role', 'note')
  note.textContent = text
  return note
}
