/** The way of input: bytes go to the program as they come, what it took is acknowledged, and what was answered is remembered. */
import { CLOSE_CODE } from '../../protocol/closeReasons.ts'
import { due, flush, needsQuietTimer, receive, consume } from '../../protocol/credit.ts'
import { SESSION, TERMINAL_SIDE } from '../../protocol/limits.ts'
import type { Reply, SignalName, TerminalSize } from '../../protocol/messages.ts'
import { disconnect } from './ending.ts'
import type { Attached, PendingReply } from './state.ts'
import type { ChannelDraft, Turn } from './turn.ts'

/** A client that announces more answers than this and never sends them loses the latest. */
const MAX_PENDING_REPLIES = 256

/** The client sent `length` bytes. */
export function input(turn: Turn, attached: Attached, channel: ChannelDraft, length: number): void {
  // Nobody is left to take it, and no `ack` will say otherwise: the client reports it.
  if (channel.phase === 'exited') return turn.diagnostic('input_after_exit', { channel: channel.id, bytes: length })
  const taken = attached.plain ? receivePlain(turn, attached, channel, length) : receive(channel.input, length)
  if (!taken.ok) {
    turn.policy('flow_violation', { channel: channel.id, input: length })
    return disconnect(turn, taken.code, 'protocol_error')
  }
  channel.input = taken.receiver
  turn.emit({ type: 'write', channel: channel.id })
  settleReplies(channel)
}

/**
 * A plain peer has no credit: when the queue is full its socket is not read any more. What comes all the same fills one
 * more maxFrame at most, since a runtime stops between two messages; a socket that cannot stop is cut off there.
 */
function receivePlain(turn: Turn, attached: Attached, channel: ChannelDraft, length: number): ReturnType<typeof receive> {
  const { inputWindowBytes, plainQueueBytes } = turn.state.limits
  const queued = channel.input.received + length - channel.input.consumed
  if (queued > plainQueueBytes) return { ok: false, code: CLOSE_CODE.FLOW_VIOLATION }
  if (queued >= inputWindowBytes && !channel.stuffed) {
    channel.stuffed = true
    turn.emit({ type: 'read-socket', connection: attached.connection, on: false })
  }
  return receive({ ...channel.input, limit: channel.input.received + length }, length)
}

/** The program took `bytes` more. */
export function took(turn: Turn, channel: ChannelDraft, bytes: number): void {
  channel.input = consume(channel.input, channel.input.consumed + bytes)
  const attached = turn.attached()
  if (attached === null || channel.phase !== 'open') return
  if (attached.plain) return unstuff(turn, attached, channel)
  const flow = due(channel.input, attached.transportPause)
  if (flow !== null) return sayFlow(turn, attached, channel, flow)
  if (!needsQuietTimer(channel.input) || channel.ackTimer) return
  channel.ackTimer = true
  turn.timer(`ack:${channel.id}`, turn.state.limits.inputAckMs)
}

function unstuff(turn: Turn, attached: Attached, channel: ChannelDraft): void {
  const queued = channel.input.received - channel.input.consumed
  if (!channel.stuffed || queued > turn.state.limits.inputWindowBytes / 2) return
  channel.stuffed = false
  const others = turn.state.channels.some((other) => other.stuffed && other.id !== channel.id)
  if (!others) turn.emit({ type: 'read-socket', connection: attached.connection, on: true })
}

function sayFlow(turn: Turn, { connection }: Attached, channel: ChannelDraft, flow: NonNullable<ReturnType<typeof due>>): void {
  channel.input = flow.receiver
  turn.emit({ type: 'send', connection, message: { t: 'flow', id: channel.id, ...flow.flow } })
  if (!channel.ackTimer) return
  channel.ackTimer = false
  turn.cancel(`ack:${channel.id}`)
}

/** ‡ The first byte that the program took has waited long enough for its acknowledgement. */
export function acknowledge(turn: Turn, channel: ChannelDraft): void {
  channel.ackTimer = false
  const attached = turn.attached()
  if (attached === null || attached.plain || channel.phase !== 'open') return
  const flow = flush(channel.input, { paused: attached.transportPause })
  if (flow !== null) sayFlow(turn, attached, channel, flow)
}

/** Fills the window up at an attach, when the program has opened, and when the transport's pause ends. */
export function topUp(turn: Turn, channel: ChannelDraft): void {
  const attached = turn.attached()
  if (attached === null || attached.plain || channel.phase !== 'open') return
  sayFlow(turn, attached, channel, flush(channel.input, { paused: attached.transportPause, topUp: true }))
}

/** The input bytes up to `input` answer the output up to `at`. */
export function reply(turn: Turn, attached: Attached, channel: ChannelDraft, { at, input }: Reply): void {
  if (attached.plain || at > channel.output.sent) return turn.diagnostic('reply_ignored', { channel: channel.id, at, input })
  channel.saysReplies = true
  if (channel.pendingReplies.length >= MAX_PENDING_REPLIES) return turn.policy('replies_ignored', { channel: channel.id })
  channel.pendingReplies = [...channel.pendingReplies, { at, input }]
  settleReplies(channel)
}

/** Answers whose input has arrived count: what they answered is not asked again. */
function settleReplies(channel: ChannelDraft): void {
  if (channel.pendingReplies.length === 0) return
  const waiting: PendingReply[] = []
  for (const pending of channel.pendingReplies) {
    if (pending.input > channel.input.received) waiting.push(pending)
    else channel.repliedUpTo = Math.max(channel.repliedUpTo, pending.at)
  }
  channel.pendingReplies = waiting
}

export function resize(turn: Turn, channel: ChannelDraft, { cols, rows }: TerminalSize): void {
  if (!isSize({ cols, rows })) return turn.policy('resize_ignored', { channel: channel.id, cols, rows })
  const isSame = channel.size.cols === cols && channel.size.rows === rows
  if (!isSame) channel.sizedAt = channel.produced
  const nudge = isSame && channel.stale
  channel.size = { cols, rows }
  channel.stale = false
  if (channel.phase === 'exited') return
  if (nudge) return startNudge(turn, channel)
  if (!channel.nudging) return turn.emit({ type: 'resize', channel: channel.id, size: channel.size })
  if (isSame) return
  turn.cancel(`nudge:${channel.id}`)
  nudged(turn, channel)
}

/** The same size twice is no news to a program; another one makes it draw again, if that is still there when it looks. */
function startNudge(turn: Turn, channel: ChannelDraft): void {
  const { cols, rows } = channel.size
  turn.emit({ type: 'resize', channel: channel.id, size: { cols, rows: rows > 1 ? rows - 1 : rows + 1 } })
  channel.nudging = true
  turn.timer(`nudge:${channel.id}`, SESSION.nudgeMs)
}

/** It has its own size again, whether the time is over or somebody changed it. */
export function nudged(turn: Turn, channel: ChannelDraft): void {
  channel.nudging = false
  if (channel.phase !== 'exited') turn.emit({ type: 'resize', channel: channel.id, size: channel.size })
}

export function isSize({ cols, rows }: TerminalSize): boolean {
  const fits = (side: number): boolean => side >= TERMINAL_SIDE.min && side <= TERMINAL_SIDE.max
  return fits(cols) && fits(rows)
}

export function signal(turn: Turn, channel: ChannelDraft, name: SignalName): void {
  if (channel.phase === 'open') turn.emit({ type: 'signal', channel: channel.id, signal: name })
}
