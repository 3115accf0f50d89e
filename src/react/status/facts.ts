/** Everything that the status line depends on. */
import type { Snapshot } from '../../client/api.ts'

/** Times are milliseconds on the connection's clock. */
export interface Facts extends FeatureFacts {
  readonly now: number
  readonly snapshot: Snapshot
  readonly emulator: 'loading' | 'ready' | 'failed'
  /** This page has drawn output. */
  readonly drawn: boolean
  readonly title: string
  readonly folder: string
  /** The panel may speak: it has the focus, or it is the only one. Ends are spoken by every panel. */
  readonly speaks: boolean
  /** The row the person types in never echoed a key. */
  readonly masked: boolean
  /** Pointer or focus on the sign. */
  readonly hover: boolean
  readonly roundTripMs: number | null
  readonly catchingUpSince: number | null
  readonly gapSeenAt: number | null
  readonly gapDismissedAt: number | null
  readonly retriedAt: number | null
  readonly canSignIn: boolean
  readonly bellAt: number | null
}

/** What features know; absent until they are used. */
export interface FeatureFacts {
  readonly paste?: { readonly bytes: number; readonly sent: number; readonly since: number } | null
  readonly pasteStopped?: { readonly bytes: number; readonly sent: number; readonly at: number } | null
}
