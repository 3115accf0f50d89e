/** How a socket gets a session: fresh, warm, cold or by take-over; which tokens and proofs are valid after it; and how it loses it. */
import { receiverAt, senderAt } from '../../protocol/credit.ts'
import type { HelloResumeChannel, ResumedChannel } from '../../protocol/messages.ts'
import { nextId } from '../usedIds.ts'
import { ask, handOver, settledByArrival, withoutWaiter } from './challenge.ts'
import { end, FENCED } from './ending.ts'
import { topUp } from './input.ts'
import { pump } from './output.ts'
import type { Attached, Issued, Proof, ResumeRequest, SessionState } from './state.ts'
import type { ChannelDraft, Turn } from './turn.ts'

/** Used-up tokens that are remembered, so that a replayed one can be told from a wrong one. */
const MAX_RETIRED = 64

/** A fresh hello: the session has never had a socket. */
export function attachFresh(turn: Turn, connection: number, plain: boolean, issued: Issued, now: number): void {
  if (!plain) {
    turn.state.tokens = [issued.token]
    turn.state.proofs = [{ hash: issued.proof, attempt: 0 }]
  }
  seat(turn, connection, plain, plain ? null : issued.proof, now)
  const ttlMs = turn.state.limits.ttlMs
  turn.emit({ type: 'welcome', connection, welcome: plain ? { kind: 'plain' } : { kind: 'fresh', ttlMs } })
}

/** What stands against a resume, or null. Asked before an authorisation, after it, and when a wait is over. */
export function objection(state: SessionState, request: ResumeRequest): 'expired' | 'unknown' | 'reused' | null {
  if (state.life.phase === 'ended') return 'expired'
  if (request.kind !== 'take-over') {
    if (request.token === null || !state.tokens.includes(request.token)) {
      return request.token !== null && state.retired.includes(request.token) ? 'reused' : 'unknown'
    }
    if (request.kind === 'warm' && !proves(state, request)) return 'reused'
  }
  return request.channels.some((wanted) => isImpossible(state, request, wanted)) ? 'unknown' : null
}

/** ‡ A proof that matches none is refused and never taken for cold; so is a hello that comes later than its successor. */
function proves(state: SessionState, { proof, attempt }: ResumeRequest): boolean {
  const shown = state.proofs.find((one) => one.hash === proof)
  return shown !== undefined && (attempt === null || attempt > shown.attempt)
}

/** Somebody who saw output that was never printed, or typed less than what came, speaks of another session. */
function isImpossible(state: SessionState, { kind }: ResumeRequest, { id, received, sent }: HelloResumeChannel): boolean {
  const channel = state.channels.find((one) => one.id === id)
  if (channel === undefined || kind === 'take-over') return false
  return received > channel.produced || (kind === 'warm' && sent !== undefined && sent < channel.input.received)
}

/** An authorised resume: refused, seated at once, or left to the challenge. */
export function resume(turn: Turn, request: ResumeRequest, now: number): void {
  const refusal = objection(turn.state, request)
  if (refusal !== null) return refuse(turn, request, refusal)
  if (request.kind === 'cold' && turn.attached() !== null) return ask(turn, { kind: 'resume', request }, request.ts)
  grantResume(turn, request, now)
}

function refuse(turn: Turn, { connection }: ResumeRequest, reason: 'expired' | 'unknown' | 'reused'): void {
  turn.policy('resume_refused', { connection, reason })
  turn.emit({ type: 'refuse', connection, reason })
}

/** When a challenge is lost: whoever waits first and is still valid gets the session, the others ask the new socket. */
export function inherit(turn: Turn, now: number): void {
  let handedOver = false
  for (const request of handOver(turn)) {
    if (handedOver || objection(turn.state, request) !== null) {
      resume(turn, request, now)
    } else {
      handedOver = true
      grantResume(turn, request, now)
    }
  }
}

function grantResume(turn: Turn, request: ResumeRequest, now: number): void {
  const warm = request.kind === 'warm'
  settledByArrival(turn)
  const older = turn.attached()
  const replaced = older?.proof ?? (turn.state.life.phase === 'detached' ? turn.state.life.proof : null)
  if (older !== null) fence(turn, older)
  rotate(turn, request, replaced)
  for (const channel of turn.channels()) rewind(channel, warm, request.channels)
  seat(turn, request.connection, false, request.issued.proof, now)
  turn.attachment({ issued: { token: warm ? null : request.issued.token, proof: request.issued.proof } })
  turn.emit({ type: 'welcome', connection: request.connection, welcome: welcome(turn, request) })
  for (const channel of turn.channels()) topUp(turn, channel)
  pump(turn)
}

function fence(turn: Turn, older: Attached): void {
  turn.diagnostic('superseded', { connection: older.connection })
  turn.emit({ type: 'disconnect', connection: older.connection, ...FENCED })
}

/** Exactly what was presented and what is issued stays valid. After a take-over only what is issued does. */
function rotate(turn: Turn, request: ResumeRequest, replaced: string | null): void {
  const { issued, token, proof, kind } = request
  const before = turn.state.proofs
  const keptTokens = token === null ? [] : [token]
  retain(turn, kind === 'warm' ? keptTokens : [...keptTokens, issued.token])
  const attempt = request.attempt ?? 0
  const newest: Proof = { hash: issued.proof, attempt }
  if (kind === 'take-over') turn.state.proofs = [newest]
  // A warm resume has shown a proof: `proves` found it among ours.
  else if (kind === 'warm') turn.state.proofs = [{ hash: proof!, attempt: Math.max(attempt, attemptOf(before, proof)) }, newest]
  else turn.state.proofs = [...before.filter(({ hash }) => hash === replaced), newest]
}

function attemptOf(proofs: readonly Proof[], hash: string | null): number {
  return proofs.find((proof) => proof.hash === hash)?.attempt ?? 0
}

/** Makes `tokens` the valid ones; those that were valid before are used up. */
function retain(turn: Turn, tokens: readonly string[]): void {
  const usedUp = turn.state.tokens.filter((token) => !tokens.includes(token))
  turn.state.retired = [...turn.state.retired, ...usedUp].slice(-MAX_RETIRED)
  turn.state.tokens = tokens
}

/** ‡ The first frame of a socket proves that its `hello_ok` arrived: only what was issued stays valid. */
export function confirm(turn: Turn, { issued }: Attached): void {
  if (issued === null) return
  if (issued.token !== null) retain(turn, [issued.token])
  turn.state.proofs = turn.state.proofs.filter(({ hash }) => hash === issued.proof)
  turn.attachment({ issued: null })
}

/** Puts a channel at the offset where the new socket goes on. */
function rewind(channel: ChannelDraft, warm: boolean, wanted: readonly HelloResumeChannel[]): void {
  const received = warm ? (wanted.find(({ id }) => id === channel.id)?.received ?? 0) : 0
  const from = Math.max(received, channel.oldest)
  // ‡ senderAt lowers the acknowledged offset to `from`: bytes that are sent again can be asked for again.
  channel.output = senderAt(from, channel.output.acked)
  // Whoever says that it came has seen it, whatever this server remembers.
  channel.everSent = Math.max(channel.everSent, from)
  channel.input = receiverAt(channel.input.received, channel.input.window, channel.input.consumed)
  channel.stale = !warm && (from > 0 || channel.sizedAt > 0)
  channel.announced = true
  channel.exitSent = false
  channel.streak = 0
  channel.gathering = 'no'
  channel.hold = false
  channel.stuffed = false
  // Input of another screen goes on nowhere, so what it was about to answer stays unanswered.
  if (!warm) channel.pendingReplies = []
}

function welcome(turn: Turn, request: ResumeRequest) {
  const { state } = turn
  return {
    kind: 'resumed',
    warm: request.kind === 'warm',
    token: request.kind !== 'warm',
    ttlMs: state.limits.ttlMs,
    nextChannel: nextId(state.used),
    channels: state.channels.map(answerOf),
  } as const
}

function answerOf(channel: ChannelDraft): ResumedChannel {
  return {
    id: channel.id,
    from: channel.output.sent,
    received: channel.input.received,
    answered: channel.saysReplies ? channel.repliedUpTo : channel.everSent,
    produced: channel.produced,
    size: channel.size,
  }
}

/** The connection is the session's from now on. */
function seat(turn: Turn, connection: number, plain: boolean, proof: string | null, now: number): void {
  turn.cancel('ttl')
  turn.state.life = {
    phase: 'attached',
    connection,
    plain,
    corked: false,
    burst: 0,
    blocked: false,
    transportPause: false,
    lastActivity: now,
    issued: null,
    proof,
  }
  turn.timer('idle', turn.state.limits.idleMs)
}

/** The socket of a connection is gone, whether it was the session's or only waited for it. */
export function gone(turn: Turn, connection: number, ends: boolean, now: number): void {
  withoutWaiter(turn, connection)
  const attached = turn.attached()
  if (attached === null || attached.connection !== connection) return
  if (ends) return end(turn, 'user_closed')
  if (attached.plain) return end(turn, 'browser_disconnected')
  detach(turn, attached, now)
}

function detach(turn: Turn, attached: Attached, now: number): void {
  const { limits, authorising, challenge } = turn.state
  const stands = authorising > 0
  turn.cancel('idle')
  turn.state.life = { phase: 'detached', ttlLeft: limits.ttlMs, runningSince: stands ? null : now, proof: attached.proof }
  if (!stands) turn.timer('ttl', limits.ttlMs)
  turn.diagnostic('detached', { connection: attached.connection })
  if (challenge !== null) inherit(turn, now)
  pump(turn)
}

/** An authorisation begins: the time to live stands still until it ends. */
export function authorising(turn: Turn, now: number): void {
  const { life } = turn.state
  turn.state.authorising++
  if (life.phase !== 'detached' || life.runningSince === null) return
  turn.state.life = { ...life, ttlLeft: Math.max(0, life.ttlLeft - (now - life.runningSince)), runningSince: null }
  turn.cancel('ttl')
}

export function authorised(turn: Turn, now: number): void {
  const { life } = turn.state
  turn.state.authorising = Math.max(0, turn.state.authorising - 1)
  if (turn.state.authorising > 0 || life.phase !== 'detached' || life.runningSince !== null) return
  turn.state.life = { ...life, runningSince: now }
  turn.timer('ttl', life.ttlLeft)
}
