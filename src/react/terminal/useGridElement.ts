'use client'
/** The element that a grid fills, and the ref that finds it. */
import { useState, type RefCallback } from 'react'

export interface GridElement {
  /** Null until the element is there; then the last one, for as long as anybody holds it. React does while it stands there. */
  readonly element: HTMLElement | null
  readonly ref: RefCallback<HTMLElement>
}

/**
 * React remembers where the last event of a page was, with that element's ref, after both are gone. Whatever the ref leads to stays
 * alive until something else happens, so it is made apart from the terminal's own functions, and leads to no element.
 */
export function useGridElement(): GridElement {
  const [element, setElement] = useState<WeakRef<HTMLElement> | null>(null)
  const [ref] = useState(() => refFor(setElement))
  return { element: element?.deref() ?? null, ref }
}

type Change = (before: WeakRef<HTMLElement> | null) => WeakRef<HTMLElement> | null

function refFor(set: (change: Change) => void): RefCallback<HTMLElement> {
  return (element) => {
    // React takes the element away while a part of the tree waits for something, and gives it back; that is no reason to let go.
    if (element !== null) set((before) => (before?.deref() === element ? before : new WeakRef(element)))
  }
}
