/** Gives a grid a field from its mount until its emulator has one, and hands over what was done there. */
import { useCallback, useEffect, useRef } from 'react'
import type { Session } from '../session/session.ts'
import { earlyField, type EarlyField } from './earlyField.ts'

export interface EarlyFieldOptions {
  /** Null until the grid has a place. */
  readonly mount: HTMLElement | null
  /** Names the session: what was typed for one terminal is not for another. */
  readonly target: string
  /** Once its emulator is there. */
  readonly session: Session | null
  readonly label: string
  readonly autoFocus: boolean
}

interface Placed extends EarlyField {
  readonly mount: HTMLElement
  readonly target: string
}

/** Returns what puts the focus into that field; false where there is none any more. */
export function useEarlyField({ mount, target, session, label, autoFocus }: EarlyFieldOptions): () => boolean {
  const field = useRef<Placed | null>(null)
  const name = useRef(label)
  const wantsFocus = useRef(autoFocus)

  useEffect(() => {
    name.current = label
  }, [label])

  useEffect(() => {
    if (mount === null) return
    const made = { ...earlyField(mount, name.current), mount, target }
    field.current = made
    if (wantsFocus.current) made.element.focus()
    return () => {
      wantsFocus.current = made.element.matches(':focus')
      made.element.remove()
      field.current = null
    }
  }, [mount, target])

  useEffect(() => {
    const early = field.current
    if (session === null || early?.mount !== mount || early?.target !== target) return
    early.handOver((kept, focused) => {
      field.current = null
      session.goOn(kept, focused)
    })
  }, [session, mount, target])

  return useCallback(() => {
    field.current?.element.focus()
    return field.current !== null
  }, [])
}
