/** A large paste on its way: fed to the queue slice by slice, so that it takes no memory twice and keys can pass it. */
import type { Paste } from './api.ts'

export class PasteJob {
  /** Bytes handed over at a time; a key typed meanwhile waits behind at most this much. */
  static readonly slice = 16 * 1024

  readonly face: Paste
  readonly #bytes: Uint8Array<ArrayBuffer>
  #sent = 0
  #over = false
  #settle: (result: { readonly sent: number; readonly complete: boolean }) => void = () => undefined

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.#bytes = bytes
    const done = new Promise<{ readonly sent: number; readonly complete: boolean }>((resolve) => {
      this.#settle = resolve
    })
    this.face = { bytes: bytes.byteLength, sent: () => this.#sent, done, cancel: () => this.stop() }
  }

  get isOver(): boolean {
    return this.#over
  }

  /** The next slice, not yet counted as handed over. */
  next(): Uint8Array<ArrayBuffer> {
    let end = Math.min(this.#sent + PasteJob.slice, this.#bytes.byteLength)
    // A key may come between two slices, and must not come between two bytes of one character.
    for (let back = 0; back < 3 && isInsideCharacter(this.#bytes[end]); back++) end--
    return this.#bytes.subarray(this.#sent, end)
  }

  /** So many bytes of it are in the queue now. */
  advance(bytes: number): void {
    this.#sent += bytes
    if (this.#sent >= this.#bytes.byteLength) this.stop()
  }

  /** No more of it. */
  stop(): void {
    if (this.#over) return
    this.#over = true
    this.#settle({ sent: this.#sent, complete: this.#sent >= this.#bytes.byteLength })
  }
}

/** A byte of UTF-8 that goes on with a character. */
function isInsideCharacter(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80
}
