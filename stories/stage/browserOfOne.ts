/** What two tabs of one browser share, inside one page: the storage that a duplicated tab copies, and the locks of its origin. */
import type { Clock, SessionStore, TabClaim, TabLock } from '../../src/client/index.ts'

export function storeInMemory(): SessionStore {
  const values = new Map<string, string>()
  return {
    read: (key) => values.get(key) ?? null,
    write: (key, value) => void values.set(key, value),
    remove: (key) => void values.delete(key),
  }
}

/** Who holds a name stands first, who waits for it behind. */
interface Waiter {
  readonly grant: () => void
}

/** Locks that answer at once, and wait by the story's own time. */
export function locksInMemory(clock: Pick<Clock, 'after'>): TabLock {
  const queues = new Map<string, Waiter[]>()

  function leave(name: string, waiter: Waiter): void {
    const queue = queues.get(name) ?? []
    const left = queue.filter((other) => other !== waiter)
    queues.set(name, left)
    if (queue[0] === waiter) left[0]?.grant()
  }

  function claim(name: string, timeoutMs: number | null): TabClaim {
    const queue = queues.get(name) ?? []
    queues.set(name, queue)
    let granted: TabClaim['granted'] = true
    let waiter: Waiter = { grant: () => undefined }
    let stopWaiting = (): void => undefined
    if (queue.length > 0)
      granted = new Promise((resolve) => {
        const giveUp = (): void => {
          leave(name, waiter)
          resolve(false)
        }
        if (timeoutMs !== null) stopWaiting = clock.after(timeoutMs, giveUp)
        waiter = {
          grant() {
            stopWaiting()
            resolve(true)
          },
        }
      })
    queue.push(waiter)
    return {
      granted,
      release() {
        stopWaiting()
        leave(name, waiter)
      },
    }
  }

  return { claim }
}
