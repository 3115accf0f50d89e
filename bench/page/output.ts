/** Output on its way through a page: when a byte came, and when the emulator had parsed it. */
import type { Mark } from './api.ts'

interface Wait {
  readonly byte: number
  readonly resolve: (mark: Mark) => void
  /** Where it stands, once it has come; null before. */
  end: number | null
  receivedAt: number
}

/** Amounts are bytes; for a terminal that gets text, characters. */
export class Output {
  /** Messages with output. */
  messages = 0
  received = 0
  parsed = 0
  /** What the emulator threw away unparsed. */
  dropped = 0
  #waits: Wait[] = []

  /** Call it before anybody else gets the data. `end` is where it ends, for output that does not begin at 0. */
  take(data: Uint8Array | string, end = this.received + data.length): void {
    this.messages++
    this.received = end
    for (const wait of this.#waits) {
      const at = wait.end === null ? indexOf(data, wait.byte) : -1
      if (at < 0) continue
      wait.end = end - data.length + at + 1
      wait.receivedAt = performance.now()
    }
  }

  /** The emulator has parsed everything up to `end`, except for what was dropped. */
  parse(end: number, amount: number): void {
    this.parsed += amount
    if (this.#waits.length === 0) return
    const parsedAt = performance.now()
    this.#waits = this.#waits.filter((wait) => {
      if (wait.end === null || wait.end > end) return true
      wait.resolve({ offset: wait.end, receivedAt: wait.receivedAt, parsedAt })
      return false
    })
  }

  /** The last `amount` up to `end` will never be parsed: who waits for a byte in it, waits for good. */
  drop(end: number, amount: number): void {
    this.dropped += amount
    for (const wait of this.#waits) if (wait.end !== null && wait.end > end - amount && wait.end <= end) wait.end = Infinity
  }

  /** Resolves when the next `byte` of output has been parsed. */
  mark(byte: number): Promise<Mark> {
    return new Promise((resolve) => this.#waits.push({ byte, resolve, end: null, receivedAt: 0 }))
  }
}

const indexOf = (data: Uint8Array | string, byte: number): number =>
  typeof data === 'string' ? data.indexOf(String.fromCharCode(byte)) : data.indexOf(byte)
