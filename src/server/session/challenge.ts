/** Whether somebody is still there: a ping that only a living page can answer, and those who wait for the outcome. */
import type { ResumeRequest, Waiter } from './state.ts'
import type { Turn } from './turn.ts'

/** Waits for the challenge under way, or begins one with the unguessable `ts`. */
export function ask(turn: Turn, waiter: Waiter, ts: number): void {
  const attached = turn.attached()
  if (attached === null) return
  const { challenge, limits } = turn.state
  const waiters = challenge?.waiters ?? []
  const most = waiter.kind === 'resume' ? limits.maxWaitingResumes : limits.maxWaitingProbes
  if (waiters.filter(({ kind }) => kind === waiter.kind).length >= most) return tell(turn, waiter, 'attached')
  turn.state.challenge = { ts: challenge?.ts ?? ts, waiters: [...waiters, waiter] }
  if (challenge !== null) return
  turn.emit({ type: 'send', connection: attached.connection, message: { t: 'ping', ts } })
  turn.timer('challenge', limits.challengeMs)
}

/** ‡ Only the pong with the challenge's own `ts` says that a page lives. */
export function answered(turn: Turn, ts: number): void {
  const { challenge } = turn.state
  if (challenge === null || challenge.ts !== ts) return
  for (const waiter of conclude(turn)) tell(turn, waiter, 'attached')
}

/** The challenge was lost. Those who only wanted to know are told; the others are returned in the order in which they came. */
export function handOver(turn: Turn): readonly ResumeRequest[] {
  const requests: ResumeRequest[] = []
  for (const waiter of conclude(turn)) {
    if (waiter.kind === 'resume') requests.push(waiter.request)
    else tell(turn, waiter, 'detached')
  }
  return requests
}

function conclude(turn: Turn): readonly Waiter[] {
  const waiters = turn.state.challenge?.waiters ?? []
  turn.state.challenge = null
  turn.cancel('challenge')
  return waiters
}

/** A warm resume or a take-over came meanwhile: somebody is there. */
export function settledByArrival(turn: Turn): void {
  if (turn.state.challenge === null) return
  for (const waiter of conclude(turn)) tell(turn, waiter, 'attached')
}

function tell(turn: Turn, waiter: Waiter, state: 'attached' | 'detached'): void {
  if (waiter.kind === 'probe') return turn.emit({ type: 'answer-probe', probe: waiter.probe, state })
  const { connection } = waiter.request
  turn.policy('resume_refused', { connection, reason: 'active_elsewhere' })
  turn.emit({ type: 'refuse', connection, reason: 'active_elsewhere' })
}

/** Somebody who waited is gone. A challenge that nobody waits for is over. */
export function withoutWaiter(turn: Turn, connection: number): void {
  const { challenge } = turn.state
  if (challenge === null) return
  const waiters = challenge.waiters.filter((waiter) => waiter.kind === 'probe' || waiter.request.connection !== connection)
  if (waiters.length === challenge.waiters.length) return
  turn.state.challenge = { ...challenge, waiters }
  if (waiters.length === 0) conclude(turn)
}

export function probe(turn: Turn, id: number, ts: number): void {
  if (turn.attached() === null) return turn.emit({ type: 'answer-probe', probe: id, state: 'detached' })
  ask(turn, { kind: 'probe', probe: id }, ts)
}
