/** What a server is told by its host, and the numbers that it enforces unless it is told otherwise. */
import {
  DEADLINE,
  HEARTBEAT,
  INPUT_WINDOW,
  MAX_FRAME,
  ONE_TIME_TOKEN,
  POLICY,
  QUIET_MS,
  READ_AHEAD_BYTES,
  REPLIES_PER_SECOND,
  SESSION,
  TRANSPORT_PAUSE,
} from '../protocol/limits.ts'
import type { OpenTarget } from '../protocol/messages.ts'
import type { ProfileRegistry } from '../protocol/profiles/registry.ts'
import type { Digest, TokenStore } from './authority.ts'
import type { ConnectionLimits } from './connection.ts'
import type { OriginPolicy } from './policy.ts'
import type { Backend, Clock, MaybePromise, Principal, Random } from './ports.ts'
import type { SessionLimits } from './session.ts'
import type { IndexOfByte } from './terminalModes.ts'

const KiB = 1024

/** What somebody wants to do, for the host to decide. */
export interface AuthorizeRequest {
  readonly principal: Principal
  readonly allocation: string
  readonly origin: string | null
  /** `mint`: a one-time token. `attach`: a session for a token. `resume`: another socket for a session. */
  readonly purpose: 'mint' | 'attach' | 'resume'
}

export type Verdict = 'allow' | 'policy_denied' | 'not_found' | 'auth_failed'

export interface TerminalServerOptions extends OriginPolicy {
  readonly backend: Backend
  /** Asked at every mint, attach and resume. A throw or a rejection refuses. */
  readonly authorize: (request: AuthorizeRequest) => MaybePromise<Verdict>
  /** Whether this person may open a `{host, port}` target. Default: nobody may. */
  readonly allowTargets?: (target: OpenTarget, principal: Principal) => MaybePromise<boolean>
  /** Names of environment variables that a client may set; a name that ends with `*` is a prefix. Default: terminal, language and time zone. */
  readonly allowEnv?: readonly string[]
  readonly tokens: TokenStore
  readonly clock: Clock
  readonly random: Random
  readonly digest: Digest
  /** All output is searched with it. Default: the language's own, which costs about a millisecond of processor a mebibyte. */
  readonly indexOfByte?: IndexOfByte
  /** Default: the three profiles of the protocol. */
  readonly profiles?: ProfileRegistry
  /** What `hello_ok.server` says. Default `nimbus-terminal`. */
  readonly name?: string
  readonly limits?: Partial<ServerLimits>
}

/** Everything that is bounded. Sizes are bytes, times milliseconds. */
export interface ServerLimits extends Omit<SessionLimits, 'plainQueueBytes'>, ConnectionLimits {
  readonly maxFrame: number
  readonly tokenTtlMs: number
  readonly authorizeMs: number
  /** How much may wait in a socket before output waits for it, so that control messages overtake output. */
  readonly sendAheadBytes: number
  readonly transportPause: { readonly above: number; readonly below: number }
  readonly maxConnections: number
  readonly maxConnectionsPerPrincipal: number
  /** Sockets that have not got their `hello_ok` yet. */
  readonly maxHandshakes: number
  readonly maxSessions: number
  readonly maxSessionsPerPrincipal: number
  readonly mint: { readonly perSecond: number; readonly burst: number }
  /** Between the end of a session and KILL for programs that are still there. */
  readonly killAfterMs: number
}

export const DEFAULT_LIMITS: ServerLimits = {
  replayBytes: SESSION.replayBytes,
  tailBytes: SESSION.tailBytes,
  overrunBytes: 1024 * KiB,
  readAheadBytes: READ_AHEAD_BYTES,
  inputWindowBytes: INPUT_WINDOW,
  sliceBytes: 64 * KiB,
  burstBytes: 256 * KiB,
  leadBytes: 16 * KiB,
  gatherMs: 1,
  inputAckMs: QUIET_MS.input,
  ttlMs: SESSION.ttlMs,
  challengeMs: SESSION.challengeMs,
  maxWaitingResumes: SESSION.waitingResumes,
  maxWaitingProbes: 16,
  idleMs: POLICY.idlePersonMs,
  maxChannels: POLICY.channels,
  helloMs: DEADLINE.helloMs,
  closeMs: DEADLINE.closeMs,
  heartbeat: HEARTBEAT,
  control: { perSecond: POLICY.controlPerSecond, burst: POLICY.controlBurst },
  flow: { perSecond: POLICY.flowsPerSecond, burst: 256 },
  // A client answers for its emulator up to this often, and says so each time.
  reply: { perSecond: POLICY.flowsPerSecond + REPLIES_PER_SECOND, burst: 256 },
  bytesPerFlow: POLICY.bytesPerFlow,
  retryMs: 1000,
  maxFrame: MAX_FRAME.initial,
  tokenTtlMs: ONE_TIME_TOKEN.ttlMs,
  authorizeMs: 10_000,
  sendAheadBytes: 512 * KiB,
  transportPause: TRANSPORT_PAUSE,
  maxConnections: 2000,
  maxConnectionsPerPrincipal: 64,
  maxHandshakes: 200,
  maxSessions: 1000,
  maxSessionsPerPrincipal: 32,
  mint: { perSecond: 1, burst: 20 },
  killAfterMs: SESSION.hangupMs,
}

/** The limits with those of the host, checked against what the protocol allows. Throws with a sentence that says what to change. */
export function limitsOf(own: Partial<ServerLimits> = {}): ServerLimits & SessionLimits {
  const limits = { ...DEFAULT_LIMITS, ...own }
  if (limits.ttlMs < SESSION.minTtlMs || limits.ttlMs > SESSION.maxTtlMs) {
    throw new RangeError(`limits.ttlMs is ${limits.ttlMs}: choose ${SESSION.minTtlMs} to ${SESSION.maxTtlMs} milliseconds.`)
  }
  if (limits.maxFrame < MAX_FRAME.min)
    throw new RangeError(`limits.maxFrame is ${limits.maxFrame}: choose ${MAX_FRAME.min} bytes or more.`)
  return { ...limits, plainQueueBytes: limits.inputWindowBytes + 2 * limits.maxFrame }
}
