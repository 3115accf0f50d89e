/** The bytes that were typed and are not written yet, by absolute input offset; the machine decides, this keeps. */

interface Piece {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** The emulator's own answer: nobody's typing, so no report shows it. */
  readonly isReply: boolean
}

/** What a report to a person holds: their bytes, without what the emulator answered. */
export interface Removed {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Keys or pastes; a key pressed is one piece. */
  readonly keys: number
}

/** A queue of pieces at consecutive offsets. */
export class InputQueue {
  #pieces: Piece[] = []
  /** Offset of the first byte kept. */
  #start = 0

  push(bytes: Uint8Array<ArrayBuffer>, isReply: boolean): void {
    if (bytes.byteLength > 0) this.#pieces.push({ bytes, isReply })
  }

  /** The bytes [from, to) in pieces of at most `most` bytes. Small pieces are joined. */
  *read(from: number, to: number, most: number): Generator<Uint8Array<ArrayBuffer>> {
    for (let at = from; at < to;) {
      const size = Math.min(most, to - at)
      yield this.#copy(at, at + size)
      at += size
    }
  }

  #copy(from: number, to: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(to - from)
    let offset = this.#start
    for (const piece of this.#pieces) {
      const next = offset + piece.bytes.byteLength
      if (next > from) {
        const part = piece.bytes.subarray(Math.max(0, from - offset), Math.min(piece.bytes.byteLength, to - offset))
        bytes.set(part, Math.max(0, offset - from))
      }
      if (next >= to) break
      offset = next
    }
    return bytes
  }

  /** Forgets everything below an offset. */
  trim(below: number): void {
    this.remove(this.#start, below)
    this.#start = Math.max(this.#start, below)
  }

  /** Takes [from, to) out, from the head or from the tail. What follows keeps its offsets. */
  remove(from: number, to: number): Removed {
    const kept: Piece[] = []
    const taken: Uint8Array<ArrayBuffer>[] = []
    let offset = this.#start
    for (const piece of this.#pieces) {
      const length = piece.bytes.byteLength
      const head = Math.min(length, Math.max(0, from - offset))
      const tail = Math.min(length, Math.max(head, to - offset))
      if (head > 0) kept.push({ ...piece, bytes: piece.bytes.subarray(0, head) })
      if (tail > head && !piece.isReply) taken.push(piece.bytes.subarray(head, tail))
      if (tail < length) kept.push({ ...piece, bytes: piece.bytes.subarray(tail) })
      offset += length
    }
    this.#pieces = kept
    if (from <= this.#start && kept.length > 0) this.#start = Math.max(this.#start, to)
    return { bytes: join(taken), keys: taken.length }
  }

  /** What is left now starts at this offset. */
  rebase(at: number): void {
    this.#start = at
  }
}

function join(parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.byteLength
  }
  return bytes
}
