/** The list of what happened, from a connection's diagnostics: a line for each thing that a person would tell, the newest first. */
import type { Note } from '../../client/api.ts'
import type { DetailsWords, EventFields, EventName } from './words.ts'

export interface LogLine {
  /** Milliseconds since 1970, of the last time. */
  readonly at: number
  readonly name: EventName
  readonly fields: EventFields
  readonly times: number
}

/** Lines that are shown; the report has all. */
const LINES = 30

export function logOf(notes: readonly Note[]): readonly LogLine[] {
  const lines: LogLine[] = []
  let setOut: number | null = null
  let wasReady = false
  for (const note of notes) {
    const { at, timestamp, code, fields, times } = note
    const add = (name: EventName, own: EventFields = fields): number => lines.push({ at: timestamp, name, fields: own, times })
    if (code !== 'phase') {
      add(nameOf(code, fields), code in NAMES ? fields : { ...fields, code })
      continue
    }
    const { from, to } = fields
    if (from === 'idle' || from === 'ended' || from === 'elsewhere') setOut = at
    if (to === 'ready') {
      if (wasReady) add('reconnected', { missing: missingAt(notes, at) })
      else if (setOut !== null) add('connected', { ms: at - setOut })
      wasReady = true
      continue
    }
    const name = phaseName(String(from), String(to))
    if (name !== null) add(name)
    // What follows an end is a new start.
    if (to === 'ended') wasReady = false
  }
  return lines
    .filter((line) => !isToldByResume(line, lines))
    .slice(-LINES)
    .reverse()
}

/** Bytes that a resume at this moment has not brought. */
function missingAt(notes: readonly Note[], at: number): number {
  return notes.reduce((sum, note) => sum + (note.code === 'gap' && note.at === at ? Number(note.fields['bytes']) : 0), 0)
}

function isToldByResume({ name, at }: LogLine, lines: readonly LogLine[]): boolean {
  return name === 'gap' && lines.some((other) => other.name === 'reconnected' && other.at === at)
}

/** The way to a connection has more phases than a person wants to read of. */
function phaseName(from: string, to: string): EventName | null {
  switch (to) {
    case 'connecting':
      if (from === 'authorizing') return 'allowed'
      return from === 'waiting' || from === 'offline' ? 'trying' : null
    case 'offline':
    case 'elsewhere':
    case 'ended':
      return to
    case 'suspended':
      return 'left'
    default:
      return null
  }
}

const NAMES: Readonly<Record<string, EventName>> = {
  breach: 'breach',
  gap: 'gap',
  paused: 'paused',
  unpaused: 'unpaused',
  'token-refused': 'refused',
  'socket-lost': 'lost',
  'open-refused': 'open-refused',
  'channels-unclaimed': 'channels-unclaimed',
  'input-refused': 'input-refused',
  'held-refused': 'held-refused',
  'reply-dropped': 'reply-dropped',
  'signal-not-sent': 'signal-not-sent',
  'signal-unconfirmed': 'signal-unconfirmed',
  'size-ignored': 'size-ignored',
  ignored: 'ignored',
  'platform-refused': 'platform-refused',
  'socket-refused': 'socket-refused',
  'error-listener-threw': 'error-listener-threw',
}

function nameOf(code: string, fields: EventFields): EventName {
  if (code !== 'socket-lost') return NAMES[code] ?? 'other'
  if (fields['code'] === 1000) return 'closed'
  return fields['in'] === 'ready' ? 'lost' : 'unreached'
}

export function logWords({ name, fields, times }: LogLine, words: DetailsWords): string {
  const sentence = words.events[name](fields)
  return times === 1 ? sentence : `${sentence}, ${words.repeated(times)}`
}
