/** Fails a run of Vitest with `--detectAsyncLeaks` that found timers, sockets or handles left behind; by itself Vitest only prints them. */
import type { Reporter, Vitest } from 'vitest/node'

export default class LeakReporter implements Reporter {
  #vitest: Vitest | null = null

  onInit(vitest: Vitest): void {
    this.#vitest = vitest
  }

  onTestRunEnd(): void {
    const leaks = this.#vitest?.state.leakSet.size
    if (leaks === undefined) throw new Error('This Vitest counts its leaks elsewhere: leakReporter.ts has to follow')
    if (leaks > 0) process.exitCode = 1
  }
}
