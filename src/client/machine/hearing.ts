/** What the server says: the greeting, data, credit, exits and goodbyes. */
import { CLOSE_CODE, closeReasonOf, closeReasons } from '../../protocol/closeReasons.ts'
import { grant } from '../../protocol/credit.ts'
import { DEADLINE, HELD_INPUT } from '../../protocol/limits.ts'
import type { ControlMessage } from '../../protocol/messages.ts'
import { unreachable } from '../../protocol/unreachable.ts'
import { takeOpened } from './channels.ts'
import { channelOver, finishIfDrawn } from './ending.ts'
import { ping, takePong } from './heartbeat.ts'
import { pump, takeAck } from './input.ts'
import { heard, outputCame, wantsMeasuring } from './liveness.ts'
import { breach } from './losing.ts'
import { takeData } from './output.ts'
import { takeHelloOk } from './resume.ts'
import type { ChannelState, ClientEvent, Parting, Plan } from './state.ts'
import { channelById, diagnose, enter, ignore, onChannel, order, send, update, updateChannel } from './turn.ts'
import type { Turn } from './turn.ts'

export function takeMessage(turn: Turn, message: ControlMessage): void {
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

export function takeDataFrame(turn: Turn, event: Extract<ClientEvent, { type: 'data' }>): void {
  const { phase, liveness } = turn.state
  if (phase.name !== 'ready')
    return phase.name === 'greeting' ? breach(turn, CLOSE_CODE.BAD_HELLO, 'data before hello_ok') : undefined
  if (liveness !== null) update(turn, { liveness: outputCame(heard(liveness, turn.now), turn.now) })
  // The window follows the round trip, so it is measured while output flows.
  if (liveness !== null && wantsMeasuring(liveness, turn.now)) ping(turn)
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
