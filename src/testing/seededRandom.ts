/** Chance that comes out the same for the same seed. For tests; never for secrets. */

export interface SeededRandom {
  /** A number in [0, 1). */
  next(): number
  /** An integer from `low` to `high`, both included. */
  int(low: number, high: number): number
  /** True with this probability. */
  chance(probability: number): boolean
  /** One of the items. Throws on an empty list. */
  pick<T>(items: readonly T[]): T
  bytes(length: number): Uint8Array<ArrayBuffer>
  /** A generator of its own whose numbers do not depend on how many were taken here. */
  fork(label: string | number): SeededRandom
}

/** A generator (sfc32: 128 bits of state, period about 2^127) for a seed that can be printed and typed again. */
export function seededRandom(seed: string | number): SeededRandom {
  let [a, b, c, counter] = spread(String(seed))

  function word(): number {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    c |= 0
    return sum >>> 0
  }

  // The first words still resemble the seed.
  for (let i = 0; i < 12; i++) word()

  const next = (): number => word() / 0x1_0000_0000
  const int = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))

  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick<T>(items: readonly T[]): T {
      if (items.length === 0) throw new RangeError('There is nothing to pick from.')
      // The index is inside the list, which only its length tells.
      return items[int(0, items.length - 1)] as T
    },
    bytes(length) {
      const bytes = new Uint8Array(length)
      for (let i = 0; i < length; i++) bytes[i] = word()
      return bytes
    },
    fork: (label) => seededRandom(`${seed}/${label}`),
  }
}

/** Four words out of a text, by FNV-1a with four different starts. */
function spread(text: string): [number, number, number, number] {
  const words = [0x811c9dc5, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35].map((start) => {
    let hash = start
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
    return hash | 0
  })
  const [a = 0, b = 0, c = 0, d = 0] = words
  return [a, b, c, d]
}
