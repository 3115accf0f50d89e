/** How long things take and stay, in milliseconds: the rules of the status line. */

export const TIMES = {
  words: 400,
  slowStart: 5000,
  loss: 500,
  offline: 1000,
  stay: 700,
  resumed: 2000,
  gap: 20_000,
  gapSeen: 2000,
  slowPause: 1000,
  slowGone: 1000,
  catchUp: 400,
  retryEvery: 2000,
  pasteWords: 500,
  pasteStopped: 6000,
  clipboard: 4000,
  bell: 2000,
  resized: 1000,
  copied: 2000,
  sayAgain: 10_000,
} as const

/** Where a description notes the times at which it will change by itself. */
export type Wakes = number[]
