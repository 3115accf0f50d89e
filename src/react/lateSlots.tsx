/** What the features that are loaded late draw in the slots of the frame. */
import type { ReactNode } from 'react'
import { Failures, late } from './late.tsx'
import { Overlays } from './Overlays.tsx'
import type { Features } from './session/features.ts'
import type { Session } from './session/session.ts'
import type { PanelView } from './session/view.ts'
import { NO_KEYS } from './touch/controller.ts'
import type { Words } from './words/words.ts'

export { makeFeatures } from './session/features.ts'

const FindBar = late(async () => (await import('./search/FindBar.tsx')).default)
const SoftKeys = late(async () => (await import('./touch/SoftKeys.tsx')).SoftKeys)
const Marks = late(async () => (await import('./commands/Marks.tsx')).Marks)

/** A panel with all of its features, as it is now. */
export interface Whole {
  readonly session: Session
  readonly features: Features
  readonly view: PanelView
  readonly words: Words
}

export interface LateSlots {
  readonly gutter: ReactNode
  readonly over: ReactNode
  /** In the place of the sentence. */
  readonly bar: ReactNode
  /** Under the line. */
  readonly keys: ReactNode
}

export function slots(whole: Whole): LateSlots {
  const { session, features, view, words } = whole
  const heard = (part: ReactNode): ReactNode => part && <Failures.Provider value={session.failed}>{part}</Failures.Provider>
  return {
    gutter: heard(view.marks && <Marks marks={view.marks} words={words.commands} />),
    over: heard(<Overlays features={features} view={view} words={words} />),
    bar: heard(view.line.finding && view.find && <FindBar find={features.find} words={words} />),
    keys: heard(features.touch.row && <TouchRow {...whole} />),
  }
}

/** Where nothing can be typed only Escape acts, or no key at all. */
function TouchRow({ features, view, words }: Whole): ReactNode {
  const { touch, clipboard } = features
  const { ctrl, alt, selected } = view.softKeys ?? NO_KEYS
  const { paste, link, links, more, guide, outputText, line } = view
  const isAsking = paste ?? link ?? links ?? more ?? guide ?? outputText ?? (line.finding || undefined)
  const off = line.level === 'needsYou' ? 'all' : isAsking === undefined ? 'none' : 'all-but-escape'
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
