/** Tells bytes that are as new as the moment from those that a lost connection, a hidden page or a replay has held back. */
import type { PanelContext } from '../session/context.ts'

/** Nothing came and nothing waits for so long: what was held back has been seen. */
const QUIET_MS = 150
/** A program that never pauses has caught up after so long. */
const MOST_MS = 5000

export interface Freshness {
  /** Milliseconds on the connection's clock; null while the bytes that are parsed are older. */
  now(): number | null
  /** A new screen is built from what was kept. */
  reset(): void
  dispose(): void
}

type Ports = Pick<PanelContext, 'connection' | 'feed' | 'alarms' | 'now'>

export function freshness({ connection, feed, alarms, now }: Ports): Freshness {
  let behind = true
  let stood = false
  let flows = false
  let flowsSince = 0

  function follow(): void {
    const { status, paused, resumed } = connection.snapshot()
    const isNew = !stood && resumed === null
    const flowed = flows
    stood = status.phase === 'ready'
    flows = stood && !paused.hidden
    if (!flows) behind = true
    else if (!flowed && isNew) behind = false
    else if (!flowed) catchUp()
  }

  function catchUp(): void {
    behind = true
    flowsSince = now()
    watch()
  }

  function watch(): void {
    const { received } = connection.stats()
    alarms.set('marks-fresh', QUIET_MS, () => {
      if (!flows) return
      const isQuiet = feed.idle() && connection.stats().received === received
      if (isQuiet || now() - flowsSince >= MOST_MS) behind = false
      else watch()
    })
  }

  const unsubscribe = connection.subscribe(follow)
  follow()
  return {
    now: () => (behind || feed.parsing()?.answered === true ? null : now()),
    reset: catchUp,
    dispose: unsubscribe,
  }
}
