/** What a session knows, what happens to it and what it orders: the types of its machine. */
import type { CloseReason } from '../../protocol/closeReasons.ts'
import type { Receiver, Sender } from '../../protocol/credit.ts'
import type {
  Flow,
  HelloResumeChannel,
  Open,
  OpenTarget,
  OpenUser,
  Reply,
  ResumedChannel,
  ServerMessage,
  SignalName,
  Stream,
  TerminalSize,
} from '../../protocol/messages.ts'
import type { ProgramExit } from '../ports.ts'
import type { UsedIds } from '../usedIds.ts'

/** The bounds of one session. Sizes are bytes, times milliseconds. */
export interface SessionLimits {
  /** Unacknowledged output of a channel at which its program pauses. */
  readonly replayBytes: number
  /** Acknowledged output of a channel that is kept for a new screen. */
  readonly tailBytes: number
  /** What a program may still print after it was told to pause. */
  readonly overrunBytes: number
  /** How far a program is read ahead of what was sent while somebody watches. */
  readonly readAheadBytes: number
  readonly inputWindowBytes: number
  /** What a plain peer may have in the queue of its program before it is cut off. */
  readonly plainQueueBytes: number
  /** The largest piece of a channel's output before the next channel has its turn. */
  readonly sliceBytes: number
  /** What is handed to a socket before the process looks after others. */
  readonly burstBytes: number
  /** What a program prints without a rest before its output is held back for frames of a whole slice. */
  readonly leadBytes: number
  /** How long it is held back for that, twice at most. */
  readonly gatherMs: number
  readonly inputAckMs: number
  readonly ttlMs: number
  readonly challengeMs: number
  readonly maxWaitingResumes: number
  /** Askers of "is somebody there" that wait for one challenge; more are told yes. */
  readonly maxWaitingProbes: number
  readonly idleMs: number
  readonly maxChannels: number
}

/** A secret that proves the last connection of a page, with the highest attempt that showed it. Only the hash is kept. */
export interface Proof {
  readonly hash: string
  readonly attempt: number
}

/** What is true while a socket is attached. */
export interface Attached {
  readonly phase: 'attached'
  /** The number of the connection. Frames that carry another one are of an older socket. */
  readonly connection: number
  /** The peer speaks no `resume`: no offsets, no acknowledgements. */
  readonly plain: boolean
  /** Output went out a moment ago: small pieces wait for `uncork`. */
  readonly corked: boolean
  /** Bytes handed to the socket since the last `uncork`. */
  readonly burst: number
  /** The socket holds enough for now. */
  readonly blocked: boolean
  /** The `transport` pause of section 4 holds. */
  readonly transportPause: boolean
  /** When the person last did something. */
  readonly lastActivity: number
  /** Which tokens and proofs become void with the first frame of this socket; null once it came. */
  readonly issued: { readonly token: string | null; readonly proof: string } | null
  /** The proof that this connection was given. */
  readonly proof: string | null
}

export interface Detached {
  readonly phase: 'detached'
  readonly ttlLeft: number
  /** When the time to live began to run; null while it stands still for an authorisation. */
  readonly runningSince: number | null
  /** The proof of the connection that was here last. */
  readonly proof: string | null
}

export interface Ended {
  readonly phase: 'ended'
  readonly reason: CloseReason
}

/** Who waits for the outcome of a challenge. */
export type Waiter =
  { readonly kind: 'resume'; readonly request: ResumeRequest } | { readonly kind: 'probe'; readonly probe: number }

export interface Challenge {
  /** The unguessable `ts` of the ping that went out. */
  readonly ts: number
  readonly waiters: readonly Waiter[]
}

/** A `reply` whose input has not all arrived. */
export interface PendingReply {
  readonly at: number
  readonly input: number
}

/** One program of the session. All offsets are absolute and count payload bytes. */
export interface Channel {
  readonly id: number
  readonly phase: 'opening' | 'open' | 'exited'
  readonly exit: ProgramExit | null
  readonly size: TerminalSize
  /** Output offset at which the size changed last. */
  readonly sizedAt: number
  /** The attached screen was rebuilt from a part of the output, or from output for several sizes: the program has to draw again. */
  readonly stale: boolean
  /** It was given another size for that, and a timer runs until it has its own again. */
  readonly nudging: boolean
  /** The attached client knows that the channel is open. */
  readonly announced: boolean
  readonly exitSent: boolean

  /** Output of the program so far. */
  readonly produced: number
  /** The oldest output byte kept. */
  readonly oldest: number
  /** What was sent on this socket, may be sent and is acknowledged; a resume lowers the acknowledgement. */
  readonly output: Sender
  /** The highest acknowledgement ever: what somebody saw. */
  readonly seen: number
  /** Ever sent, on any socket. */
  readonly everSent: number
  /** What went out since the program rested. */
  readonly streak: number
  /** It prints without a rest, and a timer runs. `still`: nothing went out since the timer was set. */
  readonly gathering: 'no' | 'busy' | 'still'
  /** The client does not draw now: read on. */
  readonly hold: boolean
  /** The program is being read. */
  readonly reading: boolean

  /** Input that came into the program's queue (`received`) and that the program took (`consumed`). */
  readonly input: Receiver
  readonly ackTimer: boolean
  /** The socket of a plain peer is not read because this channel's queue is full. */
  readonly stuffed: boolean

  /** The client says by `reply` what it answered. */
  readonly saysReplies: boolean
  readonly pendingReplies: readonly PendingReply[]
  /** The highest `at` whose `input` has arrived. */
  readonly repliedUpTo: number
}

/** A session. Everything here outlives a reconnect except what stands in `life`. */
export interface SessionState {
  readonly id: string
  readonly limits: SessionLimits
  /** The backend's programs can be paused. */
  readonly pausable: boolean
  readonly life: Attached | Detached | Ended
  /** Hashes of the tokens that resume this session, at most two. */
  readonly tokens: readonly string[]
  /** Hashes of tokens that were used up, the latest ones. */
  readonly retired: readonly string[]
  readonly proofs: readonly Proof[]
  readonly challenge: Challenge | null
  /** Authorisations under way; the time to live stands still meanwhile. */
  readonly authorising: number
  readonly channels: readonly Channel[]
  readonly used: UsedIds
  /** The channel after whose turn the round goes on. */
  readonly lastServed: number
}

/** A new pair of secrets, as hashes. */
export interface Issued {
  readonly token: string
  readonly proof: string
}

/** An authorised wish to attach to this session. */
export interface ResumeRequest {
  readonly connection: number
  readonly kind: 'warm' | 'cold' | 'take-over'
  /** Hash of the token presented; null for a take-over. */
  readonly token: string | null
  /** Hash of the proof presented; only warm. */
  readonly proof: string | null
  readonly attempt: number | null
  readonly channels: readonly HelloResumeChannel[]
  readonly issued: Issued
  /** An unguessable integer for the challenge, should one be needed. */
  readonly ts: number
}

/** What happens to a session. `now` is the monotonic clock of the runner. */
export type SessionEvent =
  | {
      readonly type: 'attach'
      readonly connection: number
      readonly plain: boolean
      readonly issued: Issued
      readonly now: number
    }
  | { readonly type: 'resume'; readonly request: ResumeRequest; readonly now: number }
  | { readonly type: 'authorising' | 'authorised'; readonly now: number }
  | { readonly type: 'probe'; readonly probe: number; readonly ts: number }
  | { readonly type: 'first-frame'; readonly connection: number }
  | { readonly type: 'open'; readonly connection: number; readonly message: Open; readonly now: number }
  /** The payload rides beside the event. */
  | {
      readonly type: 'input'
      readonly connection: number
      readonly channel: number
      readonly length: number
      readonly now: number
    }
  | { readonly type: 'flow'; readonly connection: number; readonly message: Flow }
  | { readonly type: 'reply'; readonly connection: number; readonly message: Reply }
  | {
      readonly type: 'resize'
      readonly connection: number
      readonly channel: number
      readonly size: TerminalSize
      readonly now: number
    }
  | {
      readonly type: 'signal'
      readonly connection: number
      readonly channel: number
      readonly signal: SignalName
      readonly now: number
    }
  | { readonly type: 'close'; readonly connection: number; readonly channel: number }
  | { readonly type: 'pong'; readonly connection: number; readonly ts: number; readonly now: number }
  /** The socket is gone; `ends` when the client meant the session with it. */
  | { readonly type: 'gone'; readonly connection: number; readonly ends: boolean; readonly now: number }
  | { readonly type: 'blocked'; readonly connection: number; readonly blocked: boolean }
  | { readonly type: 'transport-pause'; readonly connection: number; readonly holds: boolean }
  | { readonly type: 'opened'; readonly channel: number }
  | { readonly type: 'failed'; readonly channel: number; readonly reason: CloseReason; readonly message: string }
  /** The bytes ride beside the event. */
  | { readonly type: 'output'; readonly channel: number; readonly stream: Stream; readonly length: number }
  | { readonly type: 'took'; readonly channel: number; readonly bytes: number }
  | { readonly type: 'exited'; readonly channel: number; readonly exit: ProgramExit }
  | { readonly type: 'timer'; readonly timer: TimerName; readonly now: number }
  /** The host, the server or a throw ends the session. */
  | { readonly type: 'end'; readonly reason: CloseReason; readonly code?: number }

export type ChannelTimerName = `ack:${number}` | `gather:${number}` | `nudge:${number}`

export type TimerName = 'uncork' | 'ttl' | 'idle' | 'challenge' | ChannelTimerName

/** What `hello_ok` says, secrets aside: the runner has those. */
export type Welcome =
  | { readonly kind: 'fresh'; readonly ttlMs: number }
  | { readonly kind: 'plain' }
  | {
      readonly kind: 'resumed'
      readonly warm: boolean
      /** The issued token goes with it. */
      readonly token: boolean
      readonly ttlMs: number
      readonly nextChannel: number
      readonly channels: readonly ResumedChannel[]
    }

/** What a session orders. */
export type SessionEffect =
  | { readonly type: 'send'; readonly connection: number; readonly message: ServerMessage }
  /** Read `from` to `to` of the channel's buffer and send it. */
  | {
      readonly type: 'send-output'
      readonly connection: number
      readonly channel: number
      readonly from: number
      readonly to: number
    }
  | { readonly type: 'welcome'; readonly connection: number; readonly welcome: Welcome }
  | {
      readonly type: 'refuse'
      readonly connection: number
      readonly reason: 'expired' | 'unknown' | 'reused' | 'active_elsewhere'
    }
  | {
      readonly type: 'disconnect'
      readonly connection: number
      readonly code: number
      readonly reason: CloseReason
      readonly afterMs?: number
    }
  /** Stop or go on reading from the socket. */
  | { readonly type: 'read-socket'; readonly connection: number; readonly on: boolean }
  /** Append the output that came with the event. */
  | { readonly type: 'keep'; readonly channel: number }
  | { readonly type: 'evict'; readonly channel: number; readonly below: number }
  /** Hand the input that came with the event to the program. */
  | { readonly type: 'write'; readonly channel: number }
  | {
      readonly type: 'start'
      readonly channel: number
      readonly target: OpenTarget
      readonly user?: OpenUser
      readonly size: TerminalSize
      readonly env: Readonly<Record<string, string>>
    }
  | { readonly type: 'pause' | 'resume'; readonly channel: number }
  | { readonly type: 'resize'; readonly channel: number; readonly size: TerminalSize }
  | { readonly type: 'signal'; readonly channel: number; readonly signal: SignalName }
  /** Forget the channel and its bytes; a program that still runs gets `end`. */
  | { readonly type: 'drop'; readonly channel: number; readonly running: boolean }
  | { readonly type: 'timer'; readonly timer: TimerName; readonly delayMs: number }
  | { readonly type: 'soon'; readonly timer: TimerName }
  | { readonly type: 'cancel'; readonly timer: TimerName }
  | { readonly type: 'answer-probe'; readonly probe: number; readonly state: 'attached' | 'detached' }
  | {
      readonly type: 'note'
      readonly bus: 'policy' | 'diagnostic'
      readonly code: string
      readonly fields: Readonly<Record<string, string | number | boolean | null>>
    }
  /** The session is over; nothing follows. */
  | { readonly type: 'over'; readonly reason: CloseReason }
