/** Runs jobs one after the other, also those that are asked for while one runs: an effect never sees a half-made step. */

export interface Queue {
  run(job: () => void): void
  /** A job runs: the next one waits for it. */
  readonly isBusy: boolean
}

/** A job that throws is reported and harms no other. */
export function createQueue(threw: (error: unknown) => void): Queue {
  let jobs: (() => void)[] = []
  let running = false

  function runOne(job: () => void): void {
    try {
      job()
    } catch (error) {
      threw(error)
    }
  }

  return {
    run(job) {
      jobs.push(job)
      if (running) return
      running = true
      while (jobs.length > 0) {
        const batch = jobs
        jobs = []
        for (const next of batch) runOne(next)
      }
      running = false
    },
    get isBusy() {
      return running
    },
  }
}
