/** What a person sees of the machine's state, and what can be counted in it. */
import { available } from '../protocol/credit.ts'
import { unreachable } from '../protocol/unreachable.ts'
import type { ChannelState, Phase, State } from './machine/state.ts'
import type { Snapshot, Stats, Status } from './shown.ts'

/** The snapshot of a state. Parts that did not change are the previous snapshot's own objects, and so may be the whole. */
export function snapshotOf(state: State, unsent: Snapshot['unsent'], previous: Snapshot | null): Snapshot {
  const keys = state.channels.reduce((sum, { input }) => sum + (input.heldFrom === null ? 0 : input.heldKeys), 0)
  const next: Snapshot = {
    status: statusOf(state),
    everReady: state.everReady,
    held: { keys, full: state.refusing !== null },
    unsent,
    resumed: state.resumed,
    paused: {
      transport: state.transport,
      slow: state.phase.name === 'ready' && (state.liveness?.late ?? false),
      hidden: state.page.hidden && state.config.hidden === 'pause',
      offline: state.page.offline,
    },
  }
  return previous === null ? next : reuse(previous, next)
}

function statusOf(state: State): Status {
  const { phase } = state
  switch (phase.name) {
    case 'idle':
      return { phase: 'idle' }
    case 'claiming':
    case 'authorizing':
    case 'connecting':
    case 'greeting':
      return state.lost || state.backoff.tries > 0
        ? lost(state, 'trying')
        : { phase: 'starting', step: STEP[phase.name], since: state.since }
    case 'ready':
      if (state.everReady) return { phase: 'ready', since: phase.since }
      return { phase: 'starting', step: 'opening', since: state.since }
    case 'waiting':
      return lost(state, 'waiting', phase)
    case 'offline':
      return lost(state, 'offline')
    case 'suspended':
      return lost(state, 'trying')
    case 'elsewhere':
      return { phase: 'elsewhere', how: phase.how, canTakeOver: phase.canTakeOver }
    case 'ended':
      return { phase: 'ended', end: phase.end }
    default:
      return unreachable(phase)
  }
}

const STEP = { claiming: 'claiming', authorizing: 'authorizing', connecting: 'connecting', greeting: 'connecting' } as const

function lost(state: State, step: 'waiting' | 'trying' | 'offline', waiting?: Extract<Phase, { name: 'waiting' }>): Status {
  return {
    phase: 'lost',
    step,
    since: state.since,
    tries: Math.min(state.backoff.tries + 1, state.config.reconnect.tries),
    maxTries: state.config.reconnect.tries,
    ...(waiting && { retryAt: waiting.retryAt }),
    busy: waiting?.busy ?? false,
  }
}

/** The counters of a state. */
export function statsOf({ channels, liveness, phase, reconnects }: State): Stats {
  const isReady = phase.name === 'ready'
  const sum = (count: (channel: ChannelState) => number): number => channels.reduce((total, channel) => total + count(channel), 0)
  return {
    roundTripMs: liveness?.roundTripMs ?? null,
    received: sum(({ output }) => output.received),
    drawn: sum(({ output }) => output.drawn),
    missing: sum(({ output }) => output.missing),
    typed: sum(({ input }) => input.typed),
    sent: sum(({ input }) => input.sender.sent),
    written: sum(({ input }) => input.acked),
    reconnects,
    outputWindow: Math.max(0, ...channels.map(({ output }) => output.window.size)),
    outputCredit: isReady ? sum(({ output: { receiver } }) => receiver.limit - receiver.received) : 0,
    inputCredit: isReady ? sum(({ input }) => available(input.sender)) : 0,
  }
}

/** The previous object wherever nothing in it changed, so that watchers can compare by identity. */
function reuse<T>(previous: T, next: T): T {
  if (Object.is(previous, next)) return previous
  if (!isRecord(previous) || !isRecord(next)) return next
  const keys = Object.keys(next)
  const merged: Record<string, unknown> = {}
  let same = keys.length === Object.keys(previous).length
  for (const key of keys) {
    merged[key] = reuse(previous[key], next[key])
    same &&= Object.is(merged[key], previous[key])
  }
  // `merged` has the keys of `next` with equal values: it is a T.
  return same ? previous : (merged as T)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
