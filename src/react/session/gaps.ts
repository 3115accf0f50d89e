/** Output that is missing: marked in the grid, and remembered as seen or dismissed. */
import type { ChannelEvents } from '../../client/api.ts'
import type { Facts } from '../status/status.ts'
import type { PanelContext } from './context.ts'

export interface Gaps {
  mark(gap: ChannelEvents['gap'], done: () => void): void
  /** A mark is on the screen. */
  visible(): void
  show(): void
  facts(): Pick<Facts, 'gapSeenAt' | 'gapDismissedAt'>
}

/** `toldSince` is when the line began to tell of the newest gap. */
export function gaps({ channel, emulator, words, now, look }: PanelContext, toldSince: () => number): Gaps {
  let seenAt: number | null = null
  let dismissedAt: number | null = null
  return {
    mark({ bytes, end }, done) {
      const drawn = (): void => {
        channel.consumed(end)
        done()
      }
      const drawnBy = emulator()
      if (drawnBy === null) drawn()
      else drawnBy.markGap(words().lost.gapMark(bytes), drawn)
    },
    visible() {
      if (seenAt !== null && seenAt >= toldSince()) return
      seenAt = now()
      look()
    },
    show() {
      dismissedAt = now()
      emulator()?.showGap()
      look()
    },
    facts: () => ({ gapSeenAt: seenAt, gapDismissedAt: dismissedAt }),
  }
}
