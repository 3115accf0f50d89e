/** Keeps the grants of one-time tokens in the memory of this process: enough for a server that is one process. */
import type { Grant, TokenStore } from '../authority.ts'
import type { Clock } from '../ports.ts'

export interface MemoryStoreOptions {
  readonly clock: Pick<Clock, 'now'>
  /** Tokens kept at most; the oldest goes for a further one. Default 10 000. */
  readonly capacity?: number
}

export function memoryTokenStore({ clock, capacity = 10_000 }: MemoryStoreOptions): TokenStore {
  /** In the order of their making. */
  const grants = new Map<string, { readonly grant: Grant; readonly until: number }>()

  function makeRoom(): void {
    for (const [hash, { until }] of grants) {
      if (until > clock.now() && grants.size < capacity) return
      grants.delete(hash)
    }
  }

  return {
    put(hash, grant, ttlMs) {
      makeRoom()
      grants.set(hash, { grant, until: clock.now() + ttlMs })
    },
    take(hash) {
      const found = grants.get(hash)
      grants.delete(hash)
      return found !== undefined && found.until > clock.now() ? found.grant : null
    },
  }
}
