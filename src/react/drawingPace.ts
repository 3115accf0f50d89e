/** When a terminal that is behind its output is drawn: so seldom that parsing gets most of the time, not before the echo of a key, and at once after it. */

/** What is known as a frame comes. */
export interface Coming {
  /** Milliseconds. */
  readonly now: number
  /** Output waits: whatever is drawn now is replaced by the next frame. */
  readonly behind: boolean
  /** Keys whose echo must have been parsed by now. */
  readonly echoes: number
  /** An echo is still to come. */
  readonly awaited: boolean
}

/** Frames of a terminal that is behind are this far apart, in milliseconds; nobody reads lines that stand for less. */
const LEAST_MS = 33
/** And no further than this. */
const MOST_MS = 100
/** A frame is drawn in one part of the time, everything else has the others. */
const PARTS = 3
/** The cheapest of so many frames: other tasks come between the drawing and the moment that tells its end. */
const FRAMES = 4
/** An echo is in one of so many frames: the program has read the key some time after output that came before it was sent. */
const ECHO_FRAMES = 2
/** Frames come at even times, give or take. */
const JITTER_MS = 4

export class DrawingPace {
  #drawnAt = -Infinity
  #costs: number[] = []
  #echoes = 0
  #atOnce = 0

  /** Milliseconds until a frame is due; 0 if the coming one is. */
  wait({ now, behind, echoes, awaited }: Coming): number {
    if (echoes !== this.#echoes) this.#atOnce = ECHO_FRAMES
    this.#echoes = echoes
    return behind ? Math.max(0, this.#drawnAt + this.#least(awaited) - JITTER_MS - now) : 0
  }

  /** A frame is drawn; then `took` is to be told. */
  draws(now: number): void {
    this.#atOnce = Math.max(0, this.#atOnce - 1)
    this.#drawnAt = now
  }

  /** How long the page was busy with a frame that was drawn, in milliseconds. */
  took(ms: number): void {
    this.#costs = [...this.#costs.slice(1 - FRAMES), ms]
  }

  /** Milliseconds between frames. One that is drawn between a key and its echo would only make the echo later. */
  #least(awaited: boolean): number {
    if (awaited) return MOST_MS
    return this.#atOnce > 0 ? 0 : this.#apart()
  }

  #apart(): number {
    return Math.min(MOST_MS, Math.max(LEAST_MS, PARTS * Math.min(MOST_MS, ...this.#costs)))
  }
}
