/** The progress of one terminal: follows what the program tells at a calm pace, and forgets it when its task is over. */
import { Pace } from '../pace.ts'
import { quarterReached, readProgress, sameProgress, type Progress, type Quarter } from './progress.ts'

/** What the session gives. */
export interface ProgressPorts {
  readonly now: () => number
  /** Calls `run` after so many milliseconds; only the last one asked for. */
  readonly alarm: (ms: number, run: () => void) => void
  /** What is shown has changed. `quarter` was reached with it. */
  readonly changed: (progress: Progress | null, quarter: Quarter | null) => void
}

export class ProgressWatch {
  #pace: Pace<Progress | null>

  constructor({ now, alarm, changed }: ProgressPorts) {
    this.#pace = new Pace<Progress | null>(null, {
      now,
      alarm,
      same: sameProgress,
      show: (progress, before) => changed(progress, quarterReached(before, progress)),
    })
  }

  shown(): Progress | null {
    return this.#pace.shown()
  }

  /** What stands behind `OSC 9;`. Whatever is no progress changes nothing. */
  heard(data: string): void {
    const told = readProgress(data, this.#pace.newest())
    if (told !== null) this.#pace.tell(told === 'none' ? null : told)
  }

  /** The task is over, whether or not the program said so. */
  end(): void {
    this.#pace.tellNow(null)
  }

  dispose(): void {
    this.#pace.dispose()
  }
}
