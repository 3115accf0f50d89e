/** Losing a socket and coming back: what the table of close codes says, and how long to wait. */
import { CLOSE_CODE, closeReasonOf, closeRule } from '../../protocol/closeReasons.ts'
import { HELD_INPUT } from '../../protocol/limits.ts'
import { FRESH, failed, shortLived, waitMs } from './backoff.ts'
import { closeCodeFor, dropSocket, end, finishIfDrawn, finishWhatIsComplete, forget, standAside } from './ending.ts'
import type { Phase } from './state.ts'
import { diagnose, enter, ignore, order, update } from './turn.ts'
import type { Turn } from './turn.ts'

export interface Loss {
  readonly code: number
  readonly reason?: string
  readonly retryMs?: number
  readonly afterMs?: number
}

/** The server broke the protocol: the socket goes, the session and its token stay for a person's retry. */
export function breach(turn: Turn, code: number, detail: string): void {
  if (turn.state.liveness === null) return ignore(turn, 'breach')
  diagnose(turn, 'breach', { code, detail })
  const kept = closeRule(code).token === 'keep' ? code : CLOSE_CODE.MALFORMED_FRAME
  lose(turn, { code: kept, reason: 'protocol_error' })
}

export function socketClosed(turn: Turn, code: number, reason: string): void {
  const { phase } = turn.state
  const closing = phase.name === 'ready' || phase.name === 'greeting' ? phase.closing : null
  switch (phase.name) {
    case 'connecting':
    case 'greeting':
    case 'ready':
      return lose(turn, { code, ...closing, reason: closing?.reason ?? reason })
    default:
      return
  }
}

/** The socket is gone or given up; what follows is in the table of close codes. */
export function lose(turn: Turn, loss: Loss): void {
  const { phase, backoff, config } = turn.state
  diagnose(turn, 'socket-lost', { code: loss.code, reason: loss.reason ?? null, in: phase.name })
  if (turn.state.unconfirmed.length > 0) diagnose(turn, 'signal-unconfirmed', { signals: turn.state.unconfirmed.join(' ') })
  dropSocket(turn, closeCodeFor(loss.code), loss.reason ?? '')
  if (phase.name === 'ready') {
    const lasted = turn.now - phase.since >= config.reconnect.lastingMs
    update(turn, { backoff: lasted ? FRESH : shortLived(backoff), lost: true, since: turn.now })
  }
  const rule = closeRule(loss.code)
  const isOver = !rule.retry || endsWithItsSocket(phase)
  if (isOver && finishWhatIsComplete(turn)) return
  if (rule.token !== 'keep') forget(turn)
  keepHeldTimer(turn)
  if (rule.retry && isOver) return end(turn, { reason: closeReasonOf(loss.code, loss.reason), code: loss.code })
  if (rule.retry) return phase.name === 'ready' ? waitForRetry(turn, loss) : tryAgain(turn, loss)
  const reason = closeReasonOf(loss.code, loss.reason)
  // Somebody came between token and hello, perhaps our own late hello: the token endpoint knows who is there.
  if (reason === 'allocation_busy' && phase.name === 'greeting') return tryAgain(turn, loss)
  if (reason === 'superseded') return standAside(turn, 'superseded')
  if (reason === 'active_elsewhere') return standAside(turn, 'active')
  end(turn, { reason, code: loss.code, ...(loss.afterMs === undefined ? {} : { afterMs: loss.afterMs }) })
}

/** A plain peer has no session to come back to; a new one starts only when somebody asks. */
function endsWithItsSocket(phase: Phase): boolean {
  return phase.name === 'ready' && !phase.resume
}

/** Input that was typed before a channel opened is held too, and has been for a while. */
function keepHeldTimer(turn: Turn): void {
  const since = turn.state.channels.flatMap(({ input }) => (input.heldFrom === null ? [] : [input.heldSince]))
  if (since.length > 0)
    order(turn, { do: 'timer', name: 'held', ms: Math.max(0, Math.min(...since) + HELD_INPUT.ms - turn.now), keep: true })
}

/** A try that did not become ready. */
export function tryAgain(turn: Turn, loss: Loss): void {
  update(turn, { backoff: failed(turn.state.backoff) })
  waitForRetry(turn, loss)
}

function waitForRetry(turn: Turn, loss: Loss): void {
  const { backoff, config, page, channels } = turn.state
  // A program whose exit was heard and drawn needs no connection any more.
  for (const channel of channels) finishIfDrawn(turn, channel.handle)
  if (turn.state.phase.name === 'ended') return
  if (backoff.tries >= config.reconnect.tries) return end(turn, { reason: 'browser_disconnected', code: loss.code })
  if (page.offline) return enter(turn, { name: 'offline' })
  const ms = waitMs(backoff, config.reconnect, turn.chance, loss.retryMs)
  enter(turn, {
    name: 'waiting',
    retryAt: turn.now + ms,
    busy: loss.code === CLOSE_CODE.SERVER_OVERLOAD || (loss.retryMs ?? 0) > 0,
  })
  order(turn, { do: 'timer', name: 'retry', ms })
}
