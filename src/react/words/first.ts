/** The few English words that a panel needs before the rest is loaded. */

export const first = {
  panel: {
    lang: 'en',
    terminal: 'Terminal',
    statusGroup: 'Terminal status',
    details: 'Connection details',
    leaveHint: 'To leave the terminal press Escape, then Tab.',
    taskProgress: 'Task progress',
  },
  loading: 'Loading',
  failed: 'The terminal could not start.',
  tryAgain: 'Try again',
} as const
