/** What an application sees of a connection: a snapshot to draw, events to hear, and a few things to ask for. */
import type { OpenTarget, OpenUser, SignalName, Stream, TerminalSize } from '../protocol/messages.ts'
import type { Note } from './recording/recorder.ts'
import type { BugReport, Facts } from './recording/report.ts'
import type { Diagnostic, End, RoundTrip, Snapshot, Stats } from './shown.ts'

export type { Note } from './recording/recorder.ts'
export type { BugReport, Facts, RecordedEvent, Recording } from './recording/report.ts'
export type { Diagnostic, End, RoundTrip, Snapshot, Stats, Status } from './shown.ts'

/** What happened last, the oldest first: a few hundred diagnostics and about a minute of round trips. */
export interface Recent {
  readonly notes: readonly Note[]
  readonly roundTrips: readonly RoundTrip[]
}

/** Bytes for the emulator. */
export interface Output {
  readonly stream: Stream
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Absolute output offset after the last byte; hand it to `consumed` once these bytes are drawn. */
  readonly end: number
  /** The program's queries in these bytes were answered before: the emulator's own answers must be dropped. */
  readonly answered: boolean
}

export interface ChannelEvents {
  data: Output
  /**
   * A new screen: whatever the emulator shows belongs to another run of bytes. `size` is the program's size, if known, and
   * `until` the output offset at which the replay ends: up to there the bytes were made for that size. `modes` are control
   * sequences for the emulator before the first byte: they bring it into the modes that older output had set. They are of no
   * offset, and what the emulator answers to them is dropped.
   */
  reset: { readonly size?: TerminalSize; readonly until?: number; readonly modes?: string }
  /** Bytes are missing here. Comes between two `data`, in order; hand `end` to `consumed` once it was marked. */
  gap: { readonly bytes: number; readonly end: number }
  /** The channel is open and can be written to; also after each resume. */
  ready: { readonly resumed: boolean }
  close: End
  /** Input that was refused or lost. `text` is for the person who typed it, and only for them. */
  unsent: { readonly bytes: Uint8Array<ArrayBuffer>; readonly keys: number; readonly maybeWritten: boolean }
}

export interface ConnectionEvents {
  ready: { readonly resumed: boolean }
  close: End
  error: Error
  diagnostic: Diagnostic
  policy: Diagnostic
}

/** What became of typed bytes at the moment they were typed. */
export type Accepted = 'sent' | 'held' | 'refused'

/** A paste in progress. Keys typed meanwhile go first. */
export interface Paste {
  readonly bytes: number
  /** Bytes handed to the connection so far. */
  readonly sent: () => number
  /** Resolves with the bytes handed over when the paste is over, one way or the other. */
  readonly done: Promise<{ readonly sent: number; readonly complete: boolean }>
  cancel(): void
}

/** One terminal on a connection. */
export interface Channel {
  /** Typed by a person: taken whole or refused whole. */
  write(input: string | Uint8Array<ArrayBuffer>): Accepted
  /** Any amount; flows as the program takes it. */
  paste(input: string | Uint8Array<ArrayBuffer>): Paste
  /** An answer that the emulator made by itself to output up to offset `at`. */
  reply(input: string, at: number): void
  /** All output up to this absolute offset has been drawn. Offsets never go back; late and double calls are harmless. */
  consumed(offset: number): void
  resize(size: TerminalSize): void
  /** Overtakes input. Sent at most once. */
  signal(signal: SignalName): void
  close(): void
  on<K extends keyof ChannelEvents>(event: K, listener: (value: ChannelEvents[K]) => void): () => void
}

export interface OpenOptions {
  readonly target?: OpenTarget
  readonly user?: OpenUser
  readonly size?: TerminalSize
  readonly env?: Readonly<Record<string, string>>
}

export interface Connection {
  snapshot(): Snapshot
  stats(): Stats
  recent(): Recent
  /**
   * What this connection did, to hand on with a complaint: without output, typing and secrets, and with every event of the last
   * while, so that it can be replayed. `facts` are added as they are.
   */
  report(facts?: Facts): BugReport
  /** Milliseconds on the clock that `since` and `retryAt` are measured on. */
  now(): number
  subscribe(listener: () => void): () => void
  on<K extends keyof ConnectionEvents>(event: K, listener: (value: ConnectionEvents[K]) => void): () => void
  /** The terminal of the allocation, or a further one. */
  open(options?: OpenOptions): Channel
  /** Try at once: ends a wait, and starts again after an end that allows it. */
  retry(): void
  /** A new session, after an end. */
  restart(): void
  takeOver(): void
  dismissUnsent(): void
  /** Ends the session and its program. */
  disconnect(): void
  /** Lets go of everything without ending the session (the page goes away, a component unmounts). */
  dispose(): void
}
