/** The client as one pure function: what happened goes in, the new state and the orders to the world come out. */
import { CLOSE_CODE } from '../protocol/closeReasons.ts'
import { REPLIES_PER_SECOND } from '../protocol/limits.ts'
import { unreachable } from '../protocol/unreachable.ts'
import { NO_ANSWER, approach, claimDenied, claimed, socketOpened, start, takeToken } from './machine/approaching.ts'
import { FRESH } from './machine/backoff.ts'
import { addChannel, resizeChannel, sendSignal } from './machine/channels.ts'
import { finishIfDrawn } from './machine/ending.ts'
import { takeDataFrame, takeMessage } from './machine/hearing.ts'
import { checkHeartbeat, measureInQuiet, ping } from './machine/heartbeat.ts'
import { refuseHeld, takeReply, takeTyped } from './machine/input.ts'
import { breach, lose, socketClosed } from './machine/losing.ts'
import { grantOutput, takeDrawn } from './machine/output.ts'
import { takeBuffered, takePage } from './machine/page.ts'
import type { ClientEvent, Config, Effect, Stamped, State, TimerName } from './machine/state.ts'
import { onChannel, update } from './machine/turn.ts'
import type { Turn } from './machine/turn.ts'
import { closeChannel, disconnect, dispose, restart, retry, takeOver } from './machine/wishes.ts'

export function initialState(config: Config): State {
  return {
    config,
    phase: { name: 'idle' },
    epoch: 0,
    attempt: 0,
    session: null,
    shown: null,
    channels: [],
    nextId: 1,
    backoff: FRESH,
    liveness: null,
    page: { hidden: false, offline: false },
    transport: false,
    since: 0,
    lost: false,
    everReady: false,
    refusing: null,
    resumed: null,
    reconnects: 0,
    unconfirmed: [],
    replyBudget: { at: 0, left: REPLIES_PER_SECOND },
  }
}

/**
 * The whole machine. Events that are illegal in a state change nothing but a diagnostic; events of an older socket change
 * nothing at all.
 */
export function transition(state: State, event: Stamped): readonly [State, readonly Effect[]] {
  const turn: Turn = { state, effects: [], now: event.now, chance: event.chance }
  if ('epoch' in event && event.epoch !== state.epoch) return [state, []]
  take(turn, event)
  return [turn.state, turn.effects]
}

function take(turn: Turn, event: ClientEvent): void {
  switch (event.type) {
    case 'started':
      return start(turn, event.stored, event.hidden, event.offline)
    case 'claimed':
      return claimed(turn)
    case 'claim-denied':
      return claimDenied(turn)
    case 'token':
      return takeToken(turn, event)
    case 'socket-opened':
      return socketOpened(turn)
    case 'socket-closed':
      return socketClosed(turn, event.code, event.reason)
    case 'message':
      return takeMessage(turn, event.message)
    case 'data':
      return takeDataFrame(turn, event)
    case 'unreadable':
      return breach(turn, event.code, event.detail)
    case 'buffered':
      return takeBuffered(turn, event.bytes)
    case 'timer':
      return takeTimer(turn, event.name)
    case 'page':
      return takePage(turn, event)
    case 'open':
      return addChannel(turn, event)
    case 'typed':
      return onChannel(turn, event.handle, (channel) => takeTyped(turn, channel, event))
    case 'replied':
      return onChannel(turn, event.handle, (channel) => takeReply(turn, channel, event.bytes, event.at))
    case 'drawn':
      return onChannel(turn, event.handle, (channel) => {
        takeDrawn(turn, channel, event.offset)
        finishIfDrawn(turn, event.handle)
        measureInQuiet(turn)
      })
    case 'resize':
      return onChannel(turn, event.handle, (channel) => resizeChannel(turn, channel, event.size))
    case 'signal':
      return onChannel(turn, event.handle, (channel) => {
        if (sendSignal(turn, channel, event.sig)) ping(turn)
      })
    case 'close-channel':
      return onChannel(turn, event.handle, (channel) => closeChannel(turn, channel))
    case 'retry':
      return retry(turn)
    case 'restart':
      return restart(turn)
    case 'take-over':
      return takeOver(turn)
    case 'disconnect':
      return disconnect(turn)
    case 'dispose':
      return dispose(turn)
    default:
      return unreachable(event)
  }
}

function takeTimer(turn: Turn, name: TimerName): void {
  const { phase } = turn.state
  switch (name) {
    case 'connect':
      if (phase.name === 'authorizing') return takeToken(turn, { type: 'token', answer: NO_ANSWER, takeOver: phase.takeOver })
      return phase.name === 'connecting' ? lose(turn, { code: CLOSE_CODE.TIMEOUT, reason: 'timeout' }) : undefined
    case 'hello':
      return phase.name === 'greeting' ? lose(turn, { code: CLOSE_CODE.TIMEOUT, reason: 'timeout' }) : undefined
    case 'open':
      if (phase.name !== 'ready' || !turn.state.channels.some((channel) => channel.phase === 'opening')) return
      return lose(turn, { code: CLOSE_CODE.TIMEOUT, reason: 'timeout' })
    case 'closing':
      return socketClosed(turn, 1006, '')
    case 'retry':
      return phase.name === 'waiting' ? approach(turn) : undefined
    case 'heartbeat':
      return checkHeartbeat(turn)
    case 'acknowledge':
      for (const { handle } of turn.state.channels) onChannel(turn, handle, (channel) => grantOutput(turn, channel, 'quiet'))
      return
    case 'held':
      return phase.name === 'ready' ? undefined : refuseHeld(turn, 'too-long')
    case 'refusing':
      return phase.name === 'ready' ? update(turn, { refusing: null }) : undefined
    case 'lasting':
      return phase.name === 'ready' ? update(turn, { backoff: FRESH }) : undefined
    case 'drain':
      // The runner measures the buffer and reports it as `buffered`.
      return
    default:
      return unreachable(name)
  }
}
