/** A backend without processes for benchmarks: each program prints lines from memory as fast as it is read, once it was typed at. */
import { STREAM } from '../src/protocol/messages.ts'
import type { Backend, Program, ProgramEvents } from '../src/server/ports.ts'

const CTRL_C = 0x03
const LINE = Buffer.from(`${'the quick brown fox jumps over the lazy dog, and back again, until it is 79 long'.slice(0, 78)}\r\n`)

/** Programs that print pieces of `pieceBytes`, one in each turn of the event loop, and that echo while they do not print. */
export function sourceBackend(pieceBytes: number): Backend {
  const piece = new Uint8Array(pieceBytes)
  for (let at = 0; at < pieceBytes; at += LINE.length) piece.set(LINE.subarray(0, pieceBytes - at), at)
  return { pausable: true, open: (_request, events) => new Source(events, piece) }
}

class Source implements Program {
  readonly #events: ProgramEvents
  readonly #piece: Uint8Array<ArrayBuffer>
  #flooding = false
  #paused = false
  #over = false
  #waiting = false

  constructor(events: ProgramEvents, piece: Uint8Array<ArrayBuffer>) {
    this.#events = events
    this.#piece = piece
    process.nextTick(() => events.opened())
  }

  /** A line break starts the flood, ^C stops it. */
  write(bytes: Uint8Array<ArrayBuffer>): void {
    this.#flooding = bytes.includes(CTRL_C) ? false : this.#flooding || bytes.includes(0x0d)
    process.nextTick(() => {
      if (this.#over) return
      this.#events.took(bytes.length)
      if (!this.#flooding) this.#events.output(STREAM.main, bytes.slice())
    })
    this.#wake()
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.#wake()
  }

  resize(): void {}

  signal(): void {
    this.end()
  }

  end(): void {
    if (this.#over) return
    this.#over = true
    process.nextTick(() => this.#events.exited({ sig: 'HUP' }))
  }

  kill(): void {
    this.end()
  }

  #wake(): void {
    if (this.#waiting || this.#paused || this.#over || !this.#flooding) return
    this.#waiting = true
    setImmediate(() => {
      this.#waiting = false
      if (this.#paused || this.#over || !this.#flooding) return
      this.#events.output(STREAM.main, this.#piece)
      this.#wake()
    })
  }
}
