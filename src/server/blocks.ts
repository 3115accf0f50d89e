/** Memory that output goes through, used again and again: a flood leaves nothing behind for the garbage collector. */

/** Blocks of one size. */
export interface BlockPool {
  /** Bytes of a block. */
  readonly size: number
  /** A block with anything in it. */
  take(): Uint8Array<ArrayBuffer>
  /** Takes back a block that nobody reads or writes any more: the next one to have it may be another session. */
  give(block: Uint8Array<ArrayBuffer>): void
}

/** A pool that keeps at most `most` blocks for those who come next; further ones are left to the collector. */
export function createBlockPool(size: number, most: number): BlockPool {
  const idle = new Set<Uint8Array<ArrayBuffer>>()
  return {
    size,
    take() {
      for (const block of idle) {
        idle.delete(block)
        return block
      }
      return new Uint8Array(size)
    },
    give(block) {
      if (block.byteLength !== size) throw new RangeError(`A block of ${block.byteLength} bytes is not of this pool of ${size}.`)
      if (idle.size < most) idle.add(block)
    },
  }
}
