/** A dialog over the view that keeps the focus: it comes in, stays in, and leaves with Escape or the button. */
import { useEffect, useId, useRef, type KeyboardEvent, type ReactNode } from 'react'
import { Icon } from '../icons.tsx'

interface ModalProps {
  readonly className: string
  readonly title: string
  /** Names the button that closes it. */
  readonly close: string
  readonly onClose: () => void
  readonly children: ReactNode
}

/** What Tab stops at. */
const STOPS = 'button:not([disabled]), [tabindex="0"], a[href], input, select'

/** The focus is on the element with `data-first`, else on the button that closes it. */
export function Modal({ className, title, close, onClose, children }: ModalProps): ReactNode {
  const dialog = useRef<HTMLDivElement>(null)
  const name = useId()
  useEffect(() => {
    const { current } = dialog
    const first = current?.querySelector<HTMLElement>('[data-first]') ?? current?.querySelector<HTMLElement>(STOPS)
    first?.focus({ preventScroll: true })
  }, [])

  function keyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      return onClose()
    }
    if (event.key !== 'Tab' || dialog.current === null) return
    const stops = [...dialog.current.querySelectorAll<HTMLElement>(STOPS)]
    const at = stops.findIndex((stop) => stop === event.target)
    event.preventDefault()
    stops[(at + (event.shiftKey ? stops.length - 1 : 1)) % stops.length]?.focus()
  }

  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role, jsx-a11y/no-noninteractive-element-interactions -- a dialog element would cover the page, not the panel; the keys are those that a dialog has
    <div className={className} role="dialog" aria-modal="true" aria-labelledby={name} ref={dialog} onKeyDown={keyDown}>
      <header>
        <h2 id={name}>{title}</h2>
        <button type="button" className="nt-btn" data-k="bare" aria-label={close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </div>
  )
}
