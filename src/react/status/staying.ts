/** How long a line stays before another takes its place. */
import type { Facts } from './facts.ts'
import type { StatusLine } from './line.ts'
import type { Memory } from './memory.ts'
import type { StateId } from './states.ts'
import { TIMES, type Wakes } from './times.ts'

/** Lines that give way at once: they say nothing, are the resting state, or follow the pointer. */
const GIVES_WAY: ReadonlySet<StateId> = new Set<StateId>([
  'first-paint',
  'ready',
  'ready-hover',
  'bell',
  'paste-progress',
  'paste-stopped',
])

/** What was shown stays long enough to be read, unless what comes needs the person or only follows a key or the pointer. */
export function hold(memory: Memory, wanted: StatusLine, facts: Facts, wakes: Wakes): StatusLine {
  const { shown, shownSince } = memory
  if (wanted.id === shown.id || wanted.level === 'needsYou' || shown.level === 'needsYou') return wanted
  if (GIVES_WAY.has(shown.id) || wanted.id === 'ready-hover' || wanted.id.startsWith('held')) return wanted
  if (facts.now >= shownSince + TIMES.stay) return wanted
  wakes.push(shownSince + TIMES.stay)
  // The sentence may be a moment old; a count of keys that wait may not.
  return shown.chip !== undefined && facts.snapshot.held.keys === 0 ? { ...shown, chip: undefined } : shown
}
