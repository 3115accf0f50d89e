/** Writes down what passed between client and server, so that two plays of a script can be compared. */
import type { ControlMessage, Stream } from '../src/protocol/messages.ts'

type Way = 'up' | 'down'

/** What happened. `up` is from the client to the server. */
export type TraceEvent =
  | { readonly what: 'token-asked'; readonly takeOver: boolean }
  /** `code` is the endpoint's own word for a refusal; null where the answer was a token, or never came. */
  | { readonly what: 'token-answered'; readonly status: number; readonly code: string | null }
  /** Nobody was there to ask. */
  | { readonly what: 'token-lost' }
  /** A try to connect did not become a connection; 503 where nobody was there. */
  | { readonly what: 'refused'; readonly status: number }
  | { readonly what: 'opened' }
  | { readonly what: 'control'; readonly way: Way; readonly message: Readonly<Record<string, unknown>> }
  /** Bytes `from` to `to` of this channel and direction, counted since the connection opened. */
  | {
      readonly what: 'data'
      readonly way: Way
      readonly channel: number
      readonly stream: Stream
      readonly from: number
      readonly to: number
    }
  /** A frame that cannot be read. */
  | { readonly what: 'unreadable'; readonly way: Way; readonly bytes: number }
  /** `by`: who closed first, or `network` where it broke. */
  | { readonly what: 'closed'; readonly by: 'client' | 'server' | 'network'; readonly code: number; readonly reason: string }

export type TraceEntry = TraceEvent & {
  /** Milliseconds since the first entry. */
  readonly at: number
  /** Which request for a token, or which try to connect; counted from 1. */
  readonly of: Thread
}

export type Thread = `token ${number}` | `connection ${number}`

export interface Recorder {
  readonly record: (of: Thread, event: TraceEvent) => void
  /** A message with nothing in it that is secret or by chance. */
  readonly harmless: (message: ControlMessage) => Readonly<Record<string, unknown>>
  /**
   * What happened, in order. What is not as it was on the wire:
   *
   * - `at` counts from the first entry and is rounded to a whole millisecond, so that the beginning of a clock does not matter.
   * - One-time tokens, session tokens, session ids and proofs are `secret 1`, `secret 2`, … in the order in which they were first
   *   seen: a trace may be shown to anybody, and which secret comes back where can still be seen.
   * - `ts` of pings and pongs is left out: it means nothing, and the server's is chance. So is `user` of an `open`: it may hold passwords.
   * - Data are numbers of bytes; nothing that was typed or printed is in a trace. Frames of one direction, channel and stream with
   *   nothing else of their connection between them are one entry, with the time of the first: what counts is which bytes came
   *   between which messages. Messages that begin with `x-` are left out.
   * - Entries of one instant that belong to different connections or requests are sorted by these: real sockets know no order
   *   among each other.
   *
   * Only the last 20 000 entries are kept.
   */
  trace(): readonly TraceEntry[]
}

const MOST_ENTRIES = 20_000

/** The last entry of a thread may still grow. */
type Growing = { -readonly [K in keyof DataEntry]: DataEntry[K] }
type DataEntry = Extract<TraceEntry, { what: 'data' }>

export function createRecorder(now: () => number): Recorder {
  let entries: TraceEntry[] = []
  let first: number | null = null
  const growing = new Map<Thread, Growing>()
  const aliases = new Map<string, string>()

  function alias(secret: string): string {
    const known = aliases.get(secret) ?? `secret ${aliases.size + 1}`
    aliases.set(secret, known)
    return known
  }

  function harmless(message: object): Record<string, unknown> {
    const shown = Object.entries(message).filter(([name, value]) => value !== undefined && !LEFT_OUT.has(name))
    return Object.fromEntries(shown.map(([name, value]) => [name, harmlessValue(name, value)]))
  }

  function harmlessValue(name: string, value: unknown): unknown {
    // The id of a session is a secret as good as any; that of a channel is a number.
    if (typeof value === 'string') return SECRET.has(name) ? alias(value) : value
    if (Array.isArray(value)) return value.map((each) => harmlessValue('', each))
    return typeof value === 'object' && value !== null ? harmless(value) : value
  }

  return {
    record(of, event) {
      first ??= now()
      const last = growing.get(of)
      if (event.what === 'data' && last !== undefined && goesOn(last, event)) {
        last.to = event.to
        return
      }
      const entry = { at: Math.round(now() - first), of, ...event }
      entries.push(entry)
      if (entry.what === 'data') growing.set(of, entry)
      else growing.delete(of)
      if (entries.length > 2 * MOST_ENTRIES) entries = entries.slice(-MOST_ENTRIES)
    },
    harmless,
    trace: () =>
      entries
        .slice(-MOST_ENTRIES)
        .map((entry) => ({ ...entry }))
        .sort((a, b) => a.at - b.at || (a.of < b.of ? -1 : Number(a.of > b.of))),
  }
}

const SECRET: ReadonlySet<string> = new Set(['token', 'proof', 'session', 'resumeKey', 'id'])
const LEFT_OUT: ReadonlySet<string> = new Set(['ts', 'user'])

function goesOn(last: Growing, event: Extract<TraceEvent, { what: 'data' }>): boolean {
  return last.way === event.way && last.channel === event.channel && last.stream === event.stream && last.to === event.from
}
