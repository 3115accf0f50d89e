/** The progress that a program tells (OSC 9;4): what its sequences mean, and which quarters of a task it has reached. */

export type ProgressKind = 'normal' | 'error' | 'busy' | 'paused'

export interface Progress {
  readonly kind: ProgressKind
  /** Per cent, whole; null where nobody told. */
  readonly percent: number | null
}

/** What a sequence says: a state, its end, or nothing usable. */
export type ProgressMark = Progress | 'none' | null

const KINDS: readonly (ProgressKind | 'none')[] = ['none', 'normal', 'error', 'busy', 'paused']

/**
 * Reads what stands behind `9;`: `4;state;percent`. Error and pause may come without a figure; then `shown` gives the last one.
 */
export function readProgress(data: string, shown: Progress | null): ProgressMark {
  const match = /^4(?:;([0-9]{0,3}))?(?:;([0-9]{0,9}))?;?$/.exec(data)
  if (match === null) return null
  const kind = KINDS[Number(match[1] ?? 0)]
  if (kind === undefined) return null
  if (kind === 'none') return 'none'
  if (kind === 'busy') return { kind, percent: null }
  const told = match[2] === undefined || match[2] === '' ? null : Math.min(100, Number(match[2]))
  return { kind, percent: told ?? (kind === 'normal' ? 0 : (shown?.percent ?? null)) }
}

export function sameProgress(one: Progress | null, other: Progress | null): boolean {
  return one?.kind === other?.kind && one?.percent === other?.percent
}

export type Quarter = 25 | 50 | 75

/** The quarter that was reached between two states of one task; null if none was. Said aloud where that is asked for. */
export function quarterReached(before: Progress | null, after: Progress | null): Quarter | null {
  const [from, to] = [before?.percent ?? 0, after?.percent ?? 0]
  const reached = ([75, 50, 25] as const).find((quarter) => from < quarter && to >= quarter)
  return after === null ? null : (reached ?? null)
}
