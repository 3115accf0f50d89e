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

/** A promise that nobody settles holds nothing. */
const isHarmless = ({ type }: { readonly type: string }): boolean => type === 'PROMISE'
