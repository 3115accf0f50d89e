/** Everything of a panel between its first paint and its first prompt: sessions, words, and the tools of the line. */
import type { KeyboardEvent, ReactNode } from 'react'
import type { LateSlots } from './lateSlots.tsx'
import { Tools } from './more/Tools.tsx'
import type { Session } from './session/session.ts'
import type { PanelView } from './session/view.ts'
import { english } from './words/english.ts'
import { withWords, type SomeWords, type Words } from './words/words.ts'

export { claim } from './store.ts'
export { handleOf } from './terminal/liveHandle.ts'

export const wordsOf = (some: SomeWords | undefined): Words => withWords(english, some)

/** A panel with a session, as it is now. */
interface Live {
  readonly session: Session
  readonly view: PanelView
  readonly words: Words
}

export interface Slots extends Partial<LateSlots> {
  readonly tools: ReactNode
  readonly onDetails: () => void
  readonly onKeyDown: (event: KeyboardEvent) => void
}

export function slots(live: Live): Slots {
  const { session, view, words } = live
  const { late } = view
  return {
    ...late?.slots({ ...live, features: late.features }),
    tools: (
      <Tools
        words={words}
        canFind={view.line.level !== 'needsYou'}
        menuOpen={view.more !== undefined}
        onFind={() => session.later(({ find }) => find.open())}
        onMore={() => session.later(({ more }) => more.toggle())}
      />
    ),
    onDetails: () => session.later(({ details }) => details.toggle()),
    onKeyDown(event) {
      // What the grid has taken comes by here too.
      if (!event.isDefaultPrevented() && session.core.keys.outside(event.nativeEvent)) event.preventDefault()
    },
  }
}
