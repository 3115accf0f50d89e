/** The features of a session that come after its first screen: loaded once, and waited for by whoever needs one before. */
import type { PanelContext } from './context.ts'
import type { Features } from './features.ts'

/** Nobody waits longer for them with a screen in sight. */
const MOST_MS = 5000

export interface LateFeatures {
  /** Null until they are there, and when they are gone. */
  now(): Features | null
  /** Loads them, again after a failure; null where they do not come. */
  load(): Promise<Features | null>
  /** Does something with them: at once, or as soon as they are there. */
  later(run: (features: Features) => void): void
  /** Resolves when they are there, and also when they cannot be loaded or take too long; never after `dispose`. */
  arrived(): Promise<void>
  dispose(): void
}

/** `bring` loads the features and makes them part of the session; null if that has ended meanwhile. */
export function lateFeatures(
  { alarms, handlers, look }: Pick<PanelContext, 'alarms' | 'handlers' | 'look'>,
  bring: () => Promise<Features | null>,
): LateFeatures {
  let features: Features | null = null
  let coming: Promise<Features | null> | null = null
  /** Output is not held up a second time for what did not come. */
  let missed = false
  let disposed = false

  function load(): Promise<Features | null> {
    if (disposed) return Promise.resolve(null)
    coming ??= bring().then(made, failed)
    return coming
  }

  function made(all: Features | null): Features | null {
    features = all
    look()
    return all
  }

  function failed(cause: unknown): null {
    coming = null
    missed = true
    if (!disposed) handlers().onError?.(new Error('A part of the terminal could not be loaded.', { cause }))
    return null
  }

  return {
    now: () => features,
    load,
    later(run) {
      if (features !== null) run(features)
      else void load().then((all) => all !== null && run(all))
    },
    arrived: () =>
      new Promise((resolve) => {
        const goOn = (): void => {
          alarms.stop('features')
          if (!disposed) resolve()
        }
        if (features !== null || missed) return goOn()
        alarms.set('features', MOST_MS, () => {
          missed = true
          goOn()
        })
        void load().then(goOn)
      }),
    dispose() {
      disposed = true
      features = null
    },
  }
}
