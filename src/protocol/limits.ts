/** Every number of PROTOCOL.md, once, with its unit: the laws of the wire and the defaults that both ends start from. */

const KiB = 1024
const MiB = 1024 * KiB
const SECOND = 1000
const MINUTE = 60 * SECOND

/** The highest integer on the wire, and so the highest offset (the page's head). */
export const MAX_INTEGER = Number.MAX_SAFE_INTEGER
/** The highest channel id. */
export const MAX_CHANNEL_ID = 2 ** 32 - 1
/** Columns or rows of a terminal (section 2). */
export const TERMINAL_SIDE = { min: 1, max: 1000 } as const

/** How much one control message may hold. */
export const CONTROL_LIMIT = {
  /** Levels of nesting; the deepest that the protocol itself uses is 4. */
  depth: 16,
  /** Objects, arrays and their members, all counted together. */
  members: 1024,
  /** UTF-16 units of one string: room for a private key, not for a flood. */
  stringLength: 64 * KiB,
} as const

/** The one-time token of section 1. */
export const ONE_TIME_TOKEN = {
  ttlMs: 30 * SECOND,
  /** Random bytes, at least. */
  bytes: 16,
} as const

/** Bytes of an encoded message, both ways (section 3). */
export const MAX_FRAME = {
  /** Until `hello_ok` names another bound, and the server's default. */
  initial: MiB,
  /** `maxFrame` is never below. */
  min: KiB,
} as const

/** When a receiver grants, and how much at most (section 4). */
export const CREDIT = {
  /** Bytes granted and not yet sent, at most. */
  max: 2 ** 31 - 1,
  /** Bytes consumed after which a receiver grants, however large its window is. */
  grantBytes: 96 * KiB,
  /** The part of a window that is consumed before a receiver grants. */
  grantShare: 1 / 2,
} as const

/** Milliseconds that consumed bytes stay unacknowledged, at most (section 4). */
export const QUIET_MS = { input: 100, output: 250 } as const

/** Bytes of output that a client takes ahead of what it drew (section 4). */
export const OUTPUT_WINDOW = {
  initial: 256 * KiB,
  min: 64 * KiB,
  max: 2 * MiB,
  /** The window of a hidden page that is set to `trickle`. */
  trickle: 64 * KiB,
} as const

/** Bytes of input that a server takes ahead of its program (section 4). */
export const INPUT_WINDOW = 64 * KiB

/** Bytes waiting in the socket at which the pause `transport` begins and ends (section 4). */
export const TRANSPORT_PAUSE = { above: 8 * MiB, below: 2 * MiB } as const

/** Bytes that the server reads ahead of what it sent while somebody watches (section 4). */
export const READ_AHEAD_BYTES = 64 * KiB

/** How long a session outlives its socket, and what it keeps (sections 5 and 7). */
export const SESSION = {
  ttlMs: 180 * SECOND,
  minTtlMs: 90 * SECOND,
  maxTtlMs: 15 * MINUTE,
  /** Unacknowledged output bytes at which the program pauses. */
  replayBytes: 4 * MiB,
  /** Acknowledged output bytes that are kept for a cold resume. */
  tailBytes: 512 * KiB,
  /** Characters of `modes` in the answer to a resume. */
  modesLength: 4 * KiB,
  /** How long a program that has to draw again has another size. */
  nudgeMs: 100,
  /** How long the socket that stands has for its answer to the challenge. */
  challengeMs: 2 * SECOND,
  /** Cold resumes that may wait for one challenge. */
  waitingResumes: 4,
  /** Random bytes of a session token and of a proof. */
  tokenBytes: 32,
  /** Between HUP and KILL. */
  hangupMs: 5 * SECOND,
} as const

/** Answers of the emulator in a second, at most (section 5.6). */
export const REPLIES_PER_SECOND = 100

/** What is typed while the connection is away (section 5.7). */
export const HELD_INPUT = {
  bytes: 4 * KiB,
  /** After the first key. */
  ms: 10 * SECOND,
  /** Without a key, before typing is taken again after a refusal. */
  calmMs: SECOND,
} as const

/** How long a tab waits for another one to let go of a token (section 5). */
export const TAB_LOCK_MS = 2 * SECOND

/** How the two ends find out that the other is gone (section 6). */
export const HEARTBEAT = {
  /** Without a frame before a ping, and between a ping and the next. */
  silenceMs: 20 * SECOND,
  /** From a ping to the judgement on it. */
  judgeMs: 5 * SECOND,
  /** Unanswered pings that end the socket. */
  tries: 3,
  /** Without a pong, whatever else arrives. */
  pongMs: 2 * MINUTE,
  /** Between two pings at most, even while frames arrive: twice in the time that a pong may take. */
  longestMs: MINUTE,
  /** Between two pings while output flows, whose window follows the round trip. */
  measureMs: 5 * SECOND,
  /** Silence while input is unacknowledged before a ping, and again until the end. */
  typingSilenceMs: 5 * SECOND,
  /** For an answer after the page became visible, came online, was shown again or woke up. */
  probeMs: 3 * SECOND,
} as const

/** How long each step of a connection may take (section 6). */
export const DEADLINE = {
  connectMs: 10 * SECOND,
  helloMs: 5 * SECOND,
  openMs: 15 * SECOND,
  closeMs: 3 * SECOND,
} as const

/** How the client comes back (section 6). */
export const RECONNECT = {
  /** The first step of the backoff, before jitter. */
  baseMs: 300,
  /** The highest step. */
  maxMs: 30 * SECOND,
  /** The highest step for connections that became ready but did not last. */
  maxReadyMs: 2400,
  /** Tries in a row that did not become ready. */
  tries: 10,
  /** A connection of this age makes past failures forgotten. */
  lastedMs: 10 * SECOND,
} as const

/** Bytes of a close reason, at most: what a WebSocket can carry (section 7). */
export const MAX_REASON_BYTES = 123

/** What the server enforces unless it is told otherwise (section 8). */
export const POLICY = {
  /** Channels of a connection. */
  channels: 4,
  /** Control messages a second; `ping`, `pong`, `flow` and `reply` aside. */
  controlPerSecond: 50,
  /** Control messages at once. */
  controlBurst: 100,
  /** Bytes of data for which one `flow` or `reply` is always allowed. */
  bytesPerFlow: 8 * KiB,
  /** `flow` and `reply` messages a second that are allowed without data. */
  flowsPerSecond: 20,
  /** A socket that says nothing. */
  silentSocketMs: 65 * SECOND,
  /** An attached person who does nothing. */
  idlePersonMs: 30 * MINUTE,
} as const
