/** Finds a piece of output again on a screen that was built anew: by its lines and, where those repeat, by its distance from both ends. */

export interface Landmark {
  /** At least one line, as they stood there. */
  readonly lines: readonly string[]
  /** How many lines stood above the first of them, and below the last. */
  readonly above: number
  readonly below: number
}

/** `count` lines from the index `from`, as far as there are that many. */
export function landmark(all: readonly string[], from: number, count: number): Landmark {
  const lines = all.slice(from, from + Math.max(1, count))
  return { lines, above: from, below: all.length - from - lines.length }
}

/**
 * The index of its first line; null where it stands nowhere. A history that begins as it did before has it in its old place; one
 * that has lost its beginning has it as far from the end as it was, or a little farther.
 */
export function findAgain({ lines, above, below }: Landmark, all: readonly string[]): number | null {
  const stands = (at: number): boolean => lines.every((line, index) => all[at + index] === line)
  if (lines.length === 0 || all.length === 0) return null
  if (stands(above)) return above
  let best: number | null = null
  let least = Infinity
  for (let at = 0; at + lines.length <= all.length; at++) {
    const off = Math.abs(all.length - at - lines.length - below)
    if (off >= least || !stands(at)) continue
    best = at
    least = off
  }
  return best
}
