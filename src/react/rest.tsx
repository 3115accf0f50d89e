/** Everything of a panel that comes after its first paint: sessions, words, and what stands in the slots of the frame. */
import type { KeyboardEvent, ReactNode } from 'react'
import { Failures, late } from './late.tsx'
import { Tools } from './more/Tools.tsx'
import { Overlays } from './Overlays.tsx'
import type { Session } from './session/session.ts'
import type { PanelView } from './session/view.ts'
import { NO_KEYS } from './touch/controller.ts'
import { english } from './words/english.ts'
import { withWords, type SomeWords, type Words } from './words/words.ts'

export { claim } from './store.ts'

export const wordsOf = (some: SomeWords | undefined): Words => withWords(english, some)

const FindBar = late(async () => (await import('./search/FindBar.tsx')).default)
const SoftKeys = late(async () => (await import('./touch/SoftKeys.tsx')).SoftKeys)
const Marks = late(async () => (await import('./commands/Marks.tsx')).Marks)

/** A panel with a session, as it is now. */
interface Live {
  readonly session: Session
  readonly view: PanelView
  readonly words: Words
}

export interface Slots {
  readonly gutter: ReactNode
  readonly over: ReactNode
  /** In the place of the sentence. */
  readonly bar: ReactNode
  readonly tools: ReactNode
  /** Under the line. */
  readonly keys: ReactNode
  readonly onDetails: () => void
  readonly onKeyDown: (event: KeyboardEvent) => void
}

export function slots(live: Live): Slots {
  const { session, view, words } = live
  const { features } = session
  const heard = (part: ReactNode): ReactNode => part && <Failures.Provider value={session.failed}>{part}</Failures.Provider>
  return {
    gutter: heard(view.marks && <Marks marks={view.marks} words={words.commands} />),
    over: heard(<Overlays session={session} view={view} words={words} />),
    bar: heard(view.line.finding && view.find && <FindBar find={features.find} words={words} />),
    tools: (
      <Tools
        words={words}
        canFind={view.line.level !== 'needsYou'}
        menuOpen={view.more !== undefined}
        onFind={features.find.open}
        onMore={features.more.toggle}
      />
    ),
    keys: heard(features.touch.row && <TouchRow {...live} />),
    onDetails: () => features.details.toggle(),
    onKeyDown(event) {
      // What the grid has taken comes by here too.
      if (!event.isDefaultPrevented() && features.keys.outside(event.nativeEvent)) event.preventDefault()
    },
  }
}

/** Where nothing can be typed only Escape acts, or no key at all. */
function TouchRow({ session, view, words }: Live): ReactNode {
  const { touch, clipboard } = session.features
  const { ctrl, alt, selected } = view.softKeys ?? NO_KEYS
  const isAsking = view.paste ?? view.link ?? view.links ?? view.guide ?? view.outputText ?? (view.line.finding || undefined)
  const off = view.line.level === 'needsYou' ? 'all' : isAsking === undefined ? 'none' : 'all-but-escape'
  return (
    <SoftKeys
      ctrl={ctrl}
      alt={alt}
      off={off}
      copy={selected}
      words={words.touch}
      onKey={touch.press}
      onModifier={touch.modifier}
      onCopy={clipboard.copy}
    />
  )
}
