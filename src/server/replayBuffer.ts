/** Keeps the output bytes of a channel by absolute offset, from the oldest that may still be asked for to the newest. */
import type { Stream } from '../protocol/messages.ts'

/** Bytes of one stream that lie side by side. `bytes` is a view that nobody writes to again. */
export interface Run {
  readonly stream: Stream
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** A piece of memory that is filled from its start; `start` is the offset of its first byte. */
interface Block {
  readonly stream: Stream
  readonly start: number
  memory: Uint8Array<ArrayBuffer>
  filled: number
}

/** The first block is small, so that an idle session costs little; each further one doubles up to the largest. */
const SMALLEST_BLOCK = 1024
const LARGEST_BLOCK = 64 * 1024
/** A piece at least this long is kept as it came instead of being copied, unless a block still has room. */
const ADOPTED_WHOLE = 16 * 1024
/** Stands where a block was, until the list is shortened. */
const EVICTED: Block = { stream: 1, start: 0, memory: new Uint8Array(0), filled: 0 }

export class ReplayBuffer {
  #blocks: Block[] = []
  #first = 0
  #end = 0

  /** The offset after the newest byte. */
  get end(): number {
    return this.#end
  }

  /** The offset of the oldest byte that `read` can give. */
  get start(): number {
    return this.#blocks[this.#first]?.start ?? this.#end
  }

  /** Bytes of memory held, used or not. */
  get held(): number {
    let held = 0
    for (const { memory } of this.#blocks) held += memory.byteLength
    return held
  }

  /** Adds bytes at the end. They belong to the buffer from now on. */
  append(stream: Stream, bytes: Uint8Array<ArrayBuffer>): void {
    // A view into something much larger would keep all of it alive, and a block that is left half empty wastes its rest.
    const isWhole = bytes.byteLength >= ADOPTED_WHOLE && bytes.byteLength * 2 >= bytes.buffer.byteLength
    if (isWhole && this.#unfilled(stream) === undefined) this.#push(stream, bytes, bytes.byteLength)
    else this.#copy(stream, bytes)
  }

  /** The block that the next bytes of the stream go into, if there is one. */
  #unfilled(stream: Stream): Block | undefined {
    const last = this.#blocks.at(-1)
    return last !== undefined && last.stream === stream && isOpen(last) ? last : undefined
  }

  #push(stream: Stream, memory: Uint8Array<ArrayBuffer>, filled: number): Block {
    const last = this.#blocks.at(-1)
    // Nothing will fill it any more, and two streams that alternate would leave one half empty at every change.
    if (last !== undefined && isOpen(last)) last.memory = last.memory.slice(0, last.filled)
    const block = { stream, start: this.#end, memory, filled }
    this.#blocks.push(block)
    this.#end += filled
    return block
  }

  #copy(stream: Stream, bytes: Uint8Array<ArrayBuffer>): void {
    let rest = bytes
    while (rest.byteLength > 0) {
      const block = this.#room(stream)
      const part = rest.subarray(0, block.memory.byteLength - block.filled)
      block.memory.set(part, block.filled)
      block.filled += part.byteLength
      this.#end += part.byteLength
      rest = rest.subarray(part.byteLength)
    }
  }

  /** The block that is being filled, or a new one if it is full or of the other stream. */
  #room(stream: Stream): Block {
    const unfilled = this.#unfilled(stream)
    if (unfilled !== undefined) return unfilled
    const size = Math.min(LARGEST_BLOCK, Math.max(SMALLEST_BLOCK, 2 * (this.#blocks.at(-1)?.filled ?? 0)))
    return this.#push(stream, new Uint8Array(size), 0)
  }

  /**
   * The bytes from offset `from` on that are of one stream, at most `max` of them: a view where they lie in one block, a copy
   * where they do not, since every message that is saved is worth more than that. Throws if `from` was evicted or never written.
   */
  read(from: number, max: number): Run {
    const index = this.#find(from)
    const block = this.#blocks[index]
    if (block === undefined || from < block.start || from >= this.#end) {
      throw new RangeError(`Offset ${from} is not in the replay buffer, which holds ${this.start} to ${this.#end}.`)
    }
    const at = from - block.start
    const view = block.memory.subarray(at, Math.min(block.filled, at + max))
    const next = this.#blocks[index + 1]
    if (view.byteLength === max || next?.stream !== block.stream) return { stream: block.stream, bytes: view }
    return { stream: block.stream, bytes: this.#gather(index, view, max) }
  }

  /** `first` and what follows it in the next blocks of its stream. */
  #gather(index: number, first: Uint8Array<ArrayBuffer>, max: number): Uint8Array<ArrayBuffer> {
    const { stream } = this.#blocks[index]!
    const gathered = new Uint8Array(Math.min(max, this.#end - this.#blocks[index]!.start))
    gathered.set(first)
    let length = first.byteLength
    for (let i = index + 1; length < max && this.#blocks[i]?.stream === stream; i++) {
      const { memory, filled } = this.#blocks[i]!
      const part = memory.subarray(0, Math.min(filled, max - length))
      gathered.set(part, length)
      length += part.byteLength
    }
    return gathered.subarray(0, length)
  }

  /** The index of the last block that starts at or below `offset`. */
  #find(offset: number): number {
    let low = this.#first
    let high = this.#blocks.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (this.#blocks[middle]!.start <= offset) low = middle
      else high = middle - 1
    }
    return low
  }

  /** Lets go of blocks that lie wholly below `offset`. Nothing at or above it is touched. */
  evict(offset: number): void {
    const blocks = this.#blocks
    while (this.#first < blocks.length && isOver(blocks[this.#first]!, offset)) blocks[this.#first++] = EVICTED
    // Shortened when most of it is gone, so that evicting is not quadratic.
    if (this.#first * 2 > blocks.length) {
      blocks.splice(0, this.#first)
      this.#first = 0
    }
  }

  clear(): void {
    this.#blocks = []
    this.#first = 0
  }
}

/** Lies below `offset`, and nothing more goes into it. */
function isOver(block: Block, offset: number): boolean {
  return block.start + block.filled <= offset && !isOpen(block)
}

/** Still being filled, which only the last one is. */
function isOpen(block: Block): boolean {
  return block.filled < block.memory.byteLength
}
