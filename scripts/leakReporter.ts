/** Fails a run of Vitest with `--detectAsyncLeaks` that found timers, sockets or handles left behind; by itself Vitest only prints them. */
import type { Reporter, Vitest } from 'vitest/node'

export default class LeakReporter implements Reporter {
  #vitest: Vitest | null = null

  onInit(vitest: Vitest): void {
    this.#vitest = vitest
  }

  onTestRunEnd(): void {
    const leaks = this.#vitest?.state.leakSet
    if (leaks === undefined) throw new Error('This Vitest counts its leaks elsewhere: leakReporter.ts has to follow')
    if ([...leaks].some((leak) => !isHarmless(leak))) process.exitCode = 1
  }
}

/**
 * All panels of a page share one scheduler, which lives as long as the page; Vitest names either the place that made its port or
 * the promise that led there, which is that of the panel's late parts. A promise that nobody settles holds nothing.
 */
function isHarmless({ type, stack }: { readonly type: string; readonly stack: string }): boolean {
  return type === 'PROMISE' || (type === 'MESSAGEPORT' && /pageScheduler|useTerminal\.tsx/.test(stack))
}
