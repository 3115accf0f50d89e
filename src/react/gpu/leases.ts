/** Which panels of a page hold one of its few GPU contexts: those that can be seen, the focused one first. */

/** How many contexts the panels of a page hold at most. Chromium takes the oldest away from a page that makes a 17th. */
export const MOST_LEASES = 8

/** Milliseconds of the rules. */
export const LEASE_TIMES = {
  /** A panel that scrolls by is not worth a context. */
  settle: 120,
  /** A hidden panel keeps its context this long if nobody needs it: people scroll back. */
  keep: 2_000,
  /** After a loss the GPU process starts again. */
  afterLoss: 5_000,
} as const

/** A panel whose context was lost this often is drawn without one from then on. */
export const MOST_LOSSES = 3

/** What a panel does when its turn comes. Neither is called twice in a row. */
export interface Holder {
  /** Makes the context. */
  grant(): void
  /** Really releases it, before this returns: another panel takes its place at once. */
  revoke(): void
}

export interface Lease {
  /** The panel came into view or left it. */
  see(visible: boolean): void
  /** A person works in it. */
  focus(): void
  /** The browser took the context away; the panel has already let go of it. */
  lost(): void
  /** The panel is gone. Revokes first. */
  end(): void
}

export interface LeasePorts {
  /** Milliseconds. */
  now(): number
  after(delayMs: number, callback: () => void): () => void
}

interface Claim {
  readonly holder: Holder
  /** When it came into view; null while it cannot be seen. */
  seenAt: number | null
  hiddenAt: number
  focusedAt: number
  held: boolean
  notBefore: number
  losses: number
}

export class GpuLeases {
  readonly #ports: LeasePorts
  readonly #most: number
  readonly #claims = new Set<Claim>()
  #cancel: (() => void) | null = null

  constructor(ports: LeasePorts, most: number = MOST_LEASES) {
    this.#ports = ports
    this.#most = most
  }

  /** Contexts that are held now. */
  held(): number {
    return [...this.#claims].filter(({ held }) => held).length
  }

  claim(holder: Holder): Lease {
    const claim: Claim = { holder, seenAt: null, hiddenAt: 0, focusedAt: -1, held: false, notBefore: 0, losses: 0 }
    this.#claims.add(claim)
    const { now } = this.#ports
    return {
      see: (visible) => {
        if (visible === (claim.seenAt !== null)) return
        claim.seenAt = visible ? now() : null
        claim.hiddenAt = now()
        this.#allot()
      },
      focus: () => {
        claim.focusedAt = now()
        this.#allot()
      },
      lost: () => {
        claim.held = false
        claim.losses++
        claim.notBefore = now() + LEASE_TIMES.afterLoss
        this.#allot()
      },
      end: () => {
        if (!this.#claims.delete(claim)) return
        if (claim.held) claim.holder.revoke()
        this.#allot()
      },
    }
  }

  /** Gives the contexts to the first in rank. Nobody else holds one while a new one is made. */
  #allot(): void {
    const now = this.#ports.now()
    const ranked = [...this.#claims].filter((claim) => mayHold(claim, now)).sort((a, b) => rank(a, b))
    const winners = new Set(ranked.slice(0, this.#most))
    for (const claim of this.#claims) {
      if (!claim.held || winners.has(claim)) continue
      claim.held = false
      claim.holder.revoke()
    }
    for (const claim of winners) {
      if (claim.held) continue
      claim.held = true
      claim.holder.grant()
    }
    this.#lookAgain(now)
  }

  #lookAgain(now: number): void {
    this.#cancel?.()
    const times = [...this.#claims].map((claim) => nextChange(claim)).filter((at) => at > now && at < Infinity)
    this.#cancel =
      times.length === 0
        ? null
        : this.#ports.after(Math.min(...times) - now, () => {
            this.#cancel = null
            this.#allot()
          })
  }
}

const readyAt = ({ seenAt, notBefore }: Claim): number => Math.max((seenAt ?? Infinity) + LEASE_TIMES.settle, notBefore)

function mayHold(claim: Claim, now: number): boolean {
  if (claim.losses >= MOST_LOSSES) return false
  if (claim.held) return claim.seenAt !== null || now < claim.hiddenAt + LEASE_TIMES.keep
  return now >= readyAt(claim)
}

/** When the answer of `mayHold` changes by itself. */
function nextChange(claim: Claim): number {
  if (claim.losses >= MOST_LOSSES) return Infinity
  if (!claim.held) return readyAt(claim)
  return claim.seenAt === null ? claim.hiddenAt + LEASE_TIMES.keep : Infinity
}

/** The one that was focused last comes first, then whoever holds one and is seen, then the seen, then the hidden. */
function rank(a: Claim, b: Claim): number {
  const seen = Number(b.seenAt !== null) - Number(a.seenAt !== null)
  return seen || b.focusedAt - a.focusedAt || Number(b.held) - Number(a.held) || (a.seenAt ?? 0) - (b.seenAt ?? 0)
}
