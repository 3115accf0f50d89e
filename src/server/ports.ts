/** What the server core needs from the world, and nothing more: a socket, a program, a clock, chance and the host's say. */
import type { CloseReason } from '../protocol/closeReasons.ts'
import type { OpenTarget, OpenUser, SignalName, Stream, TerminalSize } from '../protocol/messages.ts'
import type { WireMessage } from '../protocol/wireProfile.ts'

/** One accepted WebSocket. A runtime is whatever can make one of these. */
export interface ServerSocket {
  /** `done` once the bytes of the message may be written to again; a runtime that cannot tell never calls it. */
  send(message: WireMessage, done?: () => void): void
  /** Starts the closing handshake. `reason` is a name of at most 123 bytes. */
  close(code: number, reason: string): void
  /** Drops the connection without a handshake. */
  terminate(): void
  /** Bytes handed to `send` that the kernel has not taken yet. */
  bufferedAmount(): number
  /** Stop and go on reading from the socket. Used to bound the input of plain peers. */
  pause?(): void
  resume?(): void
}

/** What a runtime tells the core about a socket that the core accepted. */
export interface SocketEvents {
  message(message: WireMessage): void
  closed(code: number, reason: string): void
  /** The socket's buffer has emptied; only needed where `bufferedAmount` can grow. */
  drained(): void
}

/** What is known of an upgrade request when its socket is handed to the core. */
export interface UpgradeRequest {
  readonly allocation: string
  /** The `Origin` header, checked before the upgrade; `null` only where that is allowed. */
  readonly origin: string | null
  /** For logs and caps: the peer's address as the runtime knows it. */
  readonly remoteAddress?: string
}

/** A monotonic clock in milliseconds, its timers, and wall time for stamps. */
export interface Clock {
  now(): number
  /** Calls back after `delayMs`; the result cancels. Timers do not keep a process alive. */
  after(delayMs: number, callback: () => void): () => void
  /** Calls back once the events that are already waiting have been handled (Node: `setImmediate`). */
  soon(callback: () => void): () => void
  /** Milliseconds since 1970, for stamps only. */
  wall(): number
}

/** Unguessable chance. */
export interface Random {
  bytes(length: number): Uint8Array<ArrayBuffer>
}

/** Who somebody is, as the host application knows them. `id` names the same person every time. */
export interface Principal {
  readonly id: string
}

/** What a backend is asked to start. */
export interface OpenRequest {
  readonly allocation: string
  readonly principal: Principal
  readonly target: OpenTarget
  readonly user?: OpenUser
  readonly size: TerminalSize
  /** Already reduced to the names that the server's policy allows. */
  readonly env: Readonly<Record<string, string>>
}

/** How a program ended: an exit code or the name of a signal without `SIG`. */
export interface ProgramExit {
  readonly code?: number
  readonly sig?: string
}

/** What a program tells its session. `exited` comes after the last `output`, and nothing comes after `exited` or `failed`. */
export interface ProgramEvents {
  opened(): void
  /** The program could not be started. */
  failed(reason: CloseReason, message: string): void
  /** The bytes are lent: they are copied before this returns. */
  output(stream: Stream, bytes: Uint8Array<ArrayBuffer>): void
  /** The program took this many more input bytes, in the order they were written. */
  took(bytes: number): void
  exited(exit: ProgramExit): void
}

/** A running program. No member throws; after the end all do nothing. */
export interface Program {
  /** Queues input. The caller bounds what is queued by waiting for `took`. */
  write(bytes: Uint8Array<ArrayBuffer>): void
  resize(size: TerminalSize): void
  signal(signal: SignalName): void
  /** No `output` after this returns until `resume`, save for a program that has already exited, whose last bytes still come. */
  pause(): void
  resume(): void
  /** Ends the program with everything it started: HUP, and KILL after a while. `exited` still follows. */
  end(): void
  /** Ends it now, with KILL. */
  kill(): void
}

/** Starts programs. `echo` and `pty` are backends, and so is whatever a user writes. */
export interface Backend {
  /** False for producers that cannot be paused; they end with `backpressure_overflow` when the buffer is full. Default true. */
  readonly pausable?: boolean
  open(request: OpenRequest, events: ProgramEvents): Program
}

/** A value now or later. The core goes on at once where it is there at once. */
export type MaybePromise<T> = T | Promise<T>
