/** The way of output: what the program printed is kept, sent as far as credit goes, acknowledged and let go; then comes the exit. */
import { CLOSE_CODE, closeReasons } from '../../protocol/closeReasons.ts'
import { advance, available, grant, spend } from '../../protocol/credit.ts'
import type { Flow } from '../../protocol/messages.ts'
import type { ProgramExit } from '../ports.ts'
import { disconnect, dropChannel, end, sayInputAck } from './ending.ts'
import type { Attached, Channel, SessionLimits } from './state.ts'
import type { ChannelDraft, Turn } from './turn.ts'

/** The program printed `length` bytes. */
export function output(turn: Turn, channel: ChannelDraft, length: number): void {
  if (channel.phase === 'exited') return turn.diagnostic('output_after_exit', { channel: channel.id, bytes: length })
  const produced = advance(channel.produced, length)
  if (produced === null) return end(turn, 'internal_error')
  channel.produced = produced
  turn.emit({ type: 'keep', channel: channel.id })
  if (isOverfull(turn, channel)) return overflow(turn, channel)
  pump(turn)
}

/** More is kept than a program that obeys `pause` could have printed; what it read before it obeyed is forgiven. */
function isOverfull(turn: Turn, channel: Channel): boolean {
  const { limits, pausable } = turn.state
  const most = limits.replayBytes + limits.tailBytes + (pausable ? limits.overrunBytes : 0)
  return channel.produced - channel.oldest > most
}

function overflow(turn: Turn, channel: Channel): void {
  turn.policy('saturated', { channel: channel.id, kept: channel.produced - channel.oldest })
  end(turn, 'backpressure_overflow')
}

/** The client grants and acknowledges. */
export function flow(turn: Turn, attached: Attached, channel: ChannelDraft, message: Flow): void {
  if (!attached.plain && message.ack === undefined) {
    return disconnect(turn, CLOSE_CODE.MALFORMED_FRAME, 'protocol_error')
  }
  const granted = grant(channel.output, attached.plain ? { credit: message.credit } : message)
  if (!granted.ok) {
    turn.policy('flow_violation', {
      channel: channel.id,
      credit: message.credit,
      ack: message.ack ?? null,
      sent: channel.output.sent,
    })
    return disconnect(turn, granted.code, 'protocol_error')
  }
  channel.output = granted.sender
  channel.hold = message.hold === 1
  channel.seen = Math.max(channel.seen, channel.output.acked)
  letGo(turn, channel, attached.plain ? 0 : turn.state.limits.tailBytes)
  pump(turn)
}

/** Evicts what is acknowledged, except for the tail. */
function letGo(turn: Turn, channel: ChannelDraft, tail: number): void {
  const oldest = channel.output.acked - tail
  if (oldest <= channel.oldest) return
  channel.oldest = oldest
  turn.emit({ type: 'evict', channel: channel.id, below: oldest })
}

/** The time for small pieces to gather is over. */
export function uncork(turn: Turn): void {
  turn.attachment({ corked: false, burst: 0 })
  pump(turn)
}

/**
 * Sends what may be sent, in turns of one slice a channel. The first bytes after quiet go at once; after that small pieces
 * gather until the events that already wait have been handled, and a burst ends there as well. Somebody else's small piece
 * leaves behind the next frame that does, so no channel waits for more than one frame of another.
 */
export function pump(turn: Turn): void {
  const attached = turn.attached()
  if (attached !== null && !attached.blocked) {
    const wasCorked = attached.corked
    let left = turn.state.limits.burstBytes - attached.burst
    let sent = 0
    const next = (): Channel | undefined => (left > 0 ? nextToSend(turn, wasCorked && sent === 0) : undefined)
    for (let channel = next(); channel !== undefined; channel = next()) {
      const slice = sendSlice(turn, attached, channel)
      left -= slice
      sent += slice
    }
    if (sent > 0) cork(turn, wasCorked, attached.burst + sent)
  }
  for (const channel of turn.state.channels) settle(turn, channel.id)
}

function cork(turn: Turn, wasCorked: boolean, burst: number): void {
  turn.attachment({ corked: true, burst })
  if (!wasCorked) turn.emit({ type: 'soon', timer: 'uncork' })
}

/** The channel whose turn it is among those that have enough to send. */
function nextToSend(turn: Turn, corked: boolean): Channel | undefined {
  const { channels, lastServed, limits } = turn.state
  const ready = channels.filter((channel) => sendable(channel) >= enough(channel, corked, limits))
  return ready.find((channel) => channel.id > lastServed) ?? ready[0]
}

function sendable(channel: Channel): number {
  return Math.min(channel.produced - channel.output.sent, available(channel.output))
}

/** What a channel needs to have for a frame. More than its credit will not gather, and behind an exit nothing will. */
function enough(channel: Channel, corked: boolean, { sliceBytes }: SessionLimits): number {
  if (channel.gathering !== 'no' && channel.phase !== 'exited')
    return Math.max(1, Math.min(sliceBytes, available(channel.output)))
  return corked ? sliceBytes : 1
}

function sendSlice(turn: Turn, attached: Attached, { id }: Channel): number {
  const channel = turn.channel(id)!
  const length = Math.min(sendable(channel), turn.state.limits.sliceBytes)
  const from = channel.output.sent
  channel.output = spend(channel.output, length)
  channel.everSent = Math.max(channel.everSent, from + length)
  turn.emit({ type: 'send-output', connection: attached.connection, channel: id, from, to: from + length })
  if (attached.plain) forgetSent(turn, channel)
  gather(turn, channel, length)
  turn.state.lastServed = id
  return length
}

/** Who prints without a rest fills frames from here on: every frame costs both ends more than its bytes. */
function gather(turn: Turn, channel: ChannelDraft, length: number): void {
  const { leadBytes, gatherMs } = turn.state.limits
  channel.streak += length
  if (channel.gathering === 'still') channel.gathering = 'busy'
  if (channel.gathering !== 'no' || channel.streak < leadBytes) return
  channel.gathering = 'busy'
  turn.timer(`gather:${channel.id}`, gatherMs)
}

/** The timer of a program that does not rest: what no frame has taken along meanwhile goes now, and if there is nothing it rests. */
export function gathered(turn: Turn, channel: ChannelDraft): void {
  if (channel.gathering === 'busy') {
    channel.gathering = 'still'
    return turn.timer(`gather:${channel.id}`, turn.state.limits.gatherMs)
  }
  const { streak } = channel
  channel.gathering = 'no'
  pump(turn)
  // Also where it prints and nothing may be sent: the next grant goes by the rule for first bytes.
  if (channel.streak === streak) channel.streak = 0
}

/** To a plain peer what is sent is done with. */
function forgetSent(turn: Turn, channel: ChannelDraft): void {
  channel.output = { ...channel.output, acked: channel.output.sent }
  channel.seen = channel.output.sent
  letGo(turn, channel, 0)
}

/** After anything that moved: reads or pauses the program, and says the exit once everything before it is out. */
function settle(turn: Turn, id: number): void {
  const channel = turn.state.channels.find((one) => one.id === id)
  if (channel === undefined) return
  if (channel.phase === 'open') return settleReading(turn, channel)
  if (channel.phase === 'exited' && channel.announced && !channel.exitSent && channel.output.sent === channel.produced) {
    sayExit(turn, turn.channel(id)!)
  }
}

function settleReading(turn: Turn, channel: Channel): void {
  const reading = wantsReading(turn, channel)
  if (reading === channel.reading) return
  turn.channel(channel.id)!.reading = reading
  turn.emit({ type: reading ? 'resume' : 'pause', channel: channel.id })
}

/** ‡ Decided by who watches and how much is waiting, never by a timer: a slow page is not an absent one. */
function wantsReading(turn: Turn, channel: Channel): boolean {
  const { limits } = turn.state
  if (channel.produced - channel.output.acked >= limits.replayBytes) return false
  const attached = turn.attached()
  if (attached === null || channel.hold) return true
  const ahead = channel.produced - channel.output.sent
  // It only gathers, and leaves before this turn of the event loop is over.
  const leaves = !attached.blocked && available(channel.output) >= ahead
  if (leaves) return ahead < limits.readAheadBytes
  // What is on its way when a program is told to stop must fit as well: it stops at half of the bound. It goes on at a quarter,
  // so that it is not stopped and started at every frame.
  return ahead < limits.readAheadBytes / (channel.reading ? 2 : 4)
}

/** The program ended; its last bytes came before. */
export function exited(turn: Turn, channel: ChannelDraft, exit: ProgramExit): void {
  channel.phase = 'exited'
  channel.exit = exit
  turn.diagnostic('exited', { channel: channel.id, code: exit.code ?? null, sig: exit.sig ?? null, at: channel.produced })
  pump(turn)
}

/** The last input acknowledgement goes before the exit. ‡ Both are said again on every socket until the client's `close`. */
function sayExit(turn: Turn, channel: ChannelDraft): void {
  const attached = turn.attached()
  if (attached === null) return
  const { connection, plain } = attached
  if (!plain) sayInputAck(turn, connection, channel)
  channel.exitSent = true
  turn.emit({ type: 'send', connection, message: { t: 'exit', id: channel.id, ...channel.exit, at: channel.produced } })
  if (!plain) return
  turn.emit({ type: 'send', connection, message: { t: 'close', id: channel.id } })
  dropChannel(turn, channel.id, 'shell_exit')
}

/** The program could not be started. */
export function failed(turn: Turn, channel: ChannelDraft, reason: keyof typeof closeReasons, message: string): void {
  const attached = turn.attached()
  const { id, announced } = channel
  turn.diagnostic('open_failed', { channel: id, reason })
  turn.emit({ type: 'drop', channel: id, running: false })
  turn.remove(id)
  if (attached === null) return
  const { connection } = attached
  // A client that was told of the channel by a resume has it open already.
  if (announced) turn.emit({ type: 'send', connection, message: { t: 'close', id, reason } })
  else turn.emit({ type: 'send', connection, message: { t: 'open_err', id, code: closeReasons[reason], msg: message } })
}
