/** The line over keys that were not sent. */
import type { Facts } from './facts.ts'
import type { Action, StatusLine } from './line.ts'
import { needsYou } from './need.ts'
import type { Words } from '../words/words.ts'

/** Keys that were not sent come before everything else that waits for the person: they are gone once they are dismissed. */
export function unsentLine(facts: Facts, words: Words): StatusLine | null {
  const { unsent } = facts.snapshot
  if (unsent === null) return null
  const dismiss: Action = { kind: 'dismiss-unsent', label: words.buttons.dismiss }
  const line = needsYou(facts, { id: 'not-sent', text: words.typing.notSent(unsent.keys, unsent.bytes) })
  // What was typed without an echo may be a password: it is never offered for copying.
  if (facts.masked) return { ...line, where: 'line', action: dismiss }
  return { ...line, where: 'line', action: { kind: 'copy-unsent', label: words.buttons.copyKeys }, secondary: dismiss }
}
