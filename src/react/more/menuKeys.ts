/** Which item of a menu a key moves to. */

/**
 * The index of the item that `key` leads to from `at`; null if the key means nothing in a menu. A letter leads to the next
 * item that begins with it, from there around.
 */
export function menuMove(key: string, at: number, labels: readonly string[]): number | null {
  const { length } = labels
  if (length === 0) return null
  switch (key) {
    case 'ArrowDown':
      return (at + 1) % length
    case 'ArrowUp':
      return (at + length - 1) % length
    case 'Home':
      return 0
    case 'End':
      return length - 1
    default:
      return byLetter(key, at, labels)
  }
}

function byLetter(key: string, at: number, labels: readonly string[]): number | null {
  if ([...key].length !== 1 || key === ' ') return null
  const wanted = key.toLocaleLowerCase()
  for (let step = 1; step <= labels.length; step++) {
    const index = (at + step) % labels.length
    if (labels[index]?.toLocaleLowerCase().startsWith(wanted)) return index
  }
  return null
}
