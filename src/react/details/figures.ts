/** The figures of the details: a term and a few words for each, from what a connection says of itself. */
import type { Connection, Note, Snapshot } from '../../client/api.ts'
import type { Words } from '../words/words.ts'
import { curveOf } from './curve.ts'
import type { DetailsWords, Term } from './words.ts'

/** How the grid is drawn. */
export interface Drawing {
  readonly renderer: 'webgl' | 'dom' | null
  readonly cols: number
  readonly rows: number
}

export type Figure = readonly [Term, string]

export interface Figures {
  /** What most people want to know. */
  readonly main: readonly Figure[]
  /** What those want to know who look for a fault. */
  readonly more: readonly Figure[]
}

export function figuresOf(connection: Connection, drawing: Drawing | null, words: Words, own: DetailsWords): Figures {
  const snapshot = connection.snapshot()
  const stats = connection.stats()
  const now = connection.now()
  const { notes, roundTrips } = connection.recent()
  const { last, worst } = curveOf(roundTrips, now)
  return {
    main: [
      ['state', stateWords(snapshot, now, notes, words, own)],
      ['roundTrip', last === null || worst === null ? own.notMeasured : own.roundTrip(last, worst)],
      ['output', own.output(stats.received, stats.missing)],
      ['typing', own.typing(stats.sent, stats.typed - stats.written)],
      ['reconnects', own.reconnects(stats.reconnects, stats.missing)],
      ...(drawing === null ? [] : [['drawnBy', own.drawnBy(drawing.renderer, drawing.cols, drawing.rows)] as const]),
    ],
    more: [
      ['outputAt', own.outputAt(stats.received, stats.drawn)],
      ['typingAt', own.typingAt(stats.typed, stats.written)],
      ['credit', own.credit(stats.outputCredit, stats.inputCredit)],
      ['pauses', own.pauses(snapshot.paused)],
    ],
  }
}

/** The sentence whole, with the code that the line leaves out. */
function stateWords({ status }: Snapshot, now: number, notes: readonly Note[], words: Words, own: DetailsWords): string {
  switch (status.phase) {
    case 'idle':
      return own.idle
    case 'starting':
      return {
        claiming: words.start.connecting,
        authorizing: words.start.authenticating,
        connecting: words.start.connecting,
        opening: words.start.opening,
      }[status.step]
    case 'ready':
      return own.connectedFor(now - status.since)
    case 'lost':
      return own.lostFor(now - status.since)
    case 'elsewhere':
      return status.how === 'superseded'
        ? words.ended.superseded
        : status.how === 'busy'
          ? words.ended.busy
          : words.ended.elsewhere
    case 'ended':
      return `${words.ended.reason(status.end, triesIn(notes))} (${status.end.reason}, ${status.end.code})`
  }
}

/** Tries that failed since there was a connection. */
function triesIn(notes: readonly Note[]): number {
  return notes.reduce((tries, { code, fields, times }) => {
    if (code === 'phase' && fields['to'] === 'ready') return 0
    const failed = code === 'token-refused' || (code === 'socket-lost' && fields['in'] !== 'ready')
    return failed ? tries + times : tries
  }, 0)
}
