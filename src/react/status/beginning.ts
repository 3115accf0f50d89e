/** The lines of a panel that has no session yet: all that can be told before the rest is loaded. */
import { quiet, text, type StatusLine } from './line.ts'

export const loadingLine = (words: string): StatusLine => quiet('loading', words)

/** What the panel needs could not be loaded, or its options cannot work. */
export const failedLine = (words: string, tryAgain: string): StatusLine => ({
  id: 'failed',
  icon: 'error',
  tone: 'error',
  level: 'needsYou',
  parts: text(words),
  action: { kind: 'reload', label: tryAgain, enter: true },
  live: 'assertive',
  where: 'middle',
})
