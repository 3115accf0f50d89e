/** Presses on buttons whose meaning changes while they stand there: by pointer, key or voice, each counts for what it was meant for. */
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import { counts, DEAF_MS, NOTHING_OFFERED, offer, settled, type Offer } from './offer.ts'

export interface Presses {
  /** The button does nothing yet. */
  readonly deaf: boolean
  /** For each button of the place. */
  readonly handlers: { readonly onPointerDown: (event: PointerEvent) => void; readonly onKeyDown: (event: KeyboardEvent) => void }
  /** For a click: whether it counts. */
  readonly take: () => boolean
}

/** `what` names all that the place offers now, and is empty while it offers nothing. */
export function usePresses(what: string): Presses {
  const [offered, setOffered] = useState(NOTHING_OFFERED)
  const begun = useRef<Offer | null>(null)
  // In this render already: a button must not look alive for one frame.
  const now = offer(offered, what)
  if (now !== offered) setOffered(now)

  useEffect(() => {
    if (!now.fresh) return
    const timer = setTimeout(() => setOffered(settled), DEAF_MS)
    return () => clearTimeout(timer)
  }, [now])

  return {
    deaf: now.fresh,
    handlers: {
      onPointerDown(event) {
        begun.current = now
        releasedElsewhere(event.currentTarget, () => (begun.current = null))
      },
      onKeyDown(event) {
        if (event.key !== 'Enter' && event.key !== ' ') return
        // A key that is held is one press; browsers make a click of each repeat.
        if (event.repeat) event.preventDefault()
        else begun.current = now
      },
    },
    take() {
      const press = begun.current
      begun.current = null
      return counts(press, now)
    },
  }
}

/** A pointer that comes up beside `button`, or is taken away, makes no click of it. */
function releasedElsewhere(button: Element, then: () => void): void {
  const settled = new AbortController()
  const released = (event: Event) => {
    settled.abort()
    if (event.type === 'pointercancel' || !event.composedPath().includes(button)) then()
  }
  for (const type of ['pointerup', 'pointercancel'])
    button.ownerDocument.addEventListener(type, released, { signal: settled.signal, capture: true })
}
