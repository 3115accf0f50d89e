/** A question on the edge of the view that is away from what it is about. The Enter that was still held does not answer it. */
import { useEffect, useRef, type CSSProperties, type KeyboardEvent, type ReactNode } from 'react'

/** Keys that answer are not heard for so long after the question came, in milliseconds. */
const DEAF_MS = 400

interface SheetProps {
  /** An `alertdialog` warns. */
  readonly kind: 'dialog' | 'alertdialog'
  readonly title: string
  /** The second sentence, or nothing. */
  readonly why: string
  readonly at: 'top' | 'bottom'
  /** Rows of the grid between this edge and what the question is about: the sheet gets lower rather than cover it. */
  readonly room?: number | undefined
  readonly onCancel: () => void
  readonly children: ReactNode
}

/** The button with `data-first` among the children has the focus when it opens. */
export function Sheet({ kind, title, why, at, room, onCancel, children }: SheetProps): ReactNode {
  const sheet = useRef<HTMLDivElement>(null)
  const openedAt = useRef(0)
  useEffect(() => {
    openedAt.current = performance.now()
    sheet.current?.querySelector<HTMLElement>('[data-first]')?.focus({ preventScroll: true })
  }, [])

  function keyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      event.preventDefault()
      onCancel()
      return
    }
    const tooSoon = performance.now() - openedAt.current < DEAF_MS
    // The Enter that ended a line in the terminal must not confirm what it has not read.
    if ((event.key === 'Enter' || event.key === ' ') && (event.repeat || tooSoon)) event.preventDefault()
  }

  // A custom property is no known style name to React's types.
  const style = room === undefined ? undefined : ({ '--_room': room } as CSSProperties)
  return (
    <div className="nt-sheet-room" data-at={at} style={style}>
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- its role is one of two */}
      <div ref={sheet} className="nt-sheet" role={kind} aria-label={title} onKeyDown={keyDown}>
        <header>
          <h2>{title}</h2>
          {why !== '' && <p>{why}</p>}
        </header>
        {children}
      </div>
    </div>
  )
}
