/**
 * One socket from its first frame to its last: a pure function from what happened to what is to be done.
 *
 * It reads the hello, keeps the peer to its rates, hears whether it lives, hands what concerns the session to the session,
 * and closes by name. Which session, and whether at all, is decided elsewhere; `welcome` and `disconnect` bring the answer.
 */
import { CLOSE_CODE, closeReasonOf, closeRule, isCloseReason, type CloseReason } from '../protocol/closeReasons.ts'
import { isClientMessage } from '../protocol/guards.ts'
import type { ClientMessage, Close, ControlMessage, Hello, HelloOk, ServerMessage, Stream } from '../protocol/messages.ts'
import { unreachable } from '../protocol/unreachable.ts'
import { beginHeartbeat, heard, pinged, verdict, type Heartbeat, type HeartbeatTimes } from './heartbeat.ts'
import type { SessionEvent } from './session.ts'
import { earn, fullBucket, take, type Bucket, type Rate } from './tokenBucket.ts'

export interface ConnectionLimits {
  readonly helloMs: number
  readonly closeMs: number
  readonly heartbeat: HeartbeatTimes
  readonly control: Rate
  readonly flow: Rate
  readonly reply: Rate
  /** Bytes of data for which one more `flow` or `reply` is allowed. */
  readonly bytesPerFlow: number
  /** What a client that was sent away for lack of room is asked to wait, in milliseconds. */
  readonly retryMs: number
}

export interface ConnectionState {
  readonly number: number
  readonly limits: ConnectionLimits
  /** `admitting` is from the hello to its answer. A `closing` socket is deaf: the close was sent, its end is awaited. */
  readonly phase: 'greeting' | 'admitting' | 'attached' | 'closing' | 'closed'
  /** The wire profile is known, so that a reason can be said before the close. */
  readonly speaks: boolean
  /** A frame has come since `hello_ok`. */
  readonly confirmed: boolean
  readonly heartbeat: Heartbeat
  readonly control: Bucket
  readonly flow: Bucket
  readonly reply: Bucket
  /** Counts up in the heartbeat's pings. */
  readonly pings: number
}

export type ConnectionTimer = 'hello' | 'heartbeat' | 'close'

export type ConnectionEvent =
  | { readonly type: 'begin'; readonly now: number }
  | { readonly type: 'hello'; readonly hello: Hello; readonly now: number }
  /** A message that no profile could read, or one that was too large. */
  | { readonly type: 'unreadable'; readonly code: number; readonly detail: string; readonly now: number }
  | { readonly type: 'control'; readonly message: ControlMessage; readonly now: number }
  | { readonly type: 'data'; readonly stream: Stream; readonly channel: number; readonly length: number; readonly now: number }
  | { readonly type: 'ignored'; readonly now: number }
  /** This much data has been sent. */
  | { readonly type: 'sent'; readonly length: number }
  | { readonly type: 'welcome'; readonly message: HelloOk; readonly now: number }
  | {
      readonly type: 'disconnect'
      readonly code: number
      readonly reason: CloseReason
      readonly afterMs?: number
      readonly now: number
    }
  | { readonly type: 'timer'; readonly timer: ConnectionTimer; readonly now: number }
  | { readonly type: 'closed'; readonly code: number; readonly reason: string; readonly now: number }

export type ConnectionEffect =
  | { readonly type: 'send'; readonly message: ServerMessage }
  /** Find out whether this hello gets a session. */
  | { readonly type: 'admit'; readonly hello: Hello }
  | { readonly type: 'session'; readonly event: SessionEvent }
  | { readonly type: 'close'; readonly code: number; readonly reason: string }
  | { readonly type: 'terminate' }
  /** The socket is gone and nothing follows. */
  | { readonly type: 'over' }
  | { readonly type: 'timer'; readonly timer: ConnectionTimer; readonly delayMs: number }
  | { readonly type: 'cancel'; readonly timer: ConnectionTimer }
  | {
      readonly type: 'note'
      readonly bus: 'policy' | 'diagnostic'
      readonly code: string
      readonly fields: Readonly<Record<string, string | number | null>>
    }

type Step = readonly [ConnectionState, readonly ConnectionEffect[]]

export function createConnection(number: number, limits: ConnectionLimits, now: number): ConnectionState {
  return {
    number,
    limits,
    phase: 'greeting',
    speaks: false,
    confirmed: false,
    heartbeat: beginHeartbeat(now),
    control: fullBucket(limits.control, now),
    flow: fullBucket(limits.flow, now),
    reply: fullBucket(limits.reply, now),
    pings: 0,
  }
}

export function step(state: ConnectionState, event: ConnectionEvent): Step {
  switch (event.type) {
    case 'begin':
      return [state, [{ type: 'timer', timer: 'hello', delayMs: state.limits.helloMs }]]
    case 'closed':
      return closed(state, event.code, event.now)
    case 'timer':
      return onTimer(state, event.timer, event.now)
    default:
      // What comes on a socket that is being closed comes too late.
      return state.phase === 'closing' || state.phase === 'closed' ? [state, []] : whileOpen(state, event)
  }
}

type OpenEvent = Exclude<ConnectionEvent, { type: 'begin' | 'closed' | 'timer' }>

function whileOpen(state: ConnectionState, event: OpenEvent): Step {
  switch (event.type) {
    case 'hello':
      return hello(state, event.hello, event.now)
    case 'unreadable':
      return violation(state, event.code, event.detail, event.now)
    case 'disconnect':
      // Whoever is turned away for lack of room is told when to ask again.
      return disconnect(state, event.code, event.reason, event.now, {
        afterMs: event.afterMs,
        ...(event.code === CLOSE_CODE.SERVER_OVERLOAD && { retryMs: state.limits.retryMs }),
      })
    case 'welcome':
      return welcome(state, event.message, event.now)
    case 'sent':
      return [earnFlows(state, event.length), []]
    case 'control':
    case 'data':
    case 'ignored':
      return state.phase === 'attached'
        ? frame(state, event)
        : violation(state, CLOSE_CODE.BAD_HELLO, 'frame before hello_ok', event.now)
    default:
      return unreachable(event)
  }
}

function hello(state: ConnectionState, message: Hello, now: number): Step {
  if (state.phase !== 'greeting') return violation(state, CLOSE_CODE.BAD_HELLO, 'second hello', now)
  const cancel = { type: 'cancel', timer: 'hello' } as const
  return [{ ...state, phase: 'admitting', speaks: true }, [cancel, { type: 'admit', hello: message }]]
}

function welcome(state: ConnectionState, message: HelloOk, now: number): Step {
  const next = { ...state, phase: 'attached', heartbeat: beginHeartbeat(now) } as const
  return [next, [{ type: 'send', message }, heartbeatTimer(next, now)]]
}

function heartbeatTimer({ heartbeat, limits }: ConnectionState, now: number): ConnectionEffect {
  const next = verdict(heartbeat, limits.heartbeat, now)
  return { type: 'timer', timer: 'heartbeat', delayMs: next.due === null ? next.inMs : 0 }
}

type FrameEvent = Extract<ConnectionEvent, { type: 'control' | 'data' | 'ignored' }>

/** A frame on an attached socket: a sign of life, and within its rates one for the session. */
function frame(before: ConnectionState, event: FrameEvent): Step {
  const isPong = event.type === 'control' && event.message.t === 'pong'
  const alive = { ...before, confirmed: true, heartbeat: heard(before.heartbeat, event.now, isPong) }
  const state = charge(alive, event)
  if (state === null) return overRate(alive, event)
  const [next, effects] = dispatch(state, event)
  return before.confirmed ? [next, effects] : [next, [toSession(before, { type: 'first-frame' }), ...effects]]
}

/** A session's event from this connection, without the number that it will carry. */
type FromHere = SessionEvent extends infer E ? (E extends { readonly connection: number } ? Omit<E, 'connection'> : never) : never

function toSession({ number }: ConnectionState, event: FromHere): ConnectionEffect {
  return { type: 'session', event: { ...event, connection: number } }
}

/** Takes the frame from the budget of its kind; null if that is empty. */
function charge(state: ConnectionState, event: FrameEvent): ConnectionState | null {
  const kind = budgetOf(event)
  if (kind === null) return event.type === 'data' ? earnFlows(state, event.length) : state
  const bucket = take(state[kind], state.limits[kind], event.now)
  return bucket === null ? null : { ...state, [kind]: bucket }
}

function budgetOf(event: FrameEvent): 'control' | 'flow' | 'reply' | null {
  // Data is bounded by credit, but for frames without any.
  if (event.type === 'data') return event.length > 0 ? null : 'control'
  if (event.type === 'ignored') return 'control'
  const { t } = event.message
  if (t === 'ping' || t === 'pong') return null
  return t === 'flow' || t === 'reply' ? t : 'control'
}

function earnFlows(state: ConnectionState, bytes: number): ConnectionState {
  const { limits } = state
  const earned = bytes / limits.bytesPerFlow
  return { ...state, flow: earn(state.flow, limits.flow, earned), reply: earn(state.reply, limits.reply, earned) }
}

function overRate(state: ConnectionState, event: FrameEvent): Step {
  const [next, effects] = disconnect(state, CLOSE_CODE.SERVER_OVERLOAD, 'server_overload', event.now, {
    retryMs: state.limits.retryMs,
  })
  const note = { type: 'note', bus: 'policy', code: 'rate_limited', fields: { budget: budgetOf(event) } } as const
  return [next, [note, ...effects]]
}

function dispatch(state: ConnectionState, event: FrameEvent): Step {
  switch (event.type) {
    case 'ignored':
      return [state, []]
    case 'data':
      if (event.stream !== 1) return violation(state, CLOSE_CODE.MALFORMED_FRAME, 'reserved stream', event.now)
      return [state, [toSession(state, { type: 'input', channel: event.channel, length: event.length, now: event.now })]]
    case 'control':
      if (!isClientMessage(event.message)) return violation(state, CLOSE_CODE.MALFORMED_FRAME, 'message of a server', event.now)
      return message(state, event.message, event.now)
    default:
      return unreachable(event)
  }
}

function message(state: ConnectionState, said: ClientMessage, now: number): Step {
  const forward = (event: FromHere): Step => [state, [toSession(state, event)]]
  switch (said.t) {
    case 'hello':
      return violation(state, CLOSE_CODE.BAD_HELLO, 'second hello', now)
    case 'ping':
      return [state, [{ type: 'send', message: { t: 'pong', ts: said.ts } }]]
    case 'pong':
      return forward({ type: 'pong', ts: said.ts, now })
    case 'open':
      return forward({ type: 'open', message: said, now })
    case 'flow':
      return forward({ type: 'flow', message: said })
    case 'reply':
      return forward({ type: 'reply', message: said })
    case 'resize':
      return forward({ type: 'resize', channel: said.id, size: { cols: said.cols, rows: said.rows }, now })
    case 'signal':
      return forward({ type: 'signal', channel: said.id, signal: said.sig, now })
    case 'close':
      return said.id === 0 ? leave(state, said, now) : forward({ type: 'close', channel: said.id })
    default:
      return unreachable(said)
  }
}

/** The client ends the session and the socket with it. */
function leave(state: ConnectionState, { reason }: Close, now: number): Step {
  const [next, effects] = shut(state, CLOSE_CODE.NORMAL, isCloseReason(reason) ? reason : 'user_closed')
  return [next, [toSession(state, { type: 'gone', ends: true, now }), ...effects]]
}

/** A breach of the protocol by the peer. */
function violation(state: ConnectionState, code: number, detail: string, now: number): Step {
  const note = {
    type: 'note',
    bus: 'policy',
    code: 'protocol_violation',
    fields: { close: code, detail, phase: state.phase },
  } as const
  const [next, effects] = disconnect(state, code, closeReasonOf(code), now)
  return [next, [note, ...effects]]
}

interface Waits {
  readonly afterMs?: number
  readonly retryMs?: number
}

/** Closes the socket from this side. The session is told first: its time to live begins now, not at the end of the handshake. */
function disconnect(state: ConnectionState, code: number, reason: CloseReason, now: number, waits: Waits = {}): Step {
  const ends = closeRule(code).session === 'ends'
  const told = state.phase === 'greeting' ? [] : [toSession(state, { type: 'gone', ends, now })]
  const [next, effects] = shut(state, code, reason, waits)
  return [next, [...effects, ...told]]
}

function shut(state: ConnectionState, code: number, reason: CloseReason, { afterMs, retryMs }: Waits = {}): Step {
  const effects: ConnectionEffect[] = [
    { type: 'cancel', timer: 'hello' },
    { type: 'cancel', timer: 'heartbeat' },
    { type: 'note', bus: 'diagnostic', code: 'closing', fields: { close: code, reason } },
  ]
  if (state.speaks) effects.push({ type: 'send', message: { t: 'close', id: 0, reason, afterMs, retryMs } })
  effects.push({ type: 'close', code, reason }, { type: 'timer', timer: 'close', delayMs: state.limits.closeMs })
  return [{ ...state, phase: 'closing' }, effects]
}

function onTimer(state: ConnectionState, timer: ConnectionTimer, now: number): Step {
  switch (timer) {
    case 'hello':
      return state.phase === 'greeting' ? violation(state, CLOSE_CODE.TIMEOUT, 'no hello', now) : [state, []]
    case 'close':
      return state.phase === 'closing' ? [state, [{ type: 'terminate' }]] : [state, []]
    case 'heartbeat':
      return state.phase === 'attached' ? beat(state, now) : [state, []]
    default:
      return unreachable(timer)
  }
}

function beat(state: ConnectionState, now: number): Step {
  switch (verdict(state.heartbeat, state.limits.heartbeat, now).due) {
    case 'end':
      return disconnect(state, CLOSE_CODE.TIMEOUT, 'timeout', now)
    case 'ping': {
      const next = { ...state, heartbeat: pinged(state.heartbeat, now), pings: state.pings + 1 }
      return [next, [{ type: 'send', message: { t: 'ping', ts: next.pings } }, heartbeatTimer(next, now)]]
    }
    default:
      return [state, [heartbeatTimer(state, now)]]
  }
}

/** The socket is gone. A peer that closed by itself may have meant the session with it. */
function closed(state: ConnectionState, code: number, now: number): Step {
  if (state.phase === 'closed') return [state, []]
  const effects: ConnectionEffect[] = (['hello', 'heartbeat', 'close'] as const).map((timer) => ({ type: 'cancel', timer }))
  if (state.phase === 'attached' || state.phase === 'admitting') {
    effects.push(toSession(state, { type: 'gone', ends: closeRule(code).session === 'ends', now }))
  }
  return [{ ...state, phase: 'closed' }, [...effects, { type: 'over' }]]
}
