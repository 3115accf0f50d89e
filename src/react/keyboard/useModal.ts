'use client'
/** What a modal dialog of the panel owes a keyboard: the focus comes in, stays in, leaves with Escape and goes back where it was. */
import { useEffect, useRef, type KeyboardEvent, type RefObject } from 'react'

export interface Modal<Element extends HTMLElement> {
  readonly ref: RefObject<Element | null>
  readonly onKeyDown: (event: KeyboardEvent) => void
}

const STOPS = 'button:not([disabled]), [tabindex="0"], a[href], input, select'

/** The dialog is the element with `ref`; its first button gets the focus. */
export function useModal<Element extends HTMLElement>(onClose: () => void): Modal<Element> {
  const ref = useRef<Element>(null)
  useEffect(() => {
    ref.current?.querySelector<HTMLElement>(STOPS)?.focus({ preventScroll: true })
  }, [])

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      return onClose()
    }
    if (event.key !== 'Tab' || ref.current === null) return
    const stops = [...ref.current.querySelectorAll<HTMLElement>(STOPS)]
    const at = stops.findIndex((stop) => stop === event.target)
    const next = stops[(at + (event.shiftKey ? stops.length - 1 : 1)) % stops.length]
    event.preventDefault()
    next?.focus()
  }

  return { ref, onKeyDown }
}
