/** Joins what a terminal has ready into one piece: the kernel gives it out in small ones, and each costs as much as a large one. */

/** Bytes that one piece has at most. A reader that is paused has read no more than this ahead. */
export const MOST = 32 * 1024
/** A piece below this ends a burst or is an echo: there is nothing to wait for, and asking costs a system call. */
const WORTH_ASKING = 1024

/** Every piece is copied out of this at once. */
const scratch = new Uint8Array(MOST)

/**
 * A copy of `first` and of what `read` has ready behind it. `read` fills the buffer from `at` on without waiting, and returns
 * how many bytes it put there, 0 if there are none.
 */
export function gather(
  first: Uint8Array,
  read: (buffer: Uint8Array<ArrayBuffer>, at: number) => number,
): Uint8Array<ArrayBuffer> {
  if (first.length < WORTH_ASKING || first.length >= MOST) return new Uint8Array(first)
  scratch.set(first)
  let length = first.length
  while (length < MOST) {
    const more = read(scratch, length)
    if (more === 0) break
    length += more
  }
  return scratch.slice(0, length)
}
