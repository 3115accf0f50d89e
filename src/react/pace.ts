/** Lets a value change as often as it likes, and tells of it a few times a second: the first change at once, the last one surely. */

export interface PacePorts<T> {
  /** Milliseconds. */
  readonly now: () => number
  /** Calls `run` after so many milliseconds; only the last one asked for. */
  readonly alarm: (ms: number, run: () => void) => void
  readonly same: (one: T, other: T) => boolean
  readonly show: (value: T, before: T) => void
}

/** What a program names of itself is told at most this often. */
export const PACE_MS = 100

export class Pace<T> {
  #ports: PacePorts<T>
  #shown: T
  #shownAt = -Infinity
  #newest: T
  #disposed = false

  constructor(first: T, ports: PacePorts<T>) {
    this.#shown = first
    this.#newest = first
    this.#ports = ports
  }

  shown(): T {
    return this.#shown
  }

  /** What was told last, shown or not. */
  newest(): T {
    return this.#newest
  }

  tell(value: T): void {
    this.#newest = value
    const wait = this.#shownAt + PACE_MS - this.#ports.now()
    if (wait <= 0) this.#show()
    else this.#ports.alarm(wait, () => this.#show())
  }

  /** Tells without a wait: for ends that must not be late. */
  tellNow(value: T): void {
    this.#newest = value
    this.#show()
  }

  /** Begins anew, and tells nothing of it. */
  restart(value: T): void {
    this.#shown = value
    this.#newest = value
  }

  dispose(): void {
    this.#disposed = true
  }

  #show(): void {
    if (this.#disposed || this.#ports.same(this.#shown, this.#newest)) return
    const before = this.#shown
    this.#shown = this.#newest
    this.#shownAt = this.#ports.now()
    this.#ports.show(this.#shown, before)
  }
}
