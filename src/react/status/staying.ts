/** How long a line stays before another takes its place. */
import type { Facts } from './facts.ts'
import type { StatusLine } from './line.ts'
import type { Memory } from './memory.ts'
import type { StateId } from './states.ts'
import { TIMES, type Wakes } from './times.ts'

/** Answers to the pointer, the focus or a hand on the keys: they come and go at once. */
const ANSWERS: readonly StateId[] = ['ready-hover', 'link-hover', 'marks', 'marks-menu', 'resize', 'search', 'search-none']

/** Lines that give way at once: answers, and those that say nothing, are the resting state or have a time of their own. */
const GIVES_WAY: ReadonlySet<StateId> = new Set<StateId>([
  ...ANSWERS,
  'first-paint',
  'ready',
  'view-only',
  'bell',
  'progress',
  'progress-error',
  'progress-paused',
  'progress-busy',
  'paste-progress',
  'paste-stopped',
  'clipboard',
])

/** What was shown stays long enough to be read, unless what comes needs the person or only follows a key or the pointer. */
export function hold(memory: Memory, wanted: StatusLine, facts: Facts, wakes: Wakes): StatusLine {
  const { shown, shownSince } = memory
  if (wanted.id === shown.id || wanted.level === 'needsYou' || shown.level === 'needsYou') return wanted
  if (GIVES_WAY.has(shown.id) || ANSWERS.includes(wanted.id) || wanted.id.startsWith('held')) return wanted
  if (facts.now >= shownSince + TIMES.stay) return wanted
  wakes.push(shownSince + TIMES.stay)
  // The sentence may be a moment old; a count of keys that wait may not.
  return shown.chip !== undefined && facts.snapshot.held.keys === 0 ? { ...shown, chip: undefined } : shown
}
