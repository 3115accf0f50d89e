/** Plays a bug report through the machine again, and says where the machine did something else. */
import { isRecord } from '../../protocol/guards.ts'
import { transition } from '../machine.ts'
import type { Effect, Stamped, State } from '../machine/state.ts'
import { asTheyAre, canonical, fingerprint } from './redaction.ts'
import type { Did } from './recorder.ts'
import { REPORT_FORMAT, REPORT_VERSION, outcome } from './report.ts'
import type { BugReport, RecordedEvent } from './report.ts'

/** The text of a report, read: or why it is none, as one sentence for whoever asked. */
export type ReadReport = { readonly ok: true; readonly report: BugReport } | { readonly ok: false; readonly problem: string }

/** Reads a report that may be anything. Never throws. */
export function readReport(text: string): ReadReport {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { ok: false, problem: 'It is not JSON: was it cut off on the way?' }
  }
  const problem = fault(value)
  // What `fault` looked at is what the replay reads; the rest is only printed.
  return problem === null ? { ok: true, report: value as BugReport } : { ok: false, problem }
}

function fault(value: unknown): string | null {
  if (!isRecord(value) || value['format'] !== REPORT_FORMAT)
    return `It is no bug report of this terminal: those have \`"format": "${REPORT_FORMAT}"\`.`
  const { version, library, made, notes, roundTrips, recording, facts } = value
  if (version !== REPORT_VERSION) return otherVersion(version, library)
  if (!isRecord(made) || typeof made['wall'] !== 'number' || typeof made['now'] !== 'number') return incomplete('`made`')
  if (!isRecord(facts)) return incomplete('`facts`')
  if (!Array.isArray(notes) || !notes.every(isNote)) return incomplete('`notes`')
  if (!Array.isArray(roundTrips)) return incomplete('`roundTrips`')
  if (!isRecord(recording) || typeof recording['end'] !== 'string' || typeof recording['dropped'] !== 'number')
    return incomplete('`recording`')
  if (!isState(recording['start'])) return incomplete('`recording.start`')
  if (!Array.isArray(recording['events'])) return incomplete('`recording.events`')
  const at = recording['events'].findIndex((event) => !isRecorded(event))
  return at < 0 ? null : incomplete(`event ${at + 1} of \`recording.events\``)
}

function otherVersion(version: unknown, library: unknown): string {
  const by = typeof library === 'string' ? ` by version ${library} of the package` : ''
  const advice =
    typeof version === 'number' && version > REPORT_VERSION
      ? 'Replay it with that version.'
      : 'This version reads it no more: replay it with the one that wrote it.'
  return `It was written${by} in format ${JSON.stringify(version) ?? 'without a number'}, and this is format ${REPORT_VERSION}. ${advice}`
}

const incomplete = (what: string): string => `It is a bug report, but ${what} is missing or not what it should be.`

function isNote(value: unknown): boolean {
  return isRecord(value) && typeof value['at'] === 'number' && typeof value['code'] === 'string' && isRecord(value['fields'])
}

function isState(value: unknown): boolean {
  return isRecord(value) && isRecord(value['config']) && isRecord(value['phase']) && Array.isArray(value['channels'])
}

function isRecorded(value: unknown): boolean {
  if (!isRecord(value) || !isRecord(value['event'])) return false
  const { type, now, chance } = value['event']
  const { did, mark } = value
  const isDone = did === undefined || did === null || (Array.isArray(did) && typeof mark === 'string')
  return typeof type === 'string' && typeof now === 'number' && typeof chance === 'number' && isDone
}

/** One event as it was replayed. */
export interface Step {
  readonly event: Stamped
  /** What the machine did now; null where it threw. */
  readonly did: Did
  /** The phase after it. */
  readonly phase: State['phase']['name']
}

/** Where this machine went another way than the recorded one: at an event, counted from 1, or only in the state at the end. */
export interface Divergence {
  readonly at: number | 'end'
  readonly recorded: readonly string[] | null
  readonly replayed: readonly string[] | null
}

export interface Replay {
  readonly steps: readonly Step[]
  readonly end: State
  /** The first one; what follows it means little. */
  readonly divergence: Divergence | null
}

/** Replays to the end, or up to an event at which the machine throws now and did not throw then. */
export function replay({ recording }: BugReport): Replay {
  // Written by `canonical` from the machine's own state and events, and looked over by `readReport`.
  let state = revived(recording.start) as State
  const steps: Step[] = []
  let divergence: Divergence | null = null
  for (const recorded of recording.events) {
    const event = revived(recorded.event) as Stamped // as above
    const [next, did] = attempt(state, event)
    state = next
    steps.push({ event, did, phase: state.phase.name })
    divergence ??= differs(recorded, did, steps.length)
    if (did === null && recorded.did !== null) break
  }
  if (divergence === null && fingerprint(canonical(state, asTheyAre)) !== recording.end)
    divergence = { at: 'end', recorded: null, replayed: null }
  return { steps, end: state, divergence }
}

function attempt(state: State, event: Stamped): readonly [State, readonly Effect[] | null] {
  try {
    return transition(state, event)
  } catch {
    return [state, null]
  }
}

function differs(recorded: RecordedEvent, did: Did, at: number): Divergence | null {
  const now = outcome(did, asTheyAre)
  if (recorded.mark === now.mark && (recorded.did === null) === (now.did === null)) return null
  const short = ({ did }: Omit<RecordedEvent, 'event'>): readonly string[] | null => (did === undefined ? [] : did)
  return { at, recorded: short(recorded), replayed: short(now) }
}

const NOT_IN_JSON: ReadonlyMap<unknown, number> = new Map([NaN, Infinity, -Infinity].map((value) => [String(value), value]))

/** What `canonical` wrote, with the numbers that JSON has not. */
function revived(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revived)
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revived(item)]))
  return NOT_IN_JSON.get(value) ?? value
}
