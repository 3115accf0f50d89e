/** Gives a grid a field from its mount until its emulator has one, and hands over what was done there. */
import { useEffect, useRef, type RefObject } from 'react'
import type { Session } from '../session/session.ts'
import { earlyField, type EarlyField } from './earlyField.ts'

/**
 * `mount` is undefined until the grid has a place, `session` null until its emulator is there; `target` is the name of the session that is
 * wanted. Null in the ref: there is no such field, or none any more.
 */
export function useEarlyField(
  mount: HTMLElement | undefined,
  target: string,
  session: Session | null,
  autoFocus: boolean | undefined,
): RefObject<EarlyField | null> {
  const field = useRef<EarlyField | null>(null)
  const wantsFocus = useRef(autoFocus)

  useEffect(() => {
    if (!mount) return
    const { element } = (field.current = earlyField(mount))
    if (wantsFocus.current) element.focus()
    return () => {
      wantsFocus.current = element.matches(':focus')
      element.remove()
    }
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- what was typed for one terminal is not for another
  }, [mount, target])

  useEffect(() => {
    if (session?.name !== target) return
    field.current?.handOver((kept, focused) => {
      field.current = null
      session.goOn(kept, focused)
    })
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- another place has another field
  }, [session, mount, target])

  return field
}
