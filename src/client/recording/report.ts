/** The bug report: what is in the JSON that a person hands on, and how it is made from a recorder. */
import type { Effect, State } from '../machine/state.ts'
import type { Snapshot, Stats } from '../shown.ts'
import { VERSION } from '../version.ts'
import type { Did, Note, Recorder } from './recorder.ts'
import { canonical, fingerprint, placeholders } from './redaction.ts'
import type { JsonValue, Texts } from './redaction.ts'

export const REPORT_FORMAT = 'nimbus-terminal-report'
/** Changes whenever a reader of the format before would misunderstand. */
export const REPORT_VERSION = 1

/** What a host knows and a report may say: the browser, the renderer, its own version. They are in the report as they are. */
export type Facts = Readonly<Record<string, string | number | boolean | null>>

/**
 * Everything that helps to understand what a connection did, JSON-safe, without output, typing, titles, tokens, proofs,
 * addresses and names: each such text is a placeholder (`<token 3>`), the same for the same text. What is in it of the
 * contents is how many bytes went when, each key included.
 */
export interface BugReport {
  readonly format: typeof REPORT_FORMAT
  readonly version: typeof REPORT_VERSION
  /** Version of the package. */
  readonly library: string
  /** Name of the wire profile. */
  readonly profile: string
  /** Milliseconds since 1970, and at the same moment the monotonic clock of all other times here. */
  readonly made: { readonly wall: number; readonly now: number }
  readonly facts: Facts
  readonly snapshot: JsonValue
  readonly stats: JsonValue
  /** Diagnostics and policy events, the oldest first; the last 256. */
  readonly notes: readonly JsonValue[]
  /** Round trips measured, the oldest first; the last 64. Milliseconds. */
  readonly roundTrips: readonly JsonValue[]
  readonly recording: Recording
}

/** Events that replay to the same states and orders. */
export interface Recording {
  /** Events of this connection that happened before `start`. */
  readonly dropped: number
  /** The machine's state before the first event. */
  readonly start: JsonValue
  /** Between one and two thousand, or all there were. */
  readonly events: readonly RecordedEvent[]
  /** Fingerprint of the state after the last event. */
  readonly end: string
}

export interface RecordedEvent {
  /** The event with its time and chance, as the machine took it. */
  readonly event: JsonValue
  /** The orders it led to, in short: `timer heartbeat`, `send flow`. Absent if there were none; null if the machine threw. */
  readonly did?: readonly string[] | null
  /** Fingerprint of those orders in full. */
  readonly mark?: string
}

export interface ReportParts {
  readonly recorder: Recorder
  readonly state: State
  readonly snapshot: Snapshot
  readonly stats: Stats
  readonly made: BugReport['made']
  readonly facts: Facts
}

/** Makes a report. Takes about ten milliseconds for two thousand events; nothing of it refers to what goes on. */
export function makeReport({ recorder, state, snapshot, stats, made, facts }: ReportParts): BugReport {
  const { profile } = state.config
  const texts = placeholders(profile)
  const { dropped, start, events, did } = recorder.recorded()
  return {
    format: REPORT_FORMAT,
    version: REPORT_VERSION,
    library: VERSION,
    profile,
    made,
    facts: limited(facts),
    recording: {
      dropped,
      start: canonical(start, texts),
      events: events.map((event, i) => ({ event: canonical(event, texts), ...outcome(did[i] ?? null, texts) })),
      end: fingerprint(canonical(state, texts)),
    },
    snapshot: canonical(snapshot, texts),
    stats: canonical(stats, texts),
    notes: recorder.notes().map((note: Note) => canonical(note, texts)),
    roundTrips: recorder.roundTrips().map((roundTrip) => canonical(roundTrip, texts)),
  }
}

/** What an event led to, as a report has it. */
export function outcome(did: Did, texts: Texts): Omit<RecordedEvent, 'event'> {
  if (did === null) return { did: null }
  return did.length === 0 ? {} : { did: did.map(inShort), mark: fingerprint(canonical(did, texts)) }
}

function inShort(effect: Effect): string {
  switch (effect.do) {
    case 'send':
      return `send ${effect.message.t}`
    case 'timer':
    case 'cancel':
      return `${effect.do} ${effect.name}`
    case 'diagnostic':
      return `note ${effect.code}`
    default:
      return effect.do
  }
}

const FACTS = 40
const FACT_LENGTH = 400

/** A host that hands over more than facts does not make the report unwieldy. */
function limited(facts: Facts): Facts {
  const cut = (value: Facts[string]): Facts[string] => (typeof value === 'string' ? value.slice(0, FACT_LENGTH) : value)
  const entries = Object.entries(facts).slice(0, FACTS)
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(0, FACT_LENGTH), cut(value)]))
}
