/** Keeps the status line in the view: looks at the facts whenever they change, and again when the line itself says so. */
import { firstMemory, step, type Facts, type StatusLine } from '../status/status.ts'
import type { PanelContext } from './context.ts'

const ENTER_AFTER_MS = 600

export interface SpeakingLine {
  look(): void
  /** Says something besides the line's sentence. */
  say(words: string): void
  /** The button that Enter in the grid presses now, once it was there long enough to be seen. */
  onEnter(): StatusLine['action']
  /** When the line began to tell of what a resume brought; 0 if it tells of none. */
  noteSince(): number
}

/** `since` is when the panel was first seen. */
export function speakingLine(context: PanelContext, since: number, facts: () => Facts): SpeakingLine {
  const { alarms, emulator, now, show, view, words } = context
  let memory = firstMemory(since)

  function look(): void {
    const known = facts()
    const next = step(memory, known, words())
    memory = next.memory
    show({ line: sameLine(view().line, next.line), polite: memory.polite, alert: memory.alert })
    emulator()?.showCursor(next.line.level !== 'needsYou' && !known.viewOnly)
    if (next.wakeAt === null) alarms.stop('look')
    else alarms.set('look', Math.max(0, next.wakeAt - now()), look)
  }

  return {
    look,
    say(polite) {
      // A look that follows leaves it alone unless the line itself has something to say.
      memory = { ...memory, polite }
      show({ polite })
    },
    onEnter() {
      const { action } = view().line
      return action?.enter && !action.busy && now() - memory.shownSince >= ENTER_AFTER_MS ? action : undefined
    },
    noteSince: () => memory.note?.since ?? 0,
  }
}

/** The old object if nothing in it changed, so that nothing renders. Lines are small and plain. */
function sameLine(before: StatusLine, after: StatusLine): StatusLine {
  return JSON.stringify(before) === JSON.stringify(after) ? before : after
}
