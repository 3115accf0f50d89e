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
  readonly copiedAt: number | null
  readonly bellAt: number | null
  /** The bell rang while nobody could see the page. */
  readonly bellUnseen: boolean
  /** The size of the grid that the host is dragging, and when it last changed. */
  readonly resized: { readonly cols: number; readonly rows: number; readonly at: number } | null
}

/** What features know; absent until they are used, and null or absent again once it is over. */
export interface FeatureFacts {
  readonly paste?: { readonly bytes: number; readonly sent: number; readonly since: number } | null
  readonly pasteStopped?: { readonly bytes: number; readonly sent: number; readonly at: number } | null
  /** The person may look and not type. */
  readonly viewOnly?: ViewOnly | null
  /** The find bar is open in the line. */
  readonly find?: Find | null
  /** The pointer or the focus is on a link. */
  readonly link?: Link | null
  /** What came of copying or pasting, and when. */
  readonly clipboard?: ClipboardNotice | null
  /** The pointer or the focus is on the mark of a command, or its menu is open. */
  readonly mark?: Mark | null
  /** What a program tells of its task. */
  readonly progress?: Progress | null
}

export interface ViewOnly {
  /** Who types instead, by name; null where nobody does or nobody tells. */
  readonly typist: string | null
}

export interface Find {
  /** The number of the match that is shown, from 1; 0 while there is none. */
  readonly current: number
  readonly total: number
  /** More than `total` match. */
  readonly more: boolean
  /** The count belongs to the query in the field, which is not empty. */
  readonly settled: boolean
  /** The focus is in the bar: it may not go away under somebody's fingers. */
  readonly focused: boolean
}

export interface Link {
  /** The whole address in pieces, as it may be shown: the host is never cut. */
  readonly before: string
  readonly host: string
  readonly after: string
  readonly opensBy: 'ctrl-click' | 'cmd-click' | 'enter'
}

export interface ClipboardNotice {
  readonly kind: 'cannotCopy' | 'cannotPaste' | 'cannotPasteMac' | 'programCopied'
  readonly at: number
}

export interface Mark {
  readonly command: string
  readonly phase: 'prompt' | 'running' | 'done'
  /** Null where the shell does not tell. */
  readonly exitCode: number | null
  readonly durationMs: number | null
  readonly menu: boolean
}

export interface Progress {
  readonly kind: 'normal' | 'error' | 'paused' | 'busy'
  /** Per cent, whole; null where nobody told. */
  readonly percent: number | null
  /** The command that runs; empty where the shell does not tell. */
  readonly command: string
}
