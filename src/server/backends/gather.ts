/** Joins what a terminal has ready into one piece: the kernel gives it out in small ones, and each costs as much as a large one. */

/** Bytes that one piece has at most. A reader that is paused has read no more than this ahead. */
export const MOST = 32 * 1024
/** A piece below this ends a burst or is an echo: there is nothing to wait for, and asking costs a system call. */
const WORTH_ASKING = 1024
/** Asking waits inside the kernel while a program prints; nobody else is served meanwhile. */
const PATIENCE_MS = 0.5

/** Whoever gets a piece has copied it before the next one is gathered. */
const scratch = new Uint8Array(MOST)

/**
 * `first` and what `read` has ready behind it, lent until the next call. `read` fills the buffer from `at` on and returns how
 * many bytes it put there, 0 if there are none. `now` is a clock in milliseconds.
 */
export function gather(
  first: Uint8Array<ArrayBuffer>,
  read: (buffer: Uint8Array<ArrayBuffer>, at: number) => number,
  now: () => number,
): Uint8Array<ArrayBuffer> {
  if (first.length < WORTH_ASKING || first.length >= MOST) return first
  scratch.set(first)
  let length = first.length
  for (const until = now() + PATIENCE_MS; length < MOST && now() < until;) {
    const more = read(scratch, length)
    if (more === 0) break
    length += more
  }
  return scratch.subarray(0, length)
}
