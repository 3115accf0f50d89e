/**
 * A session: one pure function from what happened to what is to be done, without a clock, chance or a byte of payload.
 *
 * The way of a byte: a program's output is counted here, kept by the runner in a replay buffer, and sent from there when the
 * client's credit allows (`session/output.ts`); a key comes in, goes to the program and is acknowledged once the program took
 * it (`session/input.ts`). Sockets come and go (`session/attach.ts`, `session/challenge.ts`); the end is in `session/ending.ts`.
 */
import { CLOSE_CODE, closeReasons } from '../protocol/closeReasons.ts'
import { receiverAt, senderAt } from '../protocol/credit.ts'
import type { Open } from '../protocol/messages.ts'
import { unreachable } from '../protocol/unreachable.ts'
import { attachFresh, authorised, authorising, confirm, gone, inherit, resume } from './session/attach.ts'
import { answered, probe } from './session/challenge.ts'
import { disconnect, dropChannel, end } from './session/ending.ts'
import { acknowledge, input, isSize, nudged, reply, resize, signal, took, topUp } from './session/input.ts'
import { exited, failed, flow, gathered, output, pump, uncork } from './session/output.ts'
import type {
  Attached,
  Channel,
  ChannelTimerName,
  SessionEffect,
  SessionEvent,
  SessionLimits,
  SessionState,
  TimerName,
} from './session/state.ts'
import { Turn, type ChannelDraft } from './session/turn.ts'
import { isUsed, withUsed } from './usedIds.ts'

export { objection } from './session/attach.ts'
export type * from './session/state.ts'

/** The size of a terminal whose client named none. */
const DEFAULT_SIZE = { cols: 80, rows: 24 }

/** A session that nobody is attached to yet. */
export function createSession(id: string, limits: SessionLimits, pausable: boolean): SessionState {
  return {
    id,
    limits,
    pausable,
    life: { phase: 'detached', ttlLeft: limits.ttlMs, runningSince: null, proof: null },
    tokens: [],
    retired: [],
    proofs: [],
    challenge: null,
    authorising: 0,
    channels: [],
    used: [],
    lastServed: 0,
  }
}

/** The session after an event, and what is to be done about it, in order. An event that makes no sense changes nothing. */
export function transition(state: SessionState, event: SessionEvent): readonly [SessionState, readonly SessionEffect[]] {
  const turn = new Turn(state)
  if (state.life.phase === 'ended') afterTheEnd(turn, event)
  else handle(turn, event)
  return [turn.state, turn.effects]
}

/** Whether nobody else may have a terminal of this allocation: a program lives, or a socket is about to open one. */
export function holdsAllocation({ life, channels, tokens }: SessionState): boolean {
  if (life.phase === 'ended') return false
  if (channels.length > 0) return channels.some((channel) => channel.phase !== 'exited')
  const isNew = life.phase === 'detached' && tokens.length === 0
  return life.phase === 'attached' || isNew
}

function handle(turn: Turn, event: SessionEvent): void {
  switch (event.type) {
    case 'attach':
      return attachFresh(turn, event.connection, event.plain, event.issued, event.now)
    case 'resume':
      return resume(turn, event.request, event.now)
    case 'authorising':
      return authorising(turn, event.now)
    case 'authorised':
      return authorised(turn, event.now)
    case 'probe':
      return probe(turn, event.probe, event.ts)
    case 'gone':
      return gone(turn, event.connection, event.ends, event.now)
    case 'end':
      return end(turn, event.reason, { code: event.code })
    case 'timer':
      return onTimer(turn, event.timer, event.now)
    case 'opened':
    case 'failed':
    case 'output':
    case 'took':
    case 'exited':
      return fromProgram(turn, event)
    default:
      return fromConnection(turn, event)
  }
}

type ProgramEvent = Extract<SessionEvent, { type: 'opened' | 'failed' | 'output' | 'took' | 'exited' }>

function fromProgram(turn: Turn, event: ProgramEvent): void {
  const channel = turn.channel(event.channel)
  if (channel === undefined) return turn.diagnostic('late_program_event', { channel: event.channel, event: event.type })
  switch (event.type) {
    case 'opened':
      return opened(turn, channel)
    case 'failed':
      return failed(turn, channel, event.reason, event.message)
    case 'output':
      return output(turn, channel, event.length)
    case 'took':
      return took(turn, channel, event.bytes)
    case 'exited':
      opened(turn, channel)
      return exited(turn, channel, event.exit)
    default:
      return unreachable(event)
  }
}

function opened(turn: Turn, channel: ChannelDraft): void {
  if (channel.phase !== 'opening') return
  channel.phase = 'open'
  const attached = turn.attached()
  if (attached === null) return
  const { connection, plain } = attached
  const ttlMs = plain ? undefined : turn.state.limits.ttlMs
  if (!channel.announced) turn.emit({ type: 'send', connection, message: { t: 'open_ok', id: channel.id, ttlMs } })
  channel.announced = true
  topUp(turn, channel)
  pump(turn)
}

type ConnectionEvent = Exclude<
  SessionEvent,
  ProgramEvent | { type: 'attach' | 'resume' | 'authorising' | 'authorised' | 'probe' | 'gone' | 'end' | 'timer' }
>

/** ‡ What comes from a socket that is not the attached one changes nothing. */
function fromConnection(turn: Turn, event: ConnectionEvent): void {
  const attached = turn.attached()
  if (attached === null || attached.connection !== event.connection) {
    return turn.diagnostic('stale_frame', { connection: event.connection, event: event.type })
  }
  switch (event.type) {
    case 'first-frame':
      return confirm(turn, attached)
    case 'pong':
      return answered(turn, event.ts)
    case 'blocked':
      turn.attachment({ blocked: event.blocked })
      return pump(turn)
    case 'transport-pause':
      return transportPause(turn, event.holds)
    case 'open':
      turn.attachment({ lastActivity: event.now })
      return open(turn, attached, event.message)
    default:
      return toChannel(turn, attached, event)
  }
}

function transportPause(turn: Turn, holds: boolean): void {
  turn.attachment({ transportPause: holds })
  turn.diagnostic('transport_pause', { holds })
  if (!holds) for (const channel of turn.channels()) topUp(turn, channel)
}

type ChannelEvent = Exclude<ConnectionEvent, { type: 'first-frame' | 'pong' | 'blocked' | 'transport-pause' | 'open' }>

function toChannel(turn: Turn, attached: Attached, event: ChannelEvent): void {
  const id = event.type === 'flow' || event.type === 'reply' ? event.message.id : event.channel
  const channel = turn.channel(id)
  if (channel === undefined) return noSuchChannel(turn, id)
  if ('now' in event) turn.attachment({ lastActivity: event.now })
  switch (event.type) {
    case 'input':
      return input(turn, attached, channel, event.length)
    case 'flow':
      return flow(turn, attached, channel, event.message)
    case 'reply':
      return reply(turn, attached, channel, event.message)
    case 'resize':
      return resize(turn, channel, event.size)
    case 'signal':
      return signal(turn, channel, event.signal)
    case 'close':
      return dropChannel(turn, id, channel.phase === 'exited' ? 'shell_exit' : 'user_closed')
    default:
      return unreachable(event)
  }
}

/** A closed channel is forgotten, and what is still under way for it with it. One that never was is a mistake of the peer. */
function noSuchChannel(turn: Turn, id: number): void {
  if (!isUsed(turn.state.used, id)) disconnect(turn, CLOSE_CODE.MALFORMED_FRAME, 'protocol_error')
}

function open(turn: Turn, { connection }: Attached, message: Open): void {
  const { id, target, user, term } = message
  const { state } = turn
  if (isUsed(state.used, id)) return end(turn, 'protocol_error', { code: CLOSE_CODE.DUPLICATE_CHANNEL_ID })
  state.used = withUsed(state.used, id)
  if (state.channels.length >= state.limits.maxChannels) {
    turn.policy('channel_limit', { channel: id })
    const code = closeReasons.channel_limit
    return turn.emit({ type: 'send', connection, message: { t: 'open_err', id, code, msg: 'channel_limit' } })
  }
  const asked = term === undefined ? DEFAULT_SIZE : { cols: term.cols, rows: term.rows }
  if (!isSize(asked)) turn.policy('resize_ignored', { channel: id, ...asked })
  const size = isSize(asked) ? asked : DEFAULT_SIZE
  turn.add(newChannel(id, size, state.limits))
  turn.emit({ type: 'start', channel: id, target, user, size, env: term?.env ?? {} })
}

function newChannel(id: number, size: Channel['size'], limits: SessionLimits): Channel {
  return {
    id,
    phase: 'opening',
    exit: null,
    size,
    sizedAt: 0,
    stale: false,
    nudging: false,
    announced: false,
    exitSent: false,
    produced: 0,
    oldest: 0,
    output: senderAt(0, 0),
    seen: 0,
    everSent: 0,
    streak: 0,
    gathering: 'no',
    hold: false,
    reading: true,
    input: receiverAt(0, limits.inputWindowBytes),
    ackTimer: false,
    stuffed: false,
    saysReplies: false,
    pendingReplies: [],
    repliedUpTo: 0,
  }
}

function onTimer(turn: Turn, timer: TimerName, now: number): void {
  switch (timer) {
    case 'uncork':
      return uncork(turn)
    case 'ttl':
      return turn.attached() === null ? end(turn, 'detach_expired') : undefined
    case 'idle':
      return idle(turn, now)
    case 'challenge':
      return inherit(turn, now)
    default:
      return onChannelTimer(turn, timer)
  }
}

function onChannelTimer(turn: Turn, timer: ChannelTimerName): void {
  const [name, id] = timer.split(':')
  const channel = turn.channel(Number(id))
  if (channel === undefined) return
  if (name === 'ack') acknowledge(turn, channel)
  else if (name === 'nudge') nudged(turn, channel)
  else gathered(turn, channel)
}

/** One timer for however many keys: it looks when it rings, and goes to sleep again for what is left. */
function idle(turn: Turn, now: number): void {
  const attached = turn.attached()
  if (attached === null) return
  const quiet = now - attached.lastActivity
  if (quiet >= turn.state.limits.idleMs) return end(turn, 'idle_timeout', { afterMs: Math.round(quiet) })
  turn.timer('idle', turn.state.limits.idleMs - quiet)
}

/** Whoever still asks for the session is told; everything else comes too late and changes nothing. */
function afterTheEnd(turn: Turn, event: SessionEvent): void {
  if (event.type === 'resume') turn.emit({ type: 'refuse', connection: event.request.connection, reason: 'expired' })
  if (event.type === 'probe') turn.emit({ type: 'answer-probe', probe: event.probe, state: 'detached' })
}
