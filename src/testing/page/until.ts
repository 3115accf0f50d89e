/** Waits for what a test wants to see, and says what it saw instead. */

/** Longer than any wait that a test should need, in milliseconds. */
export const PATIENCE_MS = 15_000
const LOOK_EVERY_MS = 20

/** Looks until the answer is accepted, and returns it. A look that throws counts as one that saw the error. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  accepts: (seen: T) => boolean,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const seen = await Promise.resolve()
      .then(look)
      .then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      )
    if ('value' in seen && accepts(seen.value)) return seen.value
    if (performance.now() > deadline) throw new Error(`Waited ${patienceMs / 1_000} s for ${what}. Last seen:\n${shown(seen)}`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

function shown(seen: { readonly value: unknown } | { readonly error: unknown }): string {
  if ('error' in seen) return String(seen.error)
  return typeof seen.value === 'string' ? seen.value : (JSON.stringify(seen.value, null, 1) ?? 'undefined')
}
