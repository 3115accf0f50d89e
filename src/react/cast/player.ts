/** Plays a recording in a panel: a connection whose program is a file. Nothing that is typed goes anywhere. */
import type { Channel, ChannelEvents, Connection, ConnectionEvents, Paste, Recent, Snapshot } from '../../client/api.ts'
import { Emitter } from '../../client/emitter.ts'
import { RECONNECT_POLICY } from '../../client/machine/backoff.ts'
import { initialState } from '../../client/machine.ts'
import { Recorder } from '../../client/recording/recorder.ts'
import { makeReport } from '../../client/recording/report.ts'
import { IDLE, NO_STATS } from '../../client/shown.ts'
import type { Cast, CastEvent } from './cast.ts'

export interface PlayOptions {
  /** Default 1; so is what is not above 0. */
  readonly speed?: number
  /** The longest pause, in milliseconds of the recording. Default 2000. */
  readonly idleMs?: number
}

/** A recording on its way into one panel: `<TerminalPanel allocationId="demo" connect={player.connect} viewOnly />`. */
export interface CastPlayer {
  /** For the panel. */
  readonly connect: () => Connection
  /** Goes on, at once or as soon as a panel is there. */
  play(): void
  pause(): void
  /** From the beginning, on an empty screen. */
  restart(): void
  /** Milliseconds, with its pauses cut; 0 before the first event. */
  position(): number
  readonly duration: number
  playing(): boolean
}

const IDLE_MS = 2000
/** A longer delay would overflow and fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Plays as soon as a panel is there. The lines break as they do in the panel: give it a box of the recording's size. */
export function playCast(cast: Cast, options: PlayOptions = {}): CastPlayer {
  const { speed: wantedSpeed = 1, idleMs = IDLE_MS } = options
  const speed = wantedSpeed > 0 ? wantedSpeed : 1
  const events = withoutIdle(cast.events, idleMs >= 0 ? idleMs : IDLE_MS)
  const channelEvents = new Emitter<ChannelEvents>()
  const connection = castConnection(channelEvents, restart, start)
  let next = 0
  let offset = 0
  let wanted = true
  let started = false
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Where in the recording it was, and at which moment of the page's clock, when it last went on. */
  let origin = { at: 0, since: 0 }

  const before = (): number => events[next - 1]?.at ?? 0
  const reached = (): number => origin.at + (performance.now() - origin.since) * speed

  /** Goes on from here, as soon as somebody wants it and looks. */
  function goOn(): void {
    origin = { at: before(), since: performance.now() }
    schedule()
  }

  function schedule(): void {
    clearTimeout(timer)
    const event = events[next]
    if (!wanted || !started || event === undefined) return
    timer = setTimeout(showDue, Math.min(LONGEST_TIMER_MS, (event.at - reached()) / speed))
  }

  /** Everything whose time has come: output is denser than timers are. */
  function showDue(): void {
    const now = reached()
    for (let due = events[next]; due !== undefined && due.at <= now; due = events[next]) {
      next++
      show(due)
    }
    schedule()
  }

  function show(event: CastEvent): void {
    if (event.kind !== 'output') return
    const bytes = new TextEncoder().encode(event.text)
    offset += bytes.length
    // Its questions were answered when it was recorded.
    channelEvents.emit('data', { stream: 1, bytes, end: offset, answered: true })
  }

  function start(on: boolean): void {
    started = on
    if (on) showAgain()
    goOn()
  }

  /** Another panel has an empty screen: what was shown before comes at once. */
  function showAgain(): void {
    offset = 0
    for (const event of events.slice(0, next)) show(event)
  }

  function restart(): void {
    next = 0
    offset = 0
    wanted = true
    channelEvents.emit('reset', {})
    goOn()
  }

  return {
    connect: () => connection,
    play() {
      if (wanted) return
      wanted = true
      goOn()
    },
    pause() {
      wanted = false
      clearTimeout(timer)
    },
    restart,
    position: before,
    duration: events.at(-1)?.at ?? 0,
    playing: () => wanted && next < events.length,
  }
}

function withoutIdle(events: readonly CastEvent[], idleMs: number): readonly CastEvent[] {
  let at = 0
  let before = 0
  return events.map((event) => {
    // Times may be so large that there is nothing between them.
    at += Math.min(idleMs, event.at - before || 0)
    before = event.at
    return { ...event, at }
  })
}

const READY: Pick<Snapshot, 'status' | 'everReady'> = { status: { phase: 'ready', since: 0 }, everReady: true }

/** A connection that is there as soon as somebody opens it, and gone when nobody needs it. */
function castConnection(channelEvents: Emitter<ChannelEvents>, restart: () => void, started: (on: boolean) => void): Connection {
  const events = new Emitter<ConnectionEvents>()
  const watchers = new Set<() => void>()
  const channel = castChannel(channelEvents)
  let snapshot = IDLE
  const idle = initialState({
    allocation: 'recording',
    profile: 'nimbus.v1',
    resume: false,
    hidden: 'continue',
    reconnect: RECONNECT_POLICY,
    url: null,
  })
  const nothing = (): void => {}
  const recent: Recent = { notes: [], roundTrips: [] }

  return {
    snapshot: () => snapshot,
    stats: () => NO_STATS,
    recent: () => recent,
    report: (facts = {}) =>
      makeReport({
        recorder: new Recorder(idle),
        state: idle,
        snapshot,
        stats: NO_STATS,
        made: { wall: Date.now(), now: performance.now() },
        facts,
      }),
    now: () => performance.now(),
    subscribe(watcher) {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    on: (event, listener) => events.on(event, listener),
    open() {
      // A panel listens right after it has opened its channel.
      queueMicrotask(() => {
        snapshot = { ...IDLE, ...READY }
        watchers.forEach((watcher) => watcher())
        events.emit('ready', { resumed: false })
        started(true)
      })
      return channel
    },
    retry: nothing,
    restart,
    takeOver: nothing,
    dismissUnsent: nothing,
    disconnect: () => started(false),
    dispose() {
      snapshot = IDLE
      started(false)
    },
  }
}

function castChannel(events: Emitter<ChannelEvents>): Channel {
  const nothing = (): void => {}
  const pasted: Paste = { bytes: 0, sent: () => 0, done: Promise.resolve({ sent: 0, complete: true }), cancel: nothing }
  return {
    write: () => 'sent',
    paste: () => pasted,
    reply: nothing,
    consumed: nothing,
    resize: nothing,
    signal: nothing,
    close: nothing,
    on: (event, listener) => events.on(event, listener),
  }
}
