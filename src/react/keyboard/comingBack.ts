/** Gives the focus back to what had it in the panel before something was opened over it. */
import { focusedBeside } from '../focused.ts'
import type { PanelContext } from '../session/context.ts'

export interface ComingBack {
  /** Something is opened. */
  leave(): void
  /** It is closed: a question or the find bar that is still there has the focus again, else the grid. */
  back(): void
}

export function comingBack({ host, focus }: Pick<PanelContext, 'host' | 'focus'>): ComingBack {
  let from: Element | null = null
  return {
    leave() {
      from = focusedBeside(host)
    },
    back() {
      const to = from
      from = null
      if (to instanceof HTMLElement && !host.contains(to) && host.closest('.nt')?.contains(to)) to.focus()
      else focus()
    },
  }
}
