/** Runs jobs one after the other, also those that are asked for while one runs: an effect never sees a half-made step. */

export type Queue = (job: () => void) => void

/** A job that throws is reported and harms no other. */
export function createQueue(threw: (error: unknown) => void): Queue {
  let jobs: (() => void)[] = []
  let running = false

  function run(job: () => void): void {
    try {
      job()
    } catch (error) {
      threw(error)
    }
  }

  return (job) => {
    jobs.push(job)
    if (running) return
    running = true
    while (jobs.length > 0) {
      const batch = jobs
      jobs = []
      for (const next of batch) run(next)
    }
    running = false
  }
}
