/** Keeps the output bytes of a channel by absolute offset, from the oldest that may still be asked for to the newest. */
import type { Stream } from '../protocol/messages.ts'
import { createBlockPool, type BlockPool } from './blocks.ts'

/** Bytes of one stream that follow each other. */
export interface Run {
  readonly stream: Stream
  readonly length: number
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
/** Only these are used again. */
export const LARGEST_BLOCK = 64 * 1024
/** Stands where a block was, until the list is shortened. */
const EVICTED: Block = { stream: 1, start: 0, memory: new Uint8Array(0), filled: 0 }

export class ReplayBuffer {
  readonly #pool: BlockPool
  #blocks: Block[] = []
  #first = 0
  #end = 0

  /** `pool` has blocks of {@link LARGEST_BLOCK}. */
  constructor(pool: BlockPool = createBlockPool(LARGEST_BLOCK, 0)) {
    this.#pool = pool
  }

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

  /** Adds a copy of the bytes at the end. */
  append(stream: Stream, bytes: Uint8Array): void {
    for (let rest = bytes; rest.byteLength > 0;) {
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
    const last = this.#blocks.at(-1)
    if (last !== undefined && isOpen(last)) {
      if (last.stream === stream) return last
      this.#trim(last)
    }
    const size = Math.min(LARGEST_BLOCK, Math.max(SMALLEST_BLOCK, 2 * (last?.filled ?? 0)))
    const memory = size === LARGEST_BLOCK ? this.#pool.take() : new Uint8Array(size)
    const block = { stream, start: this.#end, memory, filled: 0 }
    this.#blocks.push(block)
    return block
  }

  /** Nothing will fill it any more, and two streams that alternate would leave one half empty at every change. */
  #trim(block: Block): void {
    const { memory, filled } = block
    block.memory = memory.slice(0, filled)
    this.#giveBack(memory)
  }

  #giveBack(memory: Uint8Array<ArrayBuffer>): void {
    if (memory.byteLength === LARGEST_BLOCK) this.#pool.give(memory)
  }

  /** How many bytes of one stream there are from `from` on, at most `max`. Throws if `from` was evicted or never written. */
  run(from: number, max: number): Run {
    const index = this.#find(from)
    const { stream } = this.#blocks[index]!
    let until = from
    for (let i = index; until - from < max && this.#blocks[i]?.stream === stream; i++) {
      const { start, filled } = this.#blocks[i]!
      until = start + filled
    }
    return { stream, length: Math.min(max, until - from) }
  }

  /** Fills `target` with what was printed from `from` on, of whatever stream. Throws if a byte of it is not kept. */
  copy(from: number, target: Uint8Array): void {
    if (from + target.byteLength > this.#end) throw this.#notHere(from + target.byteLength - 1)
    let done = 0
    for (let i = this.#find(from); done < target.byteLength; i++) {
      const { start, memory, filled } = this.#blocks[i]!
      const at = from + done - start
      const part = memory.subarray(at, Math.min(filled, at + target.byteLength - done))
      target.set(part, done)
      done += part.byteLength
    }
  }

  /** Shows what was printed between two offsets, piece by piece and only as long as `see` looks at it. */
  visit(from: number, to: number, see: (bytes: Uint8Array) => void): void {
    for (let at = from, i = from < to ? this.#find(from) : 0; at < to; i++) {
      const block = this.#blocks[i]
      if (block === undefined) throw this.#notHere(at)
      const { start, memory, filled } = block
      const end = Math.min(start + filled, to)
      see(memory.subarray(at - start, end - start))
      at = end
    }
  }

  /** The index of the block that holds `offset`; throws if none does. */
  #find(offset: number): number {
    let low = this.#first
    let high = this.#blocks.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (this.#blocks[middle]!.start <= offset) low = middle
      else high = middle - 1
    }
    if (offset < this.start || offset >= this.#end) throw this.#notHere(offset)
    return low
  }

  #notHere(offset: number): RangeError {
    return new RangeError(`Offset ${offset} is not in the replay buffer, which holds ${this.start} to ${this.#end}.`)
  }

  /** Lets go of blocks that lie wholly below `offset`. Nothing at or above it is touched. */
  evict(offset: number): void {
    const blocks = this.#blocks
    while (this.#first < blocks.length && isOver(blocks[this.#first]!, offset)) {
      this.#giveBack(blocks[this.#first]!.memory)
      blocks[this.#first++] = EVICTED
    }
    // Shortened when most of it is gone, so that evicting is not quadratic.
    if (this.#first * 2 > blocks.length) {
      blocks.splice(0, this.#first)
      this.#first = 0
    }
  }

  /** Forgets everything. */
  clear(): void {
    for (const { memory } of this.#blocks) this.#giveBack(memory)
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
