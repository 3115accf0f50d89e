/** What the client needs from the world, and nothing more: sockets, time, chance, storage, the tab and the page's mood. */
import type { WireMessage } from '../protocol/wireProfile.ts'

/** One WebSocket as the runner uses it. */
export interface ClientSocket {
  send(message: WireMessage): void
  close(code: number, reason: string): void
  /** Bytes handed to `send` that have not left yet. */
  bufferedAmount(): number
}

export interface SocketEvents {
  opened(): void
  message(message: WireMessage): void
  closed(code: number, reason: string): void
}

/** Opens a socket. May throw (a bad address, a blocked constructor); the runner treats that as a failed try. */
export type OpenSocket = (url: string, subprotocol: string, events: SocketEvents) => ClientSocket

/** A monotonic clock in milliseconds with timers, and wall time for stamps only. */
export interface Clock {
  now(): number
  /** Calls back after `delayMs`; the result cancels. */
  after(delayMs: number, callback: () => void): () => void
  wall(): number
}

/** A number in [0, 1). */
export type Random = () => number

/** Where the resume token lies between two page loads. */
export interface SessionStore {
  read(key: string): string | null
  write(key: string, value: string): void
  remove(key: string): void
}

/** A try to own a name among the tabs of a browser. */
export interface TabClaim {
  /** False if another tab still holds the name when the time is over. */
  readonly granted: MaybePromise<boolean>
  /** Gives the name back, or gives up waiting for it. */
  release(): void
}

/** Ownership of a token among the tabs of a browser. `timeoutMs` null waits until released. */
export interface TabLock {
  claim(name: string, timeoutMs: number | null): TabClaim
}

/** What the token endpoint answers, as the machine needs it. */
export type TokenAnswer =
  | { readonly ok: true; readonly token: string; readonly url: string }
  | {
      readonly ok: false
      readonly code: 'auth_failed' | 'policy_denied' | 'not_found' | 'rate_limited' | 'unreachable' | 'bad_answer'
      readonly retryMs?: number
    }
  | {
      readonly ok: false
      readonly code: 'allocation_busy'
      readonly state: 'attached' | 'detached'
      readonly canTakeOver: boolean
    }

export interface TokenRequest {
  readonly allocation: string
  readonly takeOver: boolean
}

/**
 * Gets a one-time token. Rejections count as `unreachable` and are told as `error`, once until an answer comes; answers that come too
 * late are dropped.
 */
export type GetToken = (request: TokenRequest) => MaybePromise<TokenAnswer>

/** What the page tells about itself. */
export type PageEvent = 'visible' | 'hidden' | 'online' | 'offline' | 'wake' | 'leave' | 'return'

/** The page as the client sees it: its state now and its changes. A Node process is always visible and online. */
export interface Page {
  isHidden(): boolean
  isOffline(): boolean
  /** `wake` is a return from sleep or freeze, `leave` and `return` are the back/forward cache. */
  watch(listener: (event: PageEvent) => void): () => void
}

/** A value now or later. The client goes on at once where it is there at once. */
export type MaybePromise<T> = T | PromiseLike<T>

/** The whole world of a client. */
export interface ClientPorts {
  readonly openSocket: OpenSocket
  readonly clock: Clock
  readonly random: Random
  readonly store: SessionStore
  readonly tabLock: TabLock
  readonly getToken: GetToken
  readonly page: Page
}
