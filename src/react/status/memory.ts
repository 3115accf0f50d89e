/** What the status line remembers between two looks. */
import type { Snapshot } from '../../client/api.ts'
import type { Facts } from './facts.ts'
import { FIRST_PAINT, type StatusLine } from './line.ts'
import { TIMES } from './times.ts'

export interface Memory {
  /** When the way to a screen began; null while there is one. */
  readonly startedAt: number | null
  readonly shown: StatusLine
  readonly shownSince: number
  readonly lossShown: boolean
  readonly maxTries: number
  readonly resumed: Snapshot['resumed']
  readonly note: { readonly kind: 'resumed' | 'resumed-gap'; readonly missing: number; readonly since: number } | null
  readonly slow: { readonly since: number; readonly shown: boolean; readonly goneAt: number | null } | null
  /** Since when the browser has said that there is no network; null while it says nothing of the kind. */
  readonly offlineSince: number | null
  readonly readySaid: boolean
  readonly saidInLoss: readonly string[]
  readonly said: readonly { readonly text: string; readonly at: number }[]
  readonly polite: string
  readonly alert: string
}

export function firstMemory(now: number): Memory {
  return {
    startedAt: now,
    shown: FIRST_PAINT,
    shownSince: now,
    lossShown: false,
    maxTries: 10,
    resumed: null,
    note: null,
    slow: null,
    offlineSince: null,
    readySaid: false,
    saidInLoss: [],
    said: [],
    polite: '',
    alert: '',
  }
}

export function remember(memory: Memory, facts: Facts): Memory {
  const { status } = facts.snapshot
  const starting = status.phase === 'starting' || status.phase === 'idle'
  const loading = facts.emulator === 'loading'
  const next: Memory = {
    ...memory,
    startedAt: starting || loading ? (memory.startedAt ?? facts.now) : null,
    readySaid: starting ? false : memory.readySaid,
    saidInLoss: status.phase === 'lost' ? memory.saidInLoss : [],
    maxTries: status.phase === 'lost' ? status.maxTries : memory.maxTries,
    slow: rememberSlow(memory.slow, facts),
    offlineSince: facts.snapshot.paused.offline ? (memory.offlineSince ?? facts.now) : null,
  }
  return status.phase === 'ready'
    ? rememberResume(next, facts)
    : status.phase === 'lost'
      ? next
      : { ...next, note: null, lossShown: false }
}

function rememberSlow(slow: Memory['slow'], facts: Facts): Memory['slow'] {
  const { status, paused } = facts.snapshot
  if (status.phase !== 'ready') return null
  const { now } = facts
  if (paused.transport || paused.slow) {
    const since = slow?.since ?? now
    return { since, shown: (slow?.shown ?? false) || now - since > TIMES.slowPause, goneAt: null }
  }
  if (slow === null || !slow.shown) return null
  const goneAt = slow.goneAt ?? now
  return now - goneAt >= TIMES.slowGone ? null : { ...slow, goneAt }
}

function rememberResume(memory: Memory, facts: Facts): Memory {
  const { resumed } = facts.snapshot
  if (resumed !== null && resumed.at !== memory.resumed?.at) {
    const kind = resumed.missing > 0 ? 'resumed-gap' : memory.lossShown ? 'resumed' : null
    return {
      ...memory,
      resumed,
      lossShown: false,
      note: kind === null ? null : { kind, missing: resumed.missing, since: facts.now },
    }
  }
  if (memory.note === null) return { ...memory, lossShown: false }
  return noteIsOver(memory, facts) ? { ...memory, note: null } : memory
}

export function noteEnds(memory: Memory, facts: Facts): number {
  const { note } = memory
  if (note === null) return facts.now
  if (note.kind === 'resumed') return (memory.shown.id === 'resumed' ? memory.shownSince : facts.now) + TIMES.resumed
  const seen = facts.gapSeenAt !== null && facts.gapSeenAt >= note.since ? facts.gapSeenAt + TIMES.gapSeen : Infinity
  const dismissed = facts.gapDismissedAt !== null && facts.gapDismissedAt >= note.since ? facts.now : Infinity
  return Math.min(note.since + TIMES.gap, seen, dismissed)
}

const noteIsOver = (memory: Memory, facts: Facts): boolean => facts.now >= noteEnds(memory, facts)
