/** Named timers on a clock: setting one again replaces it. */
import type { Clock } from './ports.ts'

export interface Timers<Name extends string> {
  set(name: Name, delayMs: number): void
  /** Once the events that already wait have been handled. */
  soon(name: Name): void
  cancel(name: Name): void
  cancelAll(): void
}

export function createTimers<Name extends string>(clock: Clock, rang: (name: Name) => void): Timers<Name> {
  const running = new Map<Name, () => void>()

  function replace(name: Name, start: (callback: () => void) => () => void): void {
    running.get(name)?.()
    const cancel = start(() => {
      running.delete(name)
      rang(name)
    })
    running.set(name, cancel)
  }

  return {
    set: (name, delayMs) => replace(name, (callback) => clock.after(delayMs, callback)),
    soon: (name) => replace(name, (callback) => clock.soon(callback)),
    cancel(name) {
      running.get(name)?.()
      running.delete(name)
    },
    cancelAll() {
      for (const cancel of running.values()) cancel()
      running.clear()
    },
  }
}
