/** The client's state, the events that change it and the effects it orders; nothing here holds a payload byte. */
import type { Receiver, Sender } from '../../protocol/credit.ts'
import type { ControlMessage, OpenTarget, OpenUser, SignalName, Stream, TerminalSize } from '../../protocol/messages.ts'
import type { End } from '../shown.ts'
import type { Backoff, ReconnectPolicy } from './backoff.ts'
import type { Liveness } from './liveness.ts'
import type { OutputWindow } from './outputWindow.ts'
import type { PageEvent, TokenAnswer } from '../ports.ts'

/** Fixed for the life of a connection. */
export interface Config {
  readonly allocation: string
  readonly profile: string
  readonly clientInfo?: string
  /** Offer resume at all. Without it the client is a plain peer. */
  readonly resume: boolean
  /** What a hidden page does with output. */
  readonly hidden: 'pause' | 'trickle' | 'continue'
  readonly reconnect: ReconnectPolicy
  /** Bounds of the output window in bytes. Default: those of the protocol. */
  readonly outputWindow?: { readonly min: number; readonly max: number }
  /** Connect here, without asking for a token (servers that admit without one). */
  readonly url: string | null
}

/** What is stored between two page loads. */
export interface StoredSession {
  readonly id: string
  readonly token: string
  readonly url: string
}

/** The session this client belongs to. `proof` is null until a connection of this page gave one: the next resume is cold. */
export interface Session extends StoredSession {
  readonly ttlMs: number
  readonly proof: string | null
}

/** What the next hello will ask for. */
export type Plan =
  | { readonly kind: 'fresh'; readonly token: string | null; readonly url: string }
  | { readonly kind: 'take-over'; readonly token: string; readonly url: string }
  | { readonly kind: 'resume'; readonly url: string }

export type Phase =
  | { readonly name: 'idle' }
  | { readonly name: 'claiming' }
  | { readonly name: 'authorizing'; readonly takeOver: boolean }
  | { readonly name: 'connecting'; readonly plan: Plan }
  | { readonly name: 'greeting'; readonly plan: Plan; readonly closing: Parting | null }
  | {
      readonly name: 'ready'
      readonly since: number
      readonly maxFrame: number
      readonly resume: boolean
      readonly closing: Parting | null
    }
  | { readonly name: 'waiting'; readonly retryAt: number; readonly busy: boolean }
  | { readonly name: 'offline' }
  /** In the back/forward cache. */
  | { readonly name: 'suspended' }
  | { readonly name: 'elsewhere'; readonly how: 'tab' | 'active' | 'busy' | 'superseded'; readonly canTakeOver: boolean }
  | { readonly name: 'ended'; readonly end: End }

/** A `close {id: 0}` that the server sent; the socket's own close follows. */
export interface Parting {
  readonly reason?: string
  readonly retryMs?: number
  readonly afterMs?: number
}

/** One terminal. `handle` is the application's number for it, `id` the session's. */
export interface ChannelState {
  readonly handle: number
  readonly id: number | null
  readonly phase: 'wanted' | 'opening' | 'open' | 'exited' | 'closed'
  readonly target: OpenTarget
  readonly user?: OpenUser
  readonly env?: Readonly<Record<string, string>>
  readonly size: TerminalSize | null
  readonly output: OutputState
  readonly input: InputState
  readonly exit: { readonly code?: number; readonly sig?: string; readonly at: number } | null
}

export interface OutputState {
  /** Counts on this socket, in absolute offsets; `receiver.received` is the offset of the next byte to come. */
  readonly receiver: Receiver
  /** Every byte below was handed to the emulator. */
  readonly received: number
  /** Every byte below was drawn. */
  readonly drawn: number
  /** The parser has had work since then. */
  readonly busySince: number | null
  readonly window: OutputWindow
  /** Queries below this offset were answered by an earlier page. */
  readonly answered: number
  /** Bytes the page will never see. */
  readonly missing: number
}

export interface InputState {
  readonly sender: Sender
  /** Offset after the last byte in the queue. */
  readonly typed: number
  /** Bytes below are written for certain and were dropped from the queue. */
  readonly acked: number
  /** Typed while away: the queue's bytes from here on wait for the connection. */
  readonly heldFrom: number | null
  readonly heldSince: number
  readonly heldKeys: number
  /** Emulator's answers that the server may not know yet. */
  readonly replies: readonly { readonly at: number; readonly input: number }[]
  /** Answers made while away; they join the queue when the connection is back. */
  readonly deferred: readonly { readonly at: number; readonly bytes: number }[]
}

export interface State {
  readonly config: Config
  readonly phase: Phase
  /** Number of the latest socket; events of any other change nothing. */
  readonly epoch: number
  /** Hellos of this page. */
  readonly attempt: number
  readonly session: Session | null
  /** The session whose output the emulators show. */
  readonly shown: string | null
  readonly channels: readonly ChannelState[]
  /** The lowest id that was never used in this session. */
  readonly nextId: number
  readonly backoff: Backoff
  readonly liveness: Liveness | null
  readonly page: { readonly hidden: boolean; readonly offline: boolean }
  /** The socket's own buffer is full. */
  readonly transport: boolean
  /** Start of the present stay in a phase that is drawn differently (starting, lost). */
  readonly since: number
  /** The connection was ready in this session and is not now. */
  readonly lost: boolean
  readonly everReady: boolean
  /** Typing is refused until ready and a second without a key. */
  readonly refusing: { readonly lastKeyAt: number } | null
  readonly resumed: { readonly at: number; readonly missing: number; readonly warm: boolean } | null
  readonly reconnects: number
  /** Signals that nothing has confirmed: lost without trace if the socket dies now. */
  readonly unconfirmed: readonly SignalName[]
  readonly replyBudget: { readonly at: number; readonly left: number }
}

export type TimerName =
  'connect' | 'hello' | 'open' | 'closing' | 'retry' | 'heartbeat' | 'acknowledge' | 'held' | 'refusing' | 'lasting' | 'drain'

/** Everything that can happen to a client. `now` is the monotonic clock, `chance` a number in [0, 1). */
export type ClientEvent =
  | { readonly type: 'started'; readonly stored: StoredSession | null; readonly hidden: boolean; readonly offline: boolean }
  | { readonly type: 'claimed'; readonly name: string }
  | { readonly type: 'claim-denied'; readonly name: string }
  | { readonly type: 'token'; readonly answer: TokenAnswer; readonly takeOver: boolean }
  | { readonly type: 'socket-opened'; readonly epoch: number }
  | { readonly type: 'socket-closed'; readonly epoch: number; readonly code: number; readonly reason: string }
  | { readonly type: 'message'; readonly epoch: number; readonly message: ControlMessage }
  | { readonly type: 'data'; readonly epoch: number; readonly channel: number; readonly stream: Stream; readonly bytes: number }
  | { readonly type: 'unreadable'; readonly epoch: number; readonly code: number; readonly detail: string }
  | { readonly type: 'buffered'; readonly epoch: number; readonly bytes: number }
  | { readonly type: 'timer'; readonly name: TimerName }
  | { readonly type: 'page'; readonly event: PageEvent; readonly stored: StoredSession | null }
  | {
      readonly type: 'open'
      readonly handle: number
      readonly target: OpenTarget
      readonly user?: OpenUser
      readonly env?: Readonly<Record<string, string>>
      readonly size: TerminalSize | null
    }
  | { readonly type: 'typed'; readonly handle: number; readonly bytes: number; readonly paste: boolean }
  | { readonly type: 'replied'; readonly handle: number; readonly bytes: number; readonly at: number }
  | { readonly type: 'drawn'; readonly handle: number; readonly offset: number }
  | { readonly type: 'resize'; readonly handle: number; readonly size: TerminalSize }
  | { readonly type: 'signal'; readonly handle: number; readonly sig: SignalName }
  | { readonly type: 'close-channel'; readonly handle: number }
  | { readonly type: 'retry' }
  | { readonly type: 'restart' }
  | { readonly type: 'take-over' }
  | { readonly type: 'disconnect' }
  | { readonly type: 'dispose' }

/** An event with the time and chance it came with. */
export type Stamped = ClientEvent & { readonly now: number; readonly chance: number }

/** Orders to the runner, carried out in this order. Offsets name bytes that the runner keeps. */
export type Effect =
  | { readonly do: 'claim'; readonly name: string; readonly timeoutMs: number | null }
  | { readonly do: 'release' }
  | { readonly do: 'request-token'; readonly takeOver: boolean }
  | { readonly do: 'abort-token' }
  | { readonly do: 'connect'; readonly epoch: number; readonly url: string }
  | { readonly do: 'send'; readonly message: ControlMessage }
  /** Input bytes [from, to) of the handle's queue, in frames of at most `maxFrame`. */
  | {
      readonly do: 'send-input'
      readonly handle: number
      readonly id: number
      readonly from: number
      readonly to: number
      readonly maxFrame: number
    }
  | { readonly do: 'close-socket'; readonly code: number; readonly reason: string }
  | { readonly do: 'store'; readonly session: StoredSession }
  | { readonly do: 'forget'; readonly token: string }
  /** Starts a timer anew, or with `keep` only if it does not run. */
  | { readonly do: 'timer'; readonly name: TimerName; readonly ms: number; readonly keep?: true }
  | { readonly do: 'cancel'; readonly name: TimerName }
  /** The last `bytes` of the data event at hand, ending at offset `end`. */
  | {
      readonly do: 'draw'
      readonly handle: number
      readonly skip: number
      readonly bytes: number
      readonly end: number
      readonly stream: Stream
      readonly answered: boolean
    }
  | { readonly do: 'gap'; readonly handle: number; readonly bytes: number; readonly end: number }
  | {
      readonly do: 'reset'
      readonly handle: number
      readonly size?: TerminalSize
      readonly until?: number
      readonly modes?: string
    }
  /** The bytes of the event at hand join the end of the queue. */
  | { readonly do: 'enqueue'; readonly handle: number }
  /** The same for the emulator's own answer, which is nobody's typing. */
  | { readonly do: 'enqueue-reply'; readonly handle: number }
  | { readonly do: 'defer-reply'; readonly handle: number }
  /** The oldest deferred answer joins the end of the queue. */
  | { readonly do: 'adopt-reply'; readonly handle: number }
  | { readonly do: 'drop-deferred'; readonly handle: number }
  /** Bytes below are written: forget them. */
  | { readonly do: 'trim'; readonly handle: number; readonly below: number }
  /** Bytes [from, to) will not be written: report them and forget them. */
  | { readonly do: 'unsent'; readonly handle: number; readonly from: number; readonly to: number; readonly maybeWritten: boolean }
  /** What is left of the queue now starts at this offset. */
  | { readonly do: 'rebase'; readonly handle: number; readonly at: number }
  | { readonly do: 'channel-ready'; readonly handle: number; readonly resumed: boolean }
  | { readonly do: 'channel-closed'; readonly handle: number; readonly end: End }
  | { readonly do: 'ready'; readonly resumed: boolean }
  | { readonly do: 'closed'; readonly end: End }
  | { readonly do: 'diagnostic'; readonly bus: 'diagnostic' | 'policy'; readonly code: string; readonly fields: DiagnosticFields }

export type DiagnosticFields = Readonly<Record<string, string | number | boolean | null>>
