/** A replayed report as lines to read: when, what happened, and what the client made of it. */
import { unreachable } from '../../protocol/unreachable.ts'
import type { Effect, Stamped } from '../machine/state.ts'
import type { Divergence, Replay, Step } from './replay.ts'
import type { BugReport } from './report.ts'

/**
 * The head of the report, what was noted before the first event that is kept, and the events. Runs of events that changed
 * nothing to be seen (output, typing, credit) are one line unless `all`. Whatever of the file is printed has no control characters.
 */
export function timeline(report: BugReport, { steps, divergence }: Replay, all = false): readonly string[] {
  const when = clockOf(report)
  return [
    ...head(report, steps),
    '',
    ...earlier(report, steps, when),
    ...groups(steps, all).map((group) => lineOf(group, when, divergence)),
  ].map(printable)
}

/** Whether the replay is the recording, as sentences. */
export function verdict({ recording }: BugReport, { divergence }: Replay): readonly string[] {
  const { length } = recording.events
  if (divergence === null) return [`The machine did the same: ${length} events, the same orders, the same state at the end.`]
  if (divergence.at === 'end') return ['The machine gave the same orders, but it ended in another state.']
  return [
    `The machine did something else at event ${divergence.at} of ${length}.`,
    `  recorded: ${orders(divergence.recorded)}`,
    `  replayed: ${orders(divergence.replayed)}`,
    ...(String(divergence.recorded) === String(divergence.replayed) ? ['  The same orders by name, with other figures.'] : []),
  ].map(printable)
}

const orders = (did: readonly string[] | null): string => (did === null ? 'it threw' : did.join(', ') || 'nothing')

/** A file from elsewhere must not move the cursor of whoever reads it. */
function printable(text: string): string {
  return text.replace(/\p{C}/gu, '?')
}

type When = (now: number) => string

/** Monotonic times as times of day, UTC. */
function clockOf({ made }: BugReport): When {
  return (now) => {
    const date = new Date(made.wall - made.now + now)
    return Number.isNaN(date.getTime()) ? '--:--:--.---' : date.toISOString().slice(11, 23)
  }
}

function head({ library, profile, made, facts, recording }: BugReport, steps: readonly Step[]): readonly string[] {
  const date = new Date(made.wall)
  const day = Number.isNaN(date.getTime()) ? 'at an unknown time' : date.toISOString().replace('T', ' ').slice(0, 19)
  return [
    `Bug report of @nimbus/terminal ${String(library)} (${String(profile)}), made ${day} UTC`,
    ...Object.entries(facts).map(([name, value]) => `${name}: ${String(value)}`),
    `${steps.length} events, ${recording.dropped} before them`,
  ]
}

/** The diagnostics reach farther back than the events. */
function earlier({ notes, recording }: BugReport, steps: readonly Step[], when: When): readonly string[] {
  const first = steps[0]?.event.now ?? Infinity
  if (recording.dropped === 0) return []
  return notes.flatMap((note) => {
    // `readReport` has looked at these three.
    const { at, code, fields } = note as unknown as { at: number; code: string; fields: Readonly<Record<string, unknown>> }
    return at < first ? [`${when(at)}  (before)  ${noted(code, fields)}`] : []
  })
}

function noted(code: string, fields: Readonly<Record<string, unknown>>): string {
  if (code === 'phase') return `${String(fields['from'])} → ${String(fields['to'])}`
  const told = Object.entries(fields).filter(([, value]) => value !== '' && value !== null)
  const rest = told.map(([name, value]) => `${name} ${String(value)}`)
  return rest.length === 0 ? code : `${code} (${rest.join(', ')})`
}

/** Events of one line, the first one counted from 1. */
interface Group {
  readonly first: number
  readonly steps: Step[]
  readonly quiet: boolean
}

function groups(steps: readonly Step[], all: boolean): readonly Group[] {
  const found: Group[] = []
  steps.forEach((step, i) => {
    const quiet = !all && isQuiet(step)
    const last = found.at(-1)
    if (quiet && last?.quiet === true) last.steps.push(step)
    else found.push({ first: i + 1, steps: [step], quiet })
  })
  return found
}

/** Traffic that led to nothing but more traffic. */
function isQuiet({ event, did }: Step): boolean {
  if (did === null || did.some((effect) => effect.do === 'diagnostic' || effect.do === 'ready')) return false
  switch (event.type) {
    case 'data':
    case 'drawn':
    case 'typed':
    case 'replied':
    case 'buffered':
    case 'resize':
      return true
    case 'timer':
      return ['heartbeat', 'acknowledge', 'drain', 'lasting', 'refusing'].includes(event.name)
    case 'message':
      return ['flow', 'ping', 'pong'].includes(event.message.t)
    default:
      return false
  }
}

function lineOf({ first, steps, quiet }: Group, when: When, divergence: Divergence | null): string {
  const [step] = steps
  if (step === undefined) return ''
  const last = first + steps.length - 1
  const mark = typeof divergence?.at === 'number' && divergence.at >= first && divergence.at <= last ? '! ' : '  '
  const what = quiet ? summary(steps) : happened(step.event)
  return `${mark}${when(step.event.now)}  ${what}${quiet ? '' : outcomeOf(step.did)}`
}

function summary(steps: readonly Step[]): string {
  const sums = new Map<string, { times: number; bytes: number }>()
  for (const { event } of steps) {
    const name = happened(event, false)
    const sum = sums.get(name) ?? { times: 0, bytes: 0 }
    sums.set(name, { times: sum.times + 1, bytes: sum.bytes + ('bytes' in event ? event.bytes : 0) })
  }
  return [...sums]
    .map(([name, { times, bytes }]) => `${name}${times > 1 ? ` × ${times}` : ''}${bytes > 0 ? `, ${bytes} bytes` : ''}`)
    .join('; ')
}

function outcomeOf(did: readonly Effect[] | null): string {
  if (did === null) return '  THE MACHINE THREW'
  const notes = did.flatMap((effect) => (effect.do === 'diagnostic' ? [noted(effect.code, effect.fields)] : []))
  return notes.length === 0 ? '' : `  · ${notes.join(' · ')}`
}

/** What happened, in a few words; with its figures unless it is to be summed up. A file may name what never was an event. */
function happened(event: Stamped, figures = true): string {
  try {
    return inWords(event, figures)
  } catch {
    return `unknown event ${event.type}`
  }
}

function inWords(event: Stamped, figures: boolean): string {
  const bytes = figures && 'bytes' in event ? `, ${event.bytes} bytes` : ''
  switch (event.type) {
    case 'started':
      return `started${event.stored === null ? '' : ' with a stored session'}`
    case 'claimed':
      return 'this tab owns the session'
    case 'claim-denied':
      return 'another tab owns the session'
    case 'token':
      return event.answer.ok ? 'access granted' : `access refused: ${event.answer.code}`
    case 'socket-opened':
      return 'socket opened'
    case 'socket-closed':
      return `socket closed (${event.code}${event.reason === '' ? '' : ` ${event.reason}`})`
    case 'message':
      return `server: ${event.message.t}`
    case 'data':
      return `output${bytes}`
    case 'unreadable':
      return `unreadable frame (${event.code}): ${event.detail}`
    case 'buffered':
      return 'socket looked at'
    case 'timer':
      return `timer ${event.name}`
    case 'page':
      return `page: ${event.event}`
    case 'open':
      return `terminal ${event.handle} asked for`
    case 'typed':
      return `${event.paste ? 'pasted' : 'typed'}${bytes}`
    case 'replied':
      return `emulator answered${bytes}`
    case 'drawn':
      return 'drawn'
    case 'resize':
      return figures ? `resized to ${event.size.cols} × ${event.size.rows}` : 'resized'
    case 'signal':
      return `signal ${event.sig}`
    case 'close-channel':
      return `terminal ${event.handle} closed`
    case 'retry':
    case 'restart':
    case 'take-over':
    case 'disconnect':
    case 'dispose':
      return `asked for: ${event.type}`
    default:
      return unreachable(event)
  }
}
