/** Records output as it comes, with its times, up to a limit. */
import type { TerminalSize } from '../../protocol/messages.ts'
import type { Cast, CastEvent } from './cast.ts'

export interface RecorderOptions {
  readonly size: TerminalSize
  readonly title?: string
  /** Milliseconds. */
  readonly now: () => number
  /** Bytes of output that are kept. Recording stops before it would keep more. */
  readonly maxBytes: number
}

export class CastRecorder {
  #options: RecorderOptions
  #startedAt: number
  #events: CastEvent[] = []
  #size: TerminalSize
  #bytes = 0
  #full = false
  #decoder = new TextDecoder()

  constructor(options: RecorderOptions) {
    this.#options = options
    this.#size = options.size
    this.#startedAt = options.now()
  }

  /** The limit was reached; what came after it is not recorded. */
  full(): boolean {
    return this.#full
  }

  output(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#full || this.#bytes + bytes.length > this.#options.maxBytes) {
      this.#full = true
      return
    }
    this.#bytes += bytes.length
    this.text(this.#decoder.decode(bytes, { stream: true }))
  }

  /** Something that stands for output: the reset of a screen. */
  text(text: string): void {
    if (this.#full || text === '') return
    this.#events.push({ at: this.#at(), kind: 'output', text })
  }

  resize(size: TerminalSize): void {
    if (this.#full || (size.cols === this.#size.cols && size.rows === this.#size.rows)) return
    this.#size = size
    this.#events.push({ at: this.#at(), kind: 'resize', size })
  }

  cast(): Cast {
    return { size: this.#options.size, title: this.#options.title ?? '', events: [...this.#events] }
  }

  #at(): number {
    return Math.max(0, this.#options.now() - this.#startedAt)
  }
}
