/** Notes that a hidden page has held output back, and how long it takes to catch up once somebody looks again. */
import type { Snapshot } from '../../client/api.ts'
import type { Facts } from '../status/status.ts'
import type { PanelContext } from './context.ts'

const CAUGHT_UP_MS = 150

export interface CatchingUp {
  /** Before each look at the line. */
  follow(snapshot: Snapshot): void
  quiet(): void
  facts(): Pick<Facts, 'catchingUpSince'>
  dispose(): void
}

export function catchingUp({ host, feed, alarms, now, look }: PanelContext): CatchingUp {
  const { ownerDocument: document } = host
  let heldBack = false
  let since: number | null = null

  function visibility(): void {
    if (document.hidden || !heldBack) return
    heldBack = false
    since = now()
    quiet()
    look()
  }

  function quiet(): void {
    if (since === null) return
    alarms.set('caught-up', CAUGHT_UP_MS, () => {
      if (!feed.idle()) return
      since = null
      look()
    })
  }

  document.addEventListener('visibilitychange', visibility)
  return {
    follow(snapshot) {
      if (document.hidden && snapshot.paused.hidden) heldBack = true
    },
    quiet,
    facts: () => ({ catchingUpSince: since }),
    dispose: () => document.removeEventListener('visibilitychange', visibility),
  }
}
