/** What a connection shows of itself: its snapshot, its counters and its diagnostics, and the first two before anything has happened. */
import type { CloseReason } from '../protocol/closeReasons.ts'

/** What a connection is doing, in the terms of a person who watches it. */
export type Status =
  | { readonly phase: 'idle' }
  /** On the way to a first screen. `since` is on the connection's clock. */
  | { readonly phase: 'starting'; readonly step: 'claiming' | 'authorizing' | 'connecting' | 'opening'; readonly since: number }
  | { readonly phase: 'ready'; readonly since: number }
  /** The socket is gone, the session is thought to live. */
  | {
      readonly phase: 'lost'
      readonly step: 'waiting' | 'trying' | 'offline'
      readonly since: number
      /** The number of the coming or running try, from 1. */
      readonly tries: number
      readonly maxTries: number
      /** On the connection's clock; only while waiting. */
      readonly retryAt?: number
      /** The server asked for the wait. */
      readonly busy: boolean
    }
  /** Somebody else has the terminal: another tab of this browser, a live page elsewhere, or one that took it over. */
  | { readonly phase: 'elsewhere'; readonly how: 'tab' | 'active' | 'busy' | 'superseded'; readonly canTakeOver: boolean }
  | { readonly phase: 'ended'; readonly end: End }

/** Why a connection or channel is over. */
export interface End {
  readonly reason: CloseReason | 'not_found' | 'failed'
  /** WebSocket close code, or the code of the table for ends without a socket. */
  readonly code: number
  readonly exit?: { readonly code?: number; readonly sig?: string }
  /** With `idle_timeout`: how long nobody did anything. */
  readonly afterMs?: number
}

/** Everything a person can see change. Equal parts keep their identity between snapshots; counters are not in here. */
export interface Snapshot {
  readonly status: Status
  /** The first shell has drawn something since the page opened it. */
  readonly everReady: boolean
  /** Keys typed while the connection is away and waiting for it. */
  readonly held: { readonly keys: number; readonly full: boolean }
  /** Input that was not written, until it is dismissed. */
  readonly unsent: { readonly keys: number; readonly bytes: number } | null
  /** Set by a resume after a loss, until the next one. `missing` is the size of a declared gap in bytes. */
  readonly resumed: { readonly at: number; readonly missing: number; readonly warm: boolean } | null
  /**
   * Output waits: `transport`, because what is typed or pasted fills the socket; `slow`, because it arrives more than a second
   * later than the way takes; `hidden`, for a page that nobody sees; `offline`, for a network.
   */
  readonly paused: { readonly transport: boolean; readonly slow: boolean; readonly hidden: boolean; readonly offline: boolean }
}

/** Counters for people who want to know. Read at will; nothing renders because of them. */
export interface Stats {
  /** Milliseconds, of the last ping; null before the first pong. */
  readonly roundTripMs: number | null
  readonly received: number
  readonly drawn: number
  readonly missing: number
  readonly typed: number
  /** Handed to the socket; what is sent again after a loss counts once. */
  readonly sent: number
  readonly written: number
  readonly reconnects: number
  readonly outputWindow: number
  /** Bytes of output that the server may still send, and of typing that we may. 0 while there is no connection. */
  readonly outputCredit: number
  readonly inputCredit: number
}

/** A measured round trip: when it was over, on the connection's clock, and how long it took. Milliseconds. */
export interface RoundTrip {
  readonly at: number
  readonly ms: number
}

/** One typed diagnostic. Fields are JSON-safe and never hold payload or secrets. */
export interface Diagnostic {
  /** Milliseconds since 1970. */
  readonly timestamp: number
  readonly phase: Status['phase']
  readonly code: string
  readonly fields: Readonly<Record<string, string | number | boolean | null>>
}

/** The snapshot of a connection that nobody has opened. */
export const IDLE: Snapshot = {
  status: { phase: 'idle' },
  everReady: false,
  held: { keys: 0, full: false },
  unsent: null,
  resumed: null,
  paused: { transport: false, slow: false, hidden: false, offline: false },
}

/** The counters of a connection that nobody has opened. */
export const NO_STATS: Stats = {
  roundTripMs: null,
  received: 0,
  drawn: 0,
  missing: 0,
  typed: 0,
  sent: 0,
  written: 0,
  reconnects: 0,
  outputWindow: 0,
  outputCredit: 0,
  inputCredit: 0,
}
