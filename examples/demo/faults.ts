/** What the demo's page can do to a network, as one table for the buttons and for the server behind them. */

export const FAULTS = [
  { fault: 'cut', label: 'Cut', hint: 'Reset the connection once' },
  { fault: 'stall', label: 'Stall', hint: 'Nothing passes either way, and nobody is told' },
  { fault: 'slow', label: 'Slow', hint: '10 KB a second, 300 ms round trip' },
  { fault: 'gone', label: 'Server gone', hint: 'Reset the connection and refuse new ones' },
  { fault: 'restore', label: 'Restore', hint: 'Mend everything' },
] as const

export type Fault = (typeof FAULTS)[number]['fault']

/** What holds until `restore`. A cut happens once. */
export type Standing = 'none' | Exclude<Fault, 'cut' | 'restore'>

export const STANDING: Readonly<Record<Standing, string>> = {
  none: 'Network is fine',
  stall: 'Network stalls',
  slow: 'Network is slow',
  gone: 'Server is gone',
}

/** What `slow` means, one way. */
export const SLOW = { bytesPerSecond: 10_000, latencyMs: 150 } as const
