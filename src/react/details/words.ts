/** What the details say, in English; loaded with them. A host replaces it as the group `details` of the panel's words. */
import { many, size } from '../words/figures.ts'

export interface DetailsWords {
  readonly title: string
  readonly close: string
  /** The terms of the figures. */
  readonly terms: Readonly<Record<Term, string>>
  /** Spoken, for the curve. */
  readonly curve: string
  readonly figures: string
  readonly log: string
  readonly promise: string
  readonly copy: string
  readonly copied: string
  readonly save: string
  readonly saved: string

  readonly idle: string
  readonly connectedFor: (ms: number) => string
  readonly lostFor: (ms: number) => string
  readonly notMeasured: string
  readonly roundTrip: (ms: number, worstMs: number) => string
  readonly output: (received: number, missing: number) => string
  readonly typing: (sent: number, waiting: number) => string
  readonly reconnects: (times: number, missing: number) => string
  readonly drawnBy: (renderer: 'webgl' | 'dom' | null, cols: number, rows: number) => string
  readonly outputAt: (received: number, drawn: number) => string
  readonly typingAt: (typed: number, written: number) => string
  readonly credit: (output: number, typing: number) => string
  readonly pauses: (why: { readonly transport: boolean; readonly hidden: boolean; readonly offline: boolean }) => string
  readonly repeated: (times: number) => string
  readonly events: Readonly<Record<EventName, (fields: EventFields) => string>>
}

export type Term =
  'state' | 'roundTrip' | 'output' | 'typing' | 'reconnects' | 'drawnBy' | 'outputAt' | 'typingAt' | 'credit' | 'pauses'

/** What a line of the log is about: diagnostics by their code, and what was made of several. */
export type EventName =
  | 'allowed'
  | 'trying'
  | 'connected'
  | 'reconnected'
  | 'offline'
  | 'left'
  | 'elsewhere'
  | 'ended'
  | 'closed'
  | 'lost'
  | 'unreached'
  | 'refused'
  | 'breach'
  | 'gap'
  | 'paused'
  | 'unpaused'
  | 'open-refused'
  | 'channels-unclaimed'
  | 'input-refused'
  | 'held-refused'
  | 'reply-dropped'
  | 'signal-not-sent'
  | 'signal-unconfirmed'
  | 'size-ignored'
  | 'ignored'
  | 'platform-refused'
  | 'socket-refused'
  | 'error-listener-threw'
  /** A code that is none of these. */
  | 'other'

export type EventFields = Readonly<Record<string, string | number | boolean | null>>

/** `1 204`, with a narrow space that does not break. */
export const count = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, '\u202f')

/** `18 min`, `3 s`, `2 h 5 min`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

const coded = (sentence: string, code: string | number | boolean | null | undefined): string =>
  code === undefined || code === null || code === '' ? sentence : `${sentence} (${code})`

const PAUSES: Readonly<Record<string, string>> = {
  transport: 'slow connection',
  hidden: 'page in the background',
  offline: 'offline',
}

export const englishDetails: DetailsWords = {
  title: 'Connection details',
  close: 'Close',
  terms: {
    state: 'State',
    roundTrip: 'Round trip',
    output: 'Output',
    typing: 'Typing',
    reconnects: 'Reconnects',
    drawnBy: 'Drawn by',
    outputAt: 'Output bytes',
    typingAt: 'Typed bytes',
    credit: 'Room for',
    pauses: 'Pauses',
  },
  curve: 'Round trip over the last minute',
  figures: 'More figures',
  log: 'What happened, the newest first',
  promise: 'No output, typing or secrets.',
  copy: 'Copy report',
  copied: 'Copied',
  save: 'Save report',
  saved: 'Saved',

  idle: 'Not connected',
  connectedFor: (ms) => `Connected for ${duration(ms)}`,
  lostFor: (ms) => `Connection lost for ${duration(ms)}`,
  notMeasured: 'Not measured yet',
  roundTrip: (ms, worst) => `${count(ms)} ms, worst ${count(worst)} ms in 1 min`,
  output: (received, missing) => `${size(received)} received, ${missing === 0 ? '0' : size(missing)} missing`,
  typing: (sent, waiting) => `${count(sent)} sent, ${count(waiting)} waiting`,
  reconnects: (times, missing) =>
    times === 0 ? 'None' : `${count(times)}, ${missing === 0 ? 'nothing lost' : `${size(missing)} lost`}`,
  drawnBy: (renderer, cols, rows) =>
    renderer === null ? 'Nothing yet' : `${renderer === 'webgl' ? 'WebGL' : 'DOM'}, ${cols} × ${rows}`,
  outputAt: (received, drawn) => `${count(received)}, drawn to ${count(drawn)}`,
  typingAt: (typed, written) => `${count(typed)}, taken to ${count(written)}`,
  credit: (output, typing) => `${size(output)} of output, ${size(typing)} of typing`,
  pauses: (why) => {
    const names = Object.entries(why).flatMap(([name, on]) => (on ? [PAUSES[name] ?? name] : []))
    return names.length === 0 ? 'None' : names.join(', ').replace(/^./, (first) => first.toUpperCase())
  },
  repeated: (times) => `${count(times)} times`,
  events: {
    allowed: () => 'Access checked',
    trying: () => 'Trying again',
    connected: ({ ms }) => `Connected in ${count(Number(ms))} ms`,
    reconnected: ({ missing }) => (missing === 0 ? 'Reconnected, nothing lost' : `Reconnected, ${size(Number(missing))} lost`),
    offline: () => 'Waiting for a network',
    left: () => 'The page was left',
    elsewhere: () => 'Open elsewhere',
    ended: () => 'Ended',
    closed: ({ code }) => coded('Connection closed', code),
    lost: ({ code }) => coded('Connection lost', code),
    unreached: ({ code }) => coded('No connection', code),
    refused: ({ why }) => coded('Access refused', why),
    breach: ({ code }) => coded('Something unreadable came', code),
    gap: ({ bytes }) => `${size(Number(bytes))} of output is missing`,
    paused: ({ why }) => `Paused: ${PAUSES[String(why)] ?? String(why)}`,
    unpaused: ({ why }) => `Goes on: ${PAUSES[String(why)] ?? String(why)} is over`,
    'open-refused': ({ code }) => coded('The shell was refused', code),
    'channels-unclaimed': ({ count: left }) => `${many(Number(left), 'terminal', 'terminals')} of this session not shown`,
    'input-refused': ({ bytes, why }) =>
      coded(bytes === undefined ? 'Typing refused' : `${size(Number(bytes))} of typing refused`, why),
    'held-refused': ({ why }) => coded('Typing is not kept any more', why),
    'reply-dropped': ({ why }) => coded('An automatic answer was dropped', why),
    'signal-not-sent': ({ sig }) => coded('A signal was not sent', sig),
    'signal-unconfirmed': ({ signals }) => coded('A signal may be lost', signals),
    'size-ignored': () => 'A size that cannot be was ignored',
    ignored: ({ event }) => coded('Nothing to do', event),
    'platform-refused': ({ what, why }) => coded(`The browser refused: ${String(what)}`, why),
    'socket-refused': ({ why }) => coded('The browser refused to connect', why),
    'error-listener-threw': () => 'The page failed to hear of an error',
    other: ({ code }) => String(code),
  },
}
