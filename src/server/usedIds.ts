/** Which channel ids a session has ever used, in bounded memory. */

/** Inclusive ranges, ascending, never touching each other. */
export type UsedIds = readonly (readonly [first: number, last: number])[]

/** A client that skips more often than this has the ids in its smallest gap counted as used. */
const MAX_RANGES = 32

export function isUsed(used: UsedIds, id: number): boolean {
  return used.some(([first, last]) => first <= id && id <= last)
}

export function withUsed(used: UsedIds, id: number): UsedIds {
  const ranges: [number, number][] = []
  for (const [first, last] of [...used, [id, id] as const].sort((a, b) => a[0] - b[0])) {
    const before = ranges.at(-1)
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last)
    else ranges.push([first, last])
  }
  return ranges.length > MAX_RANGES ? withoutSmallestGap(ranges) : ranges
}

function withoutSmallestGap(ranges: readonly [number, number][]): UsedIds {
  // It is called with more than MAX_RANGES of them, so that every index below is inside.
  const gap = (i: number): number => ranges[i]![0] - ranges[i - 1]![1]
  let smallest = 1
  for (let i = 2; i < ranges.length; i++) if (gap(i) < gap(smallest)) smallest = i
  const merged: [number, number] = [ranges[smallest - 1]![0], ranges[smallest]![1]]
  return [...ranges.slice(0, smallest - 1), merged, ...ranges.slice(smallest + 1)]
}

/** The lowest id that was never used. */
export function nextId(used: UsedIds): number {
  const first = used[0]
  return first === undefined || first[0] > 1 ? 1 : first[1] + 1
}
