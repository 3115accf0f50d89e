/** What a place of buttons offers, and when a press there counts: not if it meant something else as the hand set out. */

/** A button that took the place of another one is deaf for this long, in milliseconds: a hand that is on its way cannot stop. */
export const DEAF_MS = 400

export interface Offer {
  /** What a press does; empty where there is no button. */
  readonly what: string
  /** It took the place of something else, less than `DEAF_MS` ago. */
  readonly fresh: boolean
}

export const NOTHING_OFFERED: Offer = { what: '', fresh: false }

/** What the place offers from now on. Where nothing was for a while nobody was about to press. */
export function offer(before: Offer, what: string): Offer {
  if (what === before.what) return before
  return { what, fresh: before.what !== '' || before.fresh }
}

/** It has stood there for `DEAF_MS`. */
export const settled = (offered: Offer): Offer => (offered.fresh ? { ...offered, fresh: false } : offered)

/** `begun` is what was offered as the pointer or the key went down; null for a press without such a beginning, of a screen reader. */
export function counts(begun: Offer | null, now: Offer): boolean {
  if (now.fresh) return false
  return begun === null || (begun.what === now.what && !begun.fresh)
}
