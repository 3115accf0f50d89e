/** Runs jobs one after the other, also those that are asked for while one runs: an effect never sees a half-made step. */

export type Queue = (job: () => void) => void

/** Jobs must not throw. */
export function createQueue(): Queue {
  let jobs: (() => void)[] = []
  let running = false
  return (job) => {
    jobs.push(job)
    if (running) return
    running = true
    while (jobs.length > 0) {
      const batch = jobs
      jobs = []
      for (const next of batch) next()
    }
    running = false
  }
}
