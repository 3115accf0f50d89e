/** What can be done to the connection of a story, from the toolbar or from a play function: one table for both. */

export type Fault = 'cut' | 'stall' | 'slow' | 'offline' | 'hidden'

export interface FaultWords {
  readonly label: string
  readonly meaning: string
}

export const FAULTS: Readonly<Record<Fault, FaultWords>> = {
  cut: { label: 'Cut', meaning: 'The connection breaks, both ends hear of it, and nobody answers until it is mended.' },
  stall: { label: 'Stall', meaning: 'The connection stays open and nothing passes: nobody is told.' },
  slow: { label: 'Slow', meaning: 'A bad line: 600 ms of delay and 4 KB a second.' },
  offline: { label: 'Offline', meaning: 'The browser says that there is no network.' },
  hidden: { label: 'Hidden', meaning: 'The page believes that it lies behind another tab.' },
}

export const faults = Object.keys(FAULTS) as readonly Fault[] // the keys of a Record<Fault, …>

/** What a story tells the toolbar: its faults of the moment, and whether its time stands still. */
export interface Condition {
  readonly faults: readonly Fault[]
  readonly stopped: boolean
}

/** Names on Storybook's channel. */
export const CHANNEL = {
  /** From the toolbar: switch a fault on or off; all panels of the story share it. */
  hurt: 'terminal/hurt',
  mend: 'terminal/mend',
  /** From the toolbar: let this many milliseconds pass at once, or stop and start time. */
  skip: 'terminal/skip',
  time: 'terminal/time',
  /** From the story, after every change; the toolbar may ask for it. */
  condition: 'terminal/condition',
  ask: 'terminal/ask',
} as const
