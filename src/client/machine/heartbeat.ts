/** Asking whether the other end is still there, and taking silence for an answer. */
import { CLOSE_CODE } from '../../protocol/closeReasons.ts'
import { isUnacknowledged } from './input.ts'
import { judge, pinged, ponged, probed, wantsQuietMeasuring } from './liveness.ts'
import { lose } from './losing.ts'
import type { State } from './state.ts'
import { order, send, update } from './turn.ts'
import type { Turn } from './turn.ts'

export function ping(turn: Turn): void {
  const { liveness } = turn.state
  if (liveness === null) return
  const next = pinged(liveness, turn.now)
  update(turn, { liveness: next })
  if (next.lastTs !== null) send(turn, { t: 'ping', ts: next.lastTs })
  scheduleHeartbeat(turn)
}

export function probe(turn: Turn): void {
  const { liveness, phase } = turn.state
  if (liveness === null || phase.name !== 'ready') return
  const next = probed(liveness, turn.now)
  update(turn, { liveness: next })
  if (next.lastTs !== null) send(turn, { t: 'ping', ts: next.lastTs })
  scheduleHeartbeat(turn)
}

/** All output is drawn, so that nothing in the page delays the answer. */
export function measureInQuiet(turn: Turn): void {
  const { liveness, phase, channels } = turn.state
  if (liveness === null || phase.name !== 'ready' || phase.closing !== null) return
  if (channels.some((channel) => channel.output.busySince !== null) || !wantsQuietMeasuring(liveness, turn.now)) return
  ping(turn)
}

export function takePong(turn: Turn, ts: number): void {
  const { liveness } = turn.state
  if (liveness === null) return
  const next = ponged(liveness, ts, turn.now)
  update(turn, { liveness: next, unconfirmed: [] })
  // Nothing else would tell when what waited has come.
  if (next.late && next.lastTs === null && turn.state.phase.name === 'ready') ping(turn)
}

export function checkHeartbeat(turn: Turn): void {
  const { liveness, phase } = turn.state
  if (liveness === null || phase.name !== 'ready') return
  switch (judge(liveness, turn.now, heartbeatNeeds(turn.state)).verdict) {
    case 'dead':
      // Retries by itself and keeps the session, as a cut does: that is what it is.
      return lose(turn, { code: CLOSE_CODE.TIMEOUT, reason: 'timeout' })
    case 'ping':
      return ping(turn)
    case 'alive':
      return scheduleHeartbeat(turn)
  }
}

function scheduleHeartbeat(turn: Turn): void {
  const { liveness } = turn.state
  if (liveness === null) return
  order(turn, { do: 'timer', name: 'heartbeat', ms: judge(liveness, turn.now, heartbeatNeeds(turn.state)).againMs })
}

function heartbeatNeeds(state: State): { waiting: boolean; busy: boolean } {
  return {
    waiting: state.channels.some((channel) => channel.phase === 'open' && isUnacknowledged(channel.input)),
    busy: state.channels.some((channel) => channel.output.busySince !== null),
  }
}
