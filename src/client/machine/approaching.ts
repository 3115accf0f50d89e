/** The way to a socket: the tab that owns the session, the one-time token, the connection, the hello. */
import { CLOSE_CODE, closeReasons } from '../../protocol/closeReasons.ts'
import { DEADLINE, TAB_LOCK_MS } from '../../protocol/limits.ts'
import { unreachable } from '../../protocol/unreachable.ts'
import { end, settleInput } from './ending.ts'
import { bornAt } from './liveness.ts'
import { tryAgain } from './losing.ts'
import type { Loss } from './losing.ts'
import type { TokenAnswer } from '../ports.ts'
import { greet, lockName } from './resume.ts'
import type { ClientEvent, Plan, StoredSession } from './state.ts'
import { diagnose, enter, ignore, order, send, update } from './turn.ts'
import type { Turn } from './turn.ts'

export function start(turn: Turn, stored: StoredSession | null, hidden: boolean, offline: boolean): void {
  if (turn.state.phase.name !== 'idle') return ignore(turn, 'started')
  update(turn, { page: { hidden, offline }, since: turn.now })
  if (stored === null) return authorize(turn, false)
  update(turn, { session: { ...stored, ttlMs: 0, proof: null } })
  claim(turn)
}

export function claim(turn: Turn): void {
  const { session } = turn.state
  if (session === null) return authorize(turn, false)
  enter(turn, { name: 'claiming' })
  order(turn, { do: 'claim', name: lockName(session.id), timeoutMs: TAB_LOCK_MS })
}

export function claimed(turn: Turn): void {
  if (turn.state.phase.name === 'claiming') approach(turn)
}

export function claimDenied(turn: Turn): void {
  if (turn.state.phase.name !== 'claiming') return
  settleInput(turn)
  update(turn, { session: null })
  enter(turn, { name: 'elsewhere', how: 'tab', canTakeOver: true })
}

/** Connects with the session that there is, or asks for a token. */
export function approach(turn: Turn): void {
  const { session, config, page } = turn.state
  if (page.offline) return enter(turn, { name: 'offline' })
  if (session !== null) return connect(turn, { kind: 'resume', url: session.url })
  if (config.url !== null) return connect(turn, { kind: 'fresh', token: null, url: config.url })
  authorize(turn, false)
}

export function authorize(turn: Turn, takeOver: boolean): void {
  if (turn.state.config.url !== null && !takeOver)
    return connect(turn, { kind: 'fresh', token: null, url: turn.state.config.url })
  if (turn.state.page.offline) return enter(turn, { name: 'offline' })
  enter(turn, { name: 'authorizing', takeOver })
  order(turn, { do: 'timer', name: 'connect', ms: DEADLINE.connectMs }, { do: 'request-token', takeOver })
}

export function takeToken(turn: Turn, { answer, takeOver }: Extract<ClientEvent, { type: 'token' }>): void {
  const { phase } = turn.state
  if (phase.name !== 'authorizing' || phase.takeOver !== takeOver) return ignore(turn, 'token')
  order(turn, { do: 'cancel', name: 'connect' })
  if (answer.ok) return connect(turn, { kind: takeOver ? 'take-over' : 'fresh', token: answer.token, url: answer.url })
  diagnose(turn, 'token-refused', { why: answer.code })
  switch (answer.code) {
    case 'unreachable':
      order(turn, { do: 'abort-token' })
      return tryAgain(turn, CLOSE_CODE_UNREACHABLE)
    case 'rate_limited':
      return tryAgain(turn, { code: CLOSE_CODE.SERVER_OVERLOAD, retryMs: answer.retryMs ?? 0 })
    case 'allocation_busy':
      // A detached session of the same person is nobody's: take it over without asking, once.
      if (answer.state === 'detached' && answer.canTakeOver && !takeOver) return authorize(turn, true)
      settleInput(turn)
      return enter(turn, { name: 'elsewhere', how: 'busy', canTakeOver: answer.canTakeOver })
    case 'auth_failed':
    case 'policy_denied':
      return end(turn, { reason: answer.code, code: closeReasons[answer.code] })
    case 'not_found':
      return end(turn, { reason: 'not_found', code: CLOSE_CODE.POLICY_DENIED })
    case 'bad_answer':
      return end(turn, { reason: 'failed', code: CLOSE_CODE.INTERNAL_ERROR })
    default:
      return unreachable(answer)
  }
}

const CLOSE_CODE_UNREACHABLE: Loss = { code: 1006 }

/** What a token endpoint that says nothing has said. */
export const NO_ANSWER: TokenAnswer = { ok: false, code: 'unreachable' }

function connect(turn: Turn, plan: Plan): void {
  const epoch = turn.state.epoch + 1
  update(turn, { epoch, liveness: null, transport: false })
  enter(turn, { name: 'connecting', plan })
  order(turn, { do: 'timer', name: 'connect', ms: DEADLINE.connectMs }, { do: 'connect', epoch, url: plan.url })
}

export function socketOpened(turn: Turn): void {
  const { phase } = turn.state
  if (phase.name !== 'connecting') return ignore(turn, 'socket-opened')
  order(turn, { do: 'cancel', name: 'connect' }, { do: 'timer', name: 'hello', ms: DEADLINE.helloMs })
  update(turn, { attempt: turn.state.attempt + 1, liveness: bornAt(turn.now) })
  enter(turn, { name: 'greeting', plan: phase.plan, closing: null })
  send(turn, greet(turn.state, phase.plan))
}
