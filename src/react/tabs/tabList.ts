/** Tabs as an order of names: which one a key leads to, and which one is shown when one closes. */

/** The index that `key` leads to, around both ends; null if the key moves nothing. */
export function tabMove(key: string, at: number, count: number, rightToLeft: boolean): number | null {
  if (count === 0) return null
  switch (key) {
    case 'ArrowRight':
      return (at + (rightToLeft ? count - 1 : 1)) % count
    case 'ArrowLeft':
      return (at + (rightToLeft ? 1 : count - 1)) % count
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return null
  }
}

/** What is shown once `closed` is gone: what was shown, else the tab that takes its place, else the last one. */
export function afterClose(ids: readonly string[], closed: string, active: string | null): string | null {
  if (closed !== active) return active
  const left = ids.filter((id) => id !== closed)
  return left[ids.indexOf(closed)] ?? left.at(-1) ?? null
}
