/** Waits for conditions, and says which one never came. */

const EVERY_MS = 2

/** Resolves when `condition` holds. Rejects with the sentence after `withinMs`, which is there for what hangs, not for what is slow. */
export function until(condition: () => boolean, sentence: string | (() => string), withinMs = 60_000): Promise<void> {
  const begin = performance.now()
  return new Promise((resolve, reject) => {
    const look = (): void => {
      try {
        if (condition()) return resolve()
      } catch (error) {
        return reject(error instanceof Error ? error : new Error(String(error)))
      }
      if (performance.now() - begin < withinMs) return void setTimeout(look, EVERY_MS)
      reject(new Error(`Never: ${typeof sentence === 'string' ? sentence : sentence()}`))
    }
    look()
  })
}
