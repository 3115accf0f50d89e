/** The status line as a pure function: what is known, what was shown before and the time make the line and the next time to look. */
import { describeElsewhere, describeEnd } from './ended.ts'
import type { Facts } from './facts.ts'
import { withFind } from './finding.ts'
import { sentence, type StatusLine } from './line.ts'
import { describeLost, isLoss } from './lost.ts'
import { remember, type Memory } from './memory.ts'
import { again, needsYou } from './need.ts'
import { describeReady } from './ready.ts'
import { speak } from './speaking.ts'
import { describeStart } from './starting.ts'
import type { StateId } from './states.ts'
import { hold } from './staying.ts'
import type { Wakes } from './times.ts'
import { unreachable } from './unreachable.ts'
import { unsentLine } from './unsent.ts'
import type { Words } from '../words/words.ts'

export type { Facts } from './facts.ts'
export { sentence, type ActionKind, type StatusLine } from './line.ts'
export { firstMemory, type Memory } from './memory.ts'

export interface Step {
  readonly memory: Memory
  readonly line: StatusLine
  /** The earliest time at which the line changes by itself; null if only an event can change it. */
  readonly wakeAt: number | null
}

/** One look: the memory of the last look and the facts of now give the line. Looking twice at the same time changes nothing. */
export function step(before: Memory, facts: Facts, words: Words): Step {
  const wakes: number[] = []
  const memory = remember(before, facts)
  const wanted = withFind(describe(memory, facts, words, wakes), facts, words)
  const line = hold(memory, wanted, facts, wakes)
  const changed = line.id !== memory.shown.id
  const shown = {
    ...memory,
    shown: line,
    shownSince: changed ? facts.now : memory.shownSince,
    lossShown: memory.lossShown || isLoss(line),
  }
  const after = changed || newlySaid(memory.shown, line) ? speak(shown, line, facts) : shown
  const coming = wakes.filter((at) => at > facts.now)
  return { memory: after, line, wakeAt: coming.length === 0 ? null : Math.min(...coming) }
}

/** Lines whose sentence is said again when it becomes another: what was found, and who types. */
const SAID_ANEW: ReadonlySet<StateId> = new Set<StateId>(['search', 'view-only'])

const newlySaid = (before: StatusLine, line: StatusLine): boolean => SAID_ANEW.has(line.id) && sentence(before) !== sentence(line)

function describe(memory: Memory, facts: Facts, words: Words, wakes: Wakes): StatusLine {
  const { status } = facts.snapshot
  if (facts.emulator === 'failed')
    return needsYou(facts, { id: 'failed', text: words.ended.failed, action: again('reload', words) })
  switch (status.phase) {
    case 'idle':
    case 'starting':
      return describeStart(memory, facts, status, words, wakes)
    case 'lost':
      return describeLost(memory, facts, status, words, wakes)
    case 'elsewhere':
      return unsentLine(facts, words) ?? describeElsewhere(facts, status.how, status.canTakeOver, words)
    case 'ended':
      return unsentLine(facts, words) ?? describeEnd(memory, facts, status.end, words, wakes)
    case 'ready':
      return facts.emulator === 'loading'
        ? describeStart(memory, facts, { phase: 'idle' }, words, wakes)
        : describeReady(memory, facts, words, wakes)
    default:
      return unreachable(status)
  }
}
