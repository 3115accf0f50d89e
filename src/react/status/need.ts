/** Lines that need the person, and the buttons that help. */
import type { Facts } from './facts.ts'
import { text, type Action, type IconName, type Live, type StatusLine, type Tone } from './line.ts'
import type { StateId } from './states.ts'
import type { Words } from '../words/words.ts'

interface Need {
  readonly id: StateId
  readonly text: string
  readonly action?: Action
  readonly icon?: IconName
  readonly tone?: Tone
  readonly live?: Live
}

export function needsYou(facts: Facts, need: Need): StatusLine {
  return {
    id: need.id,
    icon: need.icon ?? 'error',
    tone: need.tone ?? 'error',
    level: 'needsYou',
    parts: text(need.text),
    action: need.action,
    live: need.live ?? 'assertive',
    where: facts.drawn || facts.snapshot.everReady ? 'line' : 'middle',
  }
}

export const again = (kind: 'retry' | 'restart' | 'reload', words: Words): Action => ({
  kind,
  label: words.buttons.tryAgain,
  enter: true,
})
export const newShell = (words: Words): Action => ({ kind: 'restart', label: words.buttons.newShell, enter: true })
export const takeOver = (words: Words): Action => ({ kind: 'take-over', label: words.buttons.takeOver })
