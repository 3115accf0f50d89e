/** A connection that is moved by hand: the panel's tests and stories put it into any state. */
import type {
  Accepted,
  Channel,
  ChannelEvents,
  Connection,
  ConnectionEvents,
  OpenOptions,
  Paste,
  Recent,
  Snapshot,
  Stats,
  Status,
} from '../client/api.ts'
import { Emitter } from '../client/emitter.ts'
import { initialState } from '../client/machine.ts'
import { RECONNECT_POLICY } from '../client/machine/backoff.ts'
import { Recorder } from '../client/recording/recorder.ts'
import { makeReport } from '../client/recording/report.ts'
import { IDLE, NO_STATS } from '../client/shown.ts'
import type { TerminalSize } from '../protocol/messages.ts'

const NOTHING_YET = initialState({
  allocation: 'box',
  profile: 'nimbus.v1',
  resume: true,
  hidden: 'pause',
  reconnect: RECONNECT_POLICY,
  url: null,
})

/** What was asked of the connection or its channel, in order. */
export type Asked =
  | { readonly ask: 'retry' | 'restart' | 'takeOver' | 'dismissUnsent' | 'disconnect' | 'dispose' | 'cancel-paste' | 'close' }
  | { readonly ask: 'open'; readonly options: OpenOptions | undefined }
  | { readonly ask: 'write' | 'paste'; readonly input: string }
  | { readonly ask: 'reply'; readonly input: string; readonly at: number }
  | { readonly ask: 'consumed'; readonly offset: number }
  | { readonly ask: 'resize'; readonly size: TerminalSize }
  | { readonly ask: 'signal'; readonly signal: string }

export interface HandDriven extends Connection {
  readonly asked: readonly Asked[]
  /** Changes the snapshot and tells who watches. */
  become(change: Partial<Snapshot>): void
  status(status: Status): void
  /** Output of the program, as text or bytes; the offset goes on from the last one. */
  output(data: string | Uint8Array<ArrayBuffer>, answered?: boolean): void
  tell<K extends keyof ChannelEvents>(event: K, value: ChannelEvents[K]): void
  tellConnection<K extends keyof ConnectionEvents>(event: K, value: ConnectionEvents[K]): void
  /** What becomes of the next keys. */
  accepts: Accepted
  stat: Stats
  recents: Recent
}

export function handDriven(now: () => number = () => performance.now()): HandDriven {
  const asked: Asked[] = []
  const watchers = new Set<() => void>()
  const connection = new Emitter<ConnectionEvents>()
  const channelEvents = new Emitter<ChannelEvents>()
  let snapshot = IDLE
  let offset = 0
  const textOf = (input: string | Uint8Array): string => (typeof input === 'string' ? input : new TextDecoder().decode(input))

  const channel: Channel = {
    write(input) {
      asked.push({ ask: 'write', input: textOf(input) })
      const { held } = snapshot
      if (hand.accepts === 'held') hand.become({ held: { ...held, keys: held.keys + 1 } })
      return hand.accepts
    },
    paste(input): Paste {
      asked.push({ ask: 'paste', input: textOf(input) })
      let finish: (value: { readonly sent: number; readonly complete: boolean }) => void = () => {}
      const done = new Promise<{ readonly sent: number; readonly complete: boolean }>((resolve) => (finish = resolve))
      const bytes = textOf(input).length
      const sent = Math.floor(bytes / 4)
      return {
        bytes,
        sent: () => sent,
        done,
        cancel() {
          asked.push({ ask: 'cancel-paste' })
          finish({ sent, complete: false })
        },
      }
    },
    reply: (input, at) => void asked.push({ ask: 'reply', input, at }),
    consumed: (offset) => void asked.push({ ask: 'consumed', offset }),
    resize: (size) => void asked.push({ ask: 'resize', size }),
    signal: (signal) => void asked.push({ ask: 'signal', signal }),
    close: () => void asked.push({ ask: 'close' }),
    on: (event, listener) => channelEvents.on(event, listener),
  }

  const hand: HandDriven = {
    asked,
    accepts: 'sent',
    stat: NO_STATS,
    recents: { notes: [], roundTrips: [] },
    become(change) {
      snapshot = { ...snapshot, ...change }
      for (const watcher of watchers) watcher()
    },
    status: (status) => hand.become({ status }),
    output(data, answered = false) {
      const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data
      offset += bytes.length
      channelEvents.emit('data', { stream: 1, bytes, end: offset, answered })
    },
    tell: (event, value) => channelEvents.emit(event, value),
    tellConnection: (event, value) => connection.emit(event, value),
    snapshot: () => snapshot,
    stats: () => hand.stat,
    recent: () => hand.recents,
    report: (facts = {}) =>
      makeReport({
        recorder: new Recorder(NOTHING_YET),
        state: NOTHING_YET,
        snapshot,
        stats: hand.stat,
        made: { wall: 0, now: now() },
        facts,
      }),
    now,
    subscribe(listener) {
      watchers.add(listener)
      return () => watchers.delete(listener)
    },
    on: (event, listener) => connection.on(event, listener),
    open(options) {
      asked.push({ ask: 'open', options })
      return channel
    },
    retry: () => void asked.push({ ask: 'retry' }),
    restart: () => void asked.push({ ask: 'restart' }),
    takeOver: () => void asked.push({ ask: 'takeOver' }),
    dismissUnsent() {
      asked.push({ ask: 'dismissUnsent' })
      hand.become({ unsent: null })
    },
    disconnect: () => void asked.push({ ask: 'disconnect' }),
    dispose: () => void asked.push({ ask: 'dispose' }),
  }
  return hand
}
