/** The client as one pure function: what happened goes in, the new state and the orders to the world come out. */
import { CLOSE_CODE, closeReasonOf, closeReasons, closeRule } from '../protocol/closeReasons.ts'
import { grant } from '../protocol/credit.ts'
import { DEADLINE, HEARTBEAT, HELD_INPUT, REPLIES_PER_SECOND, TAB_LOCK_MS, TRANSPORT_PAUSE } from '../protocol/limits.ts'
import type { ControlMessage } from '../protocol/messages.ts'
import { unreachable } from '../protocol/unreachable.ts'
import type { End } from './api.ts'
import { FRESH, failed, shortLived, waitMs } from './backoff.ts'
import { abandonInput, isUnacknowledged, pump, refuseHeld, takeAck, takeReply, takeTyped } from './input.ts'
import { addChannel, resizeChannel, sendSignal, supply, takeOpened } from './channels.ts'
import { bornAt, heard, judge, pinged, ponged, probed } from './liveness.ts'
import { grantOutput, isHolding, takeData, takeDrawn } from './output.ts'
import type { TokenAnswer } from './ports.ts'
import { greet, lockName, takeHelloOk } from './resume.ts'
import type {
  ChannelState,
  ClientEvent,
  Config,
  Effect,
  Parting,
  Phase,
  Plan,
  Stamped,
  State,
  StoredSession,
  TimerName,
} from './state.ts'
import { channelByHandle, channelById, diagnose, enter, order, send, update, updateChannel } from './turn.ts'
import type { Turn } from './turn.ts'

/** Milliseconds between two looks at a socket's buffer while it is too full. */
const DRAIN_POLL_MS = 50

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

function onChannel(turn: Turn, handle: number, act: (channel: ChannelState) => void): void {
  const channel = channelByHandle(turn, handle)
  if (channel !== undefined) act(channel)
}

function ignore(turn: Turn, what: string): void {
  diagnose(turn, 'ignored', { event: what, in: turn.state.phase.name })
}

// ---- the way to a socket ----

function start(turn: Turn, stored: StoredSession | null, hidden: boolean, offline: boolean): void {
  if (turn.state.phase.name !== 'idle') return ignore(turn, 'started')
  update(turn, { page: { hidden, offline }, since: turn.now })
  if (stored === null) return authorize(turn, false)
  update(turn, { session: { ...stored, ttlMs: 0, proof: null } })
  claim(turn)
}

function claim(turn: Turn): void {
  const { session } = turn.state
  if (session === null) return authorize(turn, false)
  enter(turn, { name: 'claiming' })
  order(turn, { do: 'claim', name: lockName(session.id), timeoutMs: TAB_LOCK_MS })
}

function claimed(turn: Turn): void {
  if (turn.state.phase.name === 'claiming') approach(turn)
}

function claimDenied(turn: Turn): void {
  if (turn.state.phase.name !== 'claiming') return
  settleInput(turn)
  update(turn, { session: null })
  enter(turn, { name: 'elsewhere', how: 'tab', canTakeOver: true })
}

/** Connects with the session that there is, or asks for a token. */
function approach(turn: Turn): void {
  const { session, config, page } = turn.state
  if (page.offline) return enter(turn, { name: 'offline' })
  if (session !== null) return connect(turn, { kind: 'resume', url: session.url })
  if (config.url !== null) return connect(turn, { kind: 'fresh', token: null, url: config.url })
  authorize(turn, false)
}

function authorize(turn: Turn, takeOver: boolean): void {
  if (turn.state.config.url !== null && !takeOver)
    return connect(turn, { kind: 'fresh', token: null, url: turn.state.config.url })
  if (turn.state.page.offline) return enter(turn, { name: 'offline' })
  enter(turn, { name: 'authorizing', takeOver })
  order(turn, { do: 'timer', name: 'connect', ms: DEADLINE.connectMs }, { do: 'request-token', takeOver })
}

function takeToken(turn: Turn, { answer, takeOver }: Extract<ClientEvent, { type: 'token' }>): void {
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
const NO_ANSWER: TokenAnswer = { ok: false, code: 'unreachable' }

function connect(turn: Turn, plan: Plan): void {
  const epoch = turn.state.epoch + 1
  update(turn, { epoch, liveness: null, transport: false })
  enter(turn, { name: 'connecting', plan })
  order(turn, { do: 'timer', name: 'connect', ms: DEADLINE.connectMs }, { do: 'connect', epoch, url: plan.url })
}

function socketOpened(turn: Turn): void {
  const { phase } = turn.state
  if (phase.name !== 'connecting') return ignore(turn, 'socket-opened')
  order(turn, { do: 'cancel', name: 'connect' }, { do: 'timer', name: 'hello', ms: DEADLINE.helloMs })
  update(turn, { attempt: turn.state.attempt + 1, liveness: bornAt(turn.now) })
  enter(turn, { name: 'greeting', plan: phase.plan, closing: null })
  send(turn, greet(turn.state, phase.plan))
}

// ---- what the server says ----

function takeMessage(turn: Turn, message: ControlMessage): void {
  const { phase, liveness } = turn.state
  if (phase.name !== 'greeting' && phase.name !== 'ready') return
  if (liveness !== null) update(turn, { liveness: heard(liveness, turn.now) })
  switch (message.t) {
    case 'hello_ok':
      if (phase.name !== 'greeting') return breach(turn, CLOSE_CODE.MALFORMED_FRAME, 'a second hello_ok')
      order(turn, { do: 'cancel', name: 'hello' })
      return takeGreeting(turn, phase.plan, message)
    case 'close':
      return takeClose(turn, message)
    case 'ping':
      // Nothing may be sent between hello and hello_ok.
      return phase.name === 'ready' ? send(turn, { t: 'pong', ts: message.ts }) : ignore(turn, 'ping')
    case 'pong':
      return takePong(turn, message.ts)
    case 'flow':
    case 'exit':
    case 'open_ok':
    case 'open_err':
      if (phase.name !== 'ready') return breach(turn, CLOSE_CODE.BAD_HELLO, `${message.t} before hello_ok`)
      return takeChannelMessage(turn, message)
    case 'hello':
    case 'open':
    case 'reply':
    case 'resize':
    case 'signal':
      return breach(turn, CLOSE_CODE.UNSUPPORTED_MESSAGE, `a server does not send ${message.t}`)
    default:
      return unreachable(message)
  }
}

function takeGreeting(turn: Turn, plan: Plan, message: Extract<ControlMessage, { t: 'hello_ok' }>): void {
  const taken = takeHelloOk(turn, plan, message)
  if ('problem' in taken) return breach(turn, CLOSE_CODE.MALFORMED_FRAME, taken.problem)
  const gone = { reason: 'unknown', code: CLOSE_CODE.RESUME_FAILED } as const
  for (const handle of taken.vanished) onChannel(turn, handle, (channel) => channelOver(turn, channel, gone))
  if (turn.state.phase.name !== 'ready') return
  order(turn, { do: 'cancel', name: 'held' }, { do: 'timer', name: 'lasting', ms: turn.state.config.reconnect.lastingMs })
  if (turn.state.refusing !== null) order(turn, { do: 'timer', name: 'refusing', ms: HELD_INPUT.calmMs })
  ping(turn)
  for (const channel of turn.state.channels) finishIfDrawn(turn, channel.handle)
}

type ChannelMessage = Extract<ControlMessage, { t: 'flow' | 'exit' | 'open_ok' | 'open_err' }>

function takeChannelMessage(turn: Turn, message: ChannelMessage): void {
  const channel = channelById(turn, message.id)
  if (channel === undefined) {
    if (message.id >= turn.state.nextId)
      breach(turn, CLOSE_CODE.MALFORMED_FRAME, `${message.t} for channel ${message.id}, which was never opened`)
    return
  }
  if (channel.phase === 'closed') return
  switch (message.t) {
    case 'open_ok':
      return takeOpened(turn, channel)
    case 'open_err':
      diagnose(turn, 'open-refused', { channel: message.id, code: message.code })
      return channelOver(turn, channel, { reason: closeReasonOf(message.code), code: message.code })
    case 'flow':
      return takeFlow(turn, channel, message)
    case 'exit':
      return takeExit(turn, channel, message)
    default:
      return unreachable(message)
  }
}

function takeFlow(turn: Turn, channel: ChannelState, flow: Extract<ControlMessage, { t: 'flow' }>): void {
  const granted = grant(channel.input.sender, flow)
  if (!granted.ok) return breach(turn, granted.code, 'a grant or acknowledgement that cannot be')
  const updated = updateChannel(turn, channel.handle, { input: { ...channel.input, sender: granted.sender } })
  pump(turn, flow.ack === undefined ? updated : takeAck(turn, updated, flow.ack))
}

function takeExit(turn: Turn, channel: ChannelState, exit: Extract<ControlMessage, { t: 'exit' }>): void {
  if (exit.at < channel.output.received) return breach(turn, CLOSE_CODE.MALFORMED_FRAME, 'an exit before the last byte')
  updateChannel(turn, channel.handle, { phase: 'exited', exit: { code: exit.code, sig: exit.sig, at: exit.at } })
  finishIfDrawn(turn, channel.handle)
}

/** The exit is told once its last byte was drawn; the server repeats it until it hears our close. */
function finishIfDrawn(turn: Turn, handle: number): void {
  const channel = channelByHandle(turn, handle)
  if (channel === undefined || channel.phase !== 'exited' || channel.exit === null || channel.output.drawn < channel.exit.at)
    return
  if (turn.state.phase.name === 'ready' && channel.id !== null) send(turn, { t: 'close', id: channel.id })
  channelOver(turn, channel, shellExit(channel.exit))
}

function shellExit({ code, sig }: NonNullable<ChannelState['exit']>): End {
  return { reason: 'shell_exit', code: CLOSE_CODE.NORMAL, exit: { code, sig } }
}

/** A channel is over. With the last one the connection is over too, for the same reason. */
function channelOver(turn: Turn, channel: ChannelState, over: End): void {
  const input = abandonInput(turn, channel).input
  updateChannel(turn, channel.handle, { phase: 'closed', input })
  order(turn, { do: 'channel-closed', handle: channel.handle, end: over })
  if (turn.state.channels.some((other) => other.phase !== 'closed')) return
  if (turn.state.phase.name === 'ready' && turn.state.liveness !== null)
    send(turn, { t: 'close', id: 0, reason: over.reason === 'shell_exit' ? 'shell_exit' : 'user_closed' })
  forget(turn)
  end(turn, over)
}

function takeClose(turn: Turn, close: Extract<ControlMessage, { t: 'close' }>): void {
  const { phase } = turn.state
  if (close.id === 0) {
    const parting: Parting = { reason: close.reason, retryMs: close.retryMs, afterMs: close.afterMs }
    // The socket's own close carries the code; without it in time the link is as good as cut.
    order(turn, { do: 'timer', name: 'closing', ms: DEADLINE.closeMs })
    if (phase.name === 'ready') return enter(turn, { ...phase, closing: parting })
    if (phase.name === 'greeting') return update(turn, { phase: { ...phase, closing: parting } })
    return
  }
  const channel = channelById(turn, close.id)
  if (channel === undefined || channel.phase === 'closed') return
  // Plain peers close the channel right after its exit; the bytes before it are still being drawn.
  if (channel.phase === 'exited') return
  const code = isReasonCode(close.reason) ?? CLOSE_CODE.SESSION_ENDED
  channelOver(turn, channel, { reason: closeReasonOf(code, close.reason), code, afterMs: close.afterMs })
}

function isReasonCode(reason: string | undefined): number | null {
  return reason !== undefined && Object.hasOwn(closeReasons, reason) ? closeReasons[closeReasonOf(1000, reason)] : null
}

function takePong(turn: Turn, ts: number): void {
  const { liveness } = turn.state
  if (liveness !== null) update(turn, { liveness: ponged(liveness, ts, turn.now), unconfirmed: [] })
}

function takeDataFrame(turn: Turn, event: Extract<ClientEvent, { type: 'data' }>): void {
  const { phase, liveness } = turn.state
  if (phase.name !== 'ready')
    return phase.name === 'greeting' ? breach(turn, CLOSE_CODE.BAD_HELLO, 'data before hello_ok') : undefined
  if (liveness !== null) update(turn, { liveness: heard(liveness, turn.now) })
  // The window follows the round trip, so it is measured while output flows.
  if (liveness !== null && turn.now - liveness.pingedAt >= HEARTBEAT.measureMs) ping(turn)
  const channel = channelById(turn, event.channel)
  if (channel === undefined) {
    if (event.channel >= turn.state.nextId)
      breach(turn, CLOSE_CODE.MALFORMED_FRAME, `data for channel ${event.channel}, which was never opened`)
    return
  }
  if (channel.phase === 'closed') return
  const code = takeData(turn, channel, event.stream, event.bytes)
  if (code !== null) breach(turn, code, 'more output than was granted')
}

// ---- losing a socket and coming back ----

interface Loss {
  readonly code: number
  readonly reason?: string
  readonly retryMs?: number
  readonly afterMs?: number
}

/** The server broke the protocol: the socket goes, the session and its token stay for a person's retry. */
function breach(turn: Turn, code: number, detail: string): void {
  if (turn.state.liveness === null) return ignore(turn, 'breach')
  diagnose(turn, 'breach', { code, detail })
  const kept = closeRule(code).token === 'keep' ? code : CLOSE_CODE.MALFORMED_FRAME
  lose(turn, { code: kept, reason: 'protocol_error' })
}

function socketClosed(turn: Turn, code: number, reason: string): void {
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
function lose(turn: Turn, loss: Loss): void {
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

/**
 * Exits whose last byte is here and only waits to be drawn are told now: no socket follows on which they could be.
 * True if that was the end of the connection.
 */
function finishWhatIsComplete(turn: Turn): boolean {
  for (const channel of turn.state.channels) {
    if (channel.phase === 'exited' && channel.exit !== null && channel.output.received >= channel.exit.at)
      channelOver(turn, channel, shellExit(channel.exit))
  }
  return turn.state.phase.name === 'ended'
}

/** Input that was typed before a channel opened is held too, and has been for a while. */
function keepHeldTimer(turn: Turn): void {
  const since = turn.state.channels.flatMap(({ input }) => (input.heldFrom === null ? [] : [input.heldSince]))
  if (since.length > 0)
    order(turn, { do: 'timer', name: 'held', ms: Math.max(0, Math.min(...since) + HELD_INPUT.ms - turn.now), keep: true })
}

/** Pages may close with 1000 or 3000 to 4999; anything else becomes 3000, "not with me any more". */
function closeCodeFor(code: number): number {
  return code === 1000 || (code >= 3000 && code <= 4999) ? code : 3000
}

function dropSocket(turn: Turn, code: number, reason: string): void {
  const timers: readonly TimerName[] = [
    'connect',
    'hello',
    'open',
    'closing',
    'heartbeat',
    'acknowledge',
    'lasting',
    'refusing',
    'drain',
  ]
  order(turn, { do: 'close-socket', code, reason }, ...timers.map((name) => ({ do: 'cancel', name }) as const))
  // A new epoch, so that nothing of the old socket is heard.
  update(turn, { epoch: turn.state.epoch + 1, liveness: null, transport: false, unconfirmed: [] })
}

function standAside(turn: Turn, how: 'active' | 'superseded'): void {
  settleInput(turn)
  order(turn, { do: 'release' })
  enter(turn, { name: 'elsewhere', how, canTakeOver: true })
}

/** A try that did not become ready. */
function tryAgain(turn: Turn, loss: Loss): void {
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

/** Nothing more comes by itself. A kept token keeps the input too: a retry may still write it. */
function end(turn: Turn, over: End): void {
  if (turn.state.phase.name === 'ended') return
  dropSocket(turn, closeCodeFor(over.code), over.reason)
  order(turn, { do: 'cancel', name: 'retry' }, { do: 'abort-token' })
  if (turn.state.session === null) {
    settleInput(turn)
    order(turn, { do: 'release' })
  } else if (turn.state.channels.some((channel) => channel.input.heldFrom !== null)) refuseHeld(turn, 'ended')
  enter(turn, { name: 'ended', end: over })
  order(turn, { do: 'closed', end: over })
}

function forget(turn: Turn): void {
  const { session } = turn.state
  if (session === null) return
  order(turn, { do: 'forget', token: session.token })
  update(turn, { session: null })
}

/** Every byte typed ends as written or as reported. */
function settleInput(turn: Turn): void {
  for (const channel of turn.state.channels) abandonInput(turn, channel)
  order(turn, { do: 'cancel', name: 'held' })
  update(turn, { refusing: null })
}

// ---- time ----

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

function ping(turn: Turn): void {
  const { liveness } = turn.state
  if (liveness === null) return
  const next = pinged(liveness, turn.now)
  update(turn, { liveness: next })
  if (next.lastTs !== null) send(turn, { t: 'ping', ts: next.lastTs })
  scheduleHeartbeat(turn)
}

function probe(turn: Turn): void {
  const { liveness, phase } = turn.state
  if (liveness === null || phase.name !== 'ready') return
  const next = probed(liveness, turn.now)
  update(turn, { liveness: next })
  if (next.lastTs !== null) send(turn, { t: 'ping', ts: next.lastTs })
  scheduleHeartbeat(turn)
}

function heartbeatNeeds(state: State): { waiting: boolean; busy: boolean } {
  return {
    waiting: state.channels.some((channel) => channel.phase === 'open' && isUnacknowledged(channel.input)),
    busy: state.channels.some((channel) => channel.output.busySince !== null),
  }
}

function scheduleHeartbeat(turn: Turn): void {
  const { liveness } = turn.state
  if (liveness === null) return
  order(turn, { do: 'timer', name: 'heartbeat', ms: judge(liveness, turn.now, heartbeatNeeds(turn.state)).againMs })
}

function checkHeartbeat(turn: Turn): void {
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

// ---- pauses ----

function takeBuffered(turn: Turn, bytes: number): void {
  const { transport, liveness } = turn.state
  if (liveness === null) return
  const full = transport ? bytes >= TRANSPORT_PAUSE.below : bytes > TRANSPORT_PAUSE.above
  if (full) order(turn, { do: 'timer', name: 'drain', ms: DRAIN_POLL_MS })
  if (full === transport) return
  update(turn, { transport: full })
  diagnose(turn, full ? 'paused' : 'unpaused', { why: 'transport' })
  if (!full) topUpAll(turn)
}

function topUpAll(turn: Turn): void {
  for (const { handle } of turn.state.channels) onChannel(turn, handle, (channel) => supply(turn, channel))
}

function takePage(turn: Turn, { event, stored }: Extract<ClientEvent, { type: 'page' }>): void {
  switch (event) {
    case 'hidden':
    case 'visible':
      return turnHidden(turn, event === 'hidden')
    case 'offline':
      return goOffline(turn)
    case 'online':
      return goOnline(turn)
    case 'wake':
      return wake(turn)
    case 'leave':
      return suspend(turn)
    case 'return':
      return comeBack(turn, stored)
    default:
      return unreachable(event)
  }
}

function turnHidden(turn: Turn, hidden: boolean): void {
  const { page } = turn.state
  if (page.hidden === hidden) return
  const wasHolding = isHolding(turn.state)
  update(turn, { page: { ...page, hidden } })
  if (wasHolding !== isHolding(turn.state)) diagnose(turn, hidden ? 'paused' : 'unpaused', { why: 'hidden' })
  // Hidden: a flow that holds, so that the server reads on without us. Visible: full credit at once.
  topUpAll(turn)
  if (!hidden) wake(turn)
}

/** There is reason to doubt the link, or reason to believe that a try would succeed now. */
function wake(turn: Turn): void {
  const { phase } = turn.state
  if (phase.name === 'ready') return probe(turn)
  if (phase.name === 'waiting' && !phase.busy) approach(turn)
}

function goOffline(turn: Turn): void {
  const { page, phase } = turn.state
  if (page.offline) return
  update(turn, { page: { ...page, offline: true } })
  diagnose(turn, 'paused', { why: 'offline' })
  if (phase.name === 'waiting') {
    order(turn, { do: 'cancel', name: 'retry' })
    enter(turn, { name: 'offline' })
  }
}

function goOnline(turn: Turn): void {
  const { page, phase } = turn.state
  // A person's retry may have overruled `offline` before; the news is good all the same.
  if (!page.offline) return wake(turn)
  update(turn, { page: { ...page, offline: false } })
  diagnose(turn, 'unpaused', { why: 'offline' })
  topUpAll(turn)
  if (phase.name === 'offline') return approach(turn)
  wake(turn)
}

/** Into the back/forward cache: no page with a socket or a lock may go there. */
function suspend(turn: Turn): void {
  const { phase } = turn.state
  if (phase.name === 'ended' || phase.name === 'elsewhere' || phase.name === 'idle') return
  if (phase.name === 'ready') update(turn, { lost: true, since: turn.now })
  dropSocket(turn, 3001, 'page_hidden')
  order(turn, { do: 'cancel', name: 'retry' }, { do: 'abort-token' }, { do: 'release' })
  enter(turn, { name: 'suspended' })
}

function comeBack(turn: Turn, stored: StoredSession | null): void {
  const { phase, session } = turn.state
  if (phase.name !== 'suspended') return wake(turn)
  // Another page of this tab may have gone on with the session meanwhile: then our proof is old.
  if (stored !== null && stored.token !== session?.token)
    update(turn, { session: { ...stored, ttlMs: session?.ttlMs ?? 0, proof: null } })
  claim(turn)
}

// ---- what the application asks for ----

function closeChannel(turn: Turn, channel: ChannelState): void {
  if (channel.phase === 'closed') return
  if (turn.state.phase.name === 'ready' && channel.id !== null) send(turn, { t: 'close', id: channel.id, reason: 'user_closed' })
  channelOver(turn, channel, { reason: 'user_closed', code: CLOSE_CODE.NORMAL })
}

/** A person wants it now. */
function retry(turn: Turn): void {
  const { phase } = turn.state
  switch (phase.name) {
    case 'waiting':
    case 'offline':
      order(turn, { do: 'cancel', name: 'retry' })
      update(turn, { page: { ...turn.state.page, offline: false } })
      return approach(turn)
    case 'ended':
    case 'elsewhere':
      // With the session kept this goes on where it stopped; without it this is a new start.
      update(turn, { backoff: FRESH, since: turn.now })
      if (turn.state.session === null) reviveChannels(turn)
      return approach(turn)
    default:
      return ignore(turn, 'retry')
  }
}

function restart(turn: Turn): void {
  const { name } = turn.state.phase
  if (name !== 'ended' && name !== 'elsewhere') return ignore(turn, 'restart')
  settleInput(turn)
  forget(turn)
  reviveChannels(turn)
  update(turn, { backoff: FRESH, since: turn.now, lost: false, everReady: false, resumed: null })
  authorize(turn, false)
}

function takeOver(turn: Turn): void {
  const { phase } = turn.state
  if (phase.name !== 'elsewhere') return ignore(turn, 'take-over')
  forget(turn)
  reviveChannels(turn)
  update(turn, { backoff: FRESH, since: turn.now, lost: false })
  authorize(turn, true)
}

/** Closed channels are wanted again: the application's handles outlive a session. */
function reviveChannels(turn: Turn): void {
  for (const channel of turn.state.channels) updateChannel(turn, channel.handle, { phase: 'wanted', id: null, exit: null })
}

function disconnect(turn: Turn): void {
  if (turn.state.phase.name === 'ended') return
  if (turn.state.phase.name === 'ready') send(turn, { t: 'close', id: 0, reason: 'user_closed' })
  forget(turn)
  for (const channel of turn.state.channels)
    if (channel.phase !== 'closed') updateChannel(turn, channel.handle, { phase: 'closed' })
  end(turn, { reason: 'user_closed', code: CLOSE_CODE.NORMAL })
}

/** Lets go without ending the session: it waits for its time to live. */
function dispose(turn: Turn): void {
  dropSocket(turn, 3000, 'disposed')
  order(turn, { do: 'cancel', name: 'retry' }, { do: 'cancel', name: 'held' }, { do: 'abort-token' }, { do: 'release' })
  enter(turn, { name: 'idle' })
}

export type { Phase }
