/** Keeps what happened last to a machine: the events since a state that it was in, what it ordered, and its diagnostics. */
import type { Effect, Stamped, State } from '../machine/state.ts'
import type { Diagnostic, RoundTrip } from '../shown.ts'

/**
 * Events of a generation. Two are kept, so that between one and two thousand events can be replayed however long the session
 * lives. States are never changed, only replaced: the state at which a generation begins is kept by keeping a reference.
 */
const GENERATION = 1024
/** Diagnostics kept; those in a row that say the same count as one. They reach much farther back than the events. */
const NOTES = 256
/** Round trips kept: a minute of one a second. */
const ROUND_TRIPS = 64

/** What the machine did for one event; null where it threw. */
export type Did = readonly Effect[] | null

export interface Generation {
  readonly start: State
  readonly events: Stamped[]
  readonly did: Did[]
}

/** A diagnostic with the monotonic time of its last occurrence, and how often it came in a row. */
export interface Note extends Diagnostic {
  readonly bus: 'diagnostic' | 'policy'
  readonly at: number
  readonly times: number
}

/** Costs two references an event: nothing is copied, hidden or written out before somebody asks for a report. */
export class Recorder {
  #older: Generation | null = null
  #newer: Generation
  /** Events before the first one that is kept. */
  #dropped = 0
  #measured = 0
  readonly #notes: Note[] = []
  readonly #roundTrips: RoundTrip[] = []

  constructor(start: State) {
    this.#newer = { start, events: [], did: [] }
  }

  /** The machine is about to take an event in this state. */
  take(event: Stamped, state: State): void {
    const { events, did } = this.#newer
    // The machine threw: nobody said what it did.
    if (did.length < events.length) did.push(null)
    if (events.length >= GENERATION) this.#rotate(state)
    this.#newer.events.push(event)
  }

  /** It has taken the event, and this came of it. */
  taken(effects: readonly Effect[], { liveness }: State, now: number): void {
    this.#newer.did.push(effects)
    const measured = liveness?.measured ?? 0
    if (measured > this.#measured && liveness !== null)
      push(this.#roundTrips, { at: now, ms: liveness.roundTripMs ?? 0 }, ROUND_TRIPS)
    this.#measured = measured
  }

  note(note: Omit<Note, 'times'>): void {
    const last = this.#notes.at(-1)
    const again = last !== undefined && last.code === note.code && last.phase === note.phase && sameFields(last, note)
    if (again) this.#notes.pop()
    push(this.#notes, { ...note, times: again ? last.times + 1 : 1 }, NOTES)
  }

  notes(): readonly Note[] {
    return [...this.#notes]
  }

  roundTrips(): readonly RoundTrip[] {
    return [...this.#roundTrips]
  }

  /** Everything that can be replayed, from the state in which it begins. */
  recorded(): Generation & { readonly dropped: number } {
    const { start } = this.#older ?? this.#newer
    const did = this.#newer.did.length < this.#newer.events.length ? [...this.#newer.did, null] : this.#newer.did
    return {
      dropped: this.#dropped,
      start,
      events: [...(this.#older?.events ?? []), ...this.#newer.events],
      did: [...(this.#older?.did ?? []), ...did],
    }
  }

  #rotate(start: State): void {
    this.#dropped += this.#older?.events.length ?? 0
    this.#older = this.#newer
    this.#newer = { start, events: [], did: [] }
  }
}

function push<T>(list: T[], item: T, most: number): void {
  list.push(item)
  if (list.length > most) list.shift()
}

function sameFields({ fields: a }: Pick<Note, 'fields'>, { fields: b }: Pick<Note, 'fields'>): boolean {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name])
}
