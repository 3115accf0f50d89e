/** The way of input through the machine: typed, held while away, sent as credit allows, acknowledged, or reported as unsent. */
import { available, senderAt, spend } from '../../protocol/credit.ts'
import { HELD_INPUT, REPLIES_PER_SECOND } from '../../protocol/limits.ts'
import type { ChannelState, InputState, State } from './state.ts'
import { diagnose, order, send, update, updateInput } from './turn.ts'
import type { Turn } from './turn.ts'

/** Keys that pile up while a program does not read are refused beyond this many bytes. */
const QUEUE_BYTES = 256 * 1024
/** The emulator's answers made while the connection is away are dropped beyond this many bytes. */
const DEFERRED_BYTES = 4 * 1024

export function freshInput(): InputState {
  return { sender: senderAt(0), typed: 0, acked: 0, heldFrom: null, heldSince: 0, heldKeys: 0, replies: [], deferred: [] }
}

/** Bytes that were sent and that the program has not taken. */
export function isUnacknowledged(input: InputState): boolean {
  return input.sender.sent > input.acked
}

/** Whether what is typed now goes out now. */
function isFlowing(state: State, channel: ChannelState): boolean {
  return state.phase.name === 'ready' && state.phase.closing === null && channel.phase === 'open'
}

/** Whether the connection is thought to come back, so that typing can be held. */
function isComing(state: State, channel: ChannelState): boolean {
  const { name } = state.phase
  const over = name === 'ended' || name === 'elsewhere' || name === 'idle'
  return !over && channel.phase !== 'exited' && channel.phase !== 'closed'
}

/** A key or a paste, taken whole (`enqueue` is ordered) or refused whole. */
export function takeTyped(
  turn: Turn,
  channel: ChannelState,
  { bytes, paste }: { readonly bytes: number; readonly paste: boolean },
): void {
  // A slice of a paste that was accepted before is nobody's key.
  if (turn.state.refusing !== null && !paste) return refuseStill(turn)
  if (isFlowing(turn.state, channel)) {
    if (channel.input.typed - channel.input.acked + bytes > QUEUE_BYTES)
      return diagnose(turn, 'input-refused', { bytes, why: 'queue-full' })
    order(turn, { do: 'enqueue', handle: channel.handle })
    return pump(turn, updateInput(turn, channel, { typed: channel.input.typed + bytes }))
  }
  if (!isComing(turn.state, channel)) return diagnose(turn, 'input-refused', { bytes, why: 'ended' })
  hold(turn, channel, bytes)
}

function hold(turn: Turn, channel: ChannelState, bytes: number): void {
  const { input } = channel
  const from = input.heldFrom ?? input.typed
  if (input.typed - from + bytes > HELD_INPUT.bytes) {
    refuseHeld(turn, 'too-much')
    return diagnose(turn, 'input-refused', { bytes, why: 'held-full' })
  }
  order(turn, { do: 'enqueue', handle: channel.handle })
  if (input.heldFrom === null) order(turn, { do: 'timer', name: 'held', ms: HELD_INPUT.ms, keep: true })
  updateInput(turn, channel, {
    heldFrom: from,
    heldSince: input.heldFrom === null ? turn.now : input.heldSince,
    heldKeys: input.heldKeys + 1,
    typed: input.typed + bytes,
  })
}

/** All held input of all channels is refused and reported, and typing stays refused until a pause after ready. */
export function refuseHeld(turn: Turn, why: string): void {
  for (const channel of turn.state.channels) dropHeld(turn, channel)
  order(turn, { do: 'cancel', name: 'held' })
  update(turn, { refusing: { lastKeyAt: turn.now } })
  diagnose(turn, 'held-refused', { why })
}

function dropHeld(turn: Turn, channel: ChannelState): void {
  const { input, handle } = channel
  if (input.heldFrom === null) return
  if (input.typed > input.heldFrom)
    order(turn, { do: 'unsent', handle, from: input.heldFrom, to: input.typed, maybeWritten: false })
  updateInput(turn, channel, { typed: input.heldFrom, heldFrom: null, heldKeys: 0 })
}

function refuseStill(turn: Turn): void {
  update(turn, { refusing: { lastKeyAt: turn.now } })
  if (turn.state.phase.name === 'ready') order(turn, { do: 'timer', name: 'refusing', ms: HELD_INPUT.calmMs })
  diagnose(turn, 'input-refused', { why: 'refusing' })
}

/** The connection is back: what was held is ordinary input now, and the emulator's answers made meanwhile follow it. */
export function releaseHeld(turn: Turn, channel: ChannelState): ChannelState {
  let { typed, replies } = channel.input
  for (const { at, bytes } of channel.input.deferred) {
    order(turn, { do: 'adopt-reply', handle: channel.handle })
    typed += bytes
    replies = [...replies, { at, input: typed }]
  }
  return updateInput(turn, channel, { typed, replies, deferred: [], heldFrom: null, heldKeys: 0 })
}

/** An answer that the emulator made by itself to output up to `at`. */
export function takeReply(turn: Turn, channel: ChannelState, bytes: number, at: number): void {
  const { input } = channel
  if (at <= channel.output.answered) return diagnose(turn, 'reply-dropped', { why: 'answered' })
  if (!spendReplyBudget(turn)) return diagnose(turn, 'reply-dropped', { why: 'rate' }, 'policy')
  if (input.typed - input.acked + bytes > QUEUE_BYTES) return diagnose(turn, 'reply-dropped', { why: 'queue-full' })
  if (isFlowing(turn.state, channel)) {
    order(turn, { do: 'enqueue-reply', handle: channel.handle })
    const typed = input.typed + bytes
    const updated = updateInput(turn, channel, { typed, replies: [...input.replies, { at, input: typed }] })
    tellReply(turn, updated, at, typed)
    return pump(turn, updated)
  }
  if (!isComing(turn.state, channel)) return
  const waiting = input.deferred.reduce((sum, reply) => sum + reply.bytes, 0)
  if (waiting + bytes > DEFERRED_BYTES) return diagnose(turn, 'reply-dropped', { why: 'away' })
  order(turn, { do: 'defer-reply', handle: channel.handle })
  updateInput(turn, channel, { deferred: [...input.deferred, { at, bytes }] })
}

function spendReplyBudget(turn: Turn): boolean {
  const { at, left } = turn.state.replyBudget
  const refilled = Math.min(REPLIES_PER_SECOND, left + ((turn.now - at) * REPLIES_PER_SECOND) / 1000)
  const allowed = refilled >= 1
  update(turn, { replyBudget: { at: turn.now, left: allowed ? refilled - 1 : refilled } })
  return allowed
}

function tellReply(turn: Turn, channel: ChannelState, at: number, input: number): void {
  if (turn.state.phase.name === 'ready' && turn.state.phase.resume && channel.id !== null)
    send(turn, { t: 'reply', id: channel.id, at, input })
}

/** Tells the answers that the server cannot know yet, before their bytes are sent again. */
export function tellReplies(turn: Turn, channel: ChannelState, received: number): void {
  for (const reply of channel.input.replies) if (reply.input > received) tellReply(turn, channel, reply.at, reply.input)
}

/** Sends as much as there is credit for. */
export function pump(turn: Turn, channel: ChannelState): void {
  const { state } = turn
  if (!isFlowing(state, channel) || channel.id === null || state.phase.name !== 'ready' || state.transport) return
  const { sender, typed } = channel.input
  const plain = !state.phase.resume
  const bytes = plain ? typed - sender.sent : Math.min(available(sender), typed - sender.sent)
  if (bytes <= 0) return
  order(turn, {
    do: 'send-input',
    handle: channel.handle,
    id: channel.id,
    from: sender.sent,
    to: sender.sent + bytes,
    maxFrame: state.phase.maxFrame,
  })
  if (plain) return passOn(turn, channel)
  updateInput(turn, channel, { sender: spend(sender, bytes) })
  if (!isUnacknowledged(channel.input)) order(turn, { do: 'timer', name: 'heartbeat', ms: 0 })
}

/** A plain peer grants and acknowledges nothing: it bounds input by not reading the socket, and what is sent is gone. */
function passOn(turn: Turn, channel: ChannelState): void {
  const { typed } = channel.input
  order(turn, { do: 'trim', handle: channel.handle, below: typed })
  updateInput(turn, channel, { sender: senderAt(typed), acked: typed, replies: [] })
}

/** The program took everything below `ack`. */
export function takeAck(turn: Turn, channel: ChannelState, ack: number): ChannelState {
  const { input } = channel
  if (ack <= input.acked) return channel
  order(turn, { do: 'trim', handle: channel.handle, below: ack })
  return updateInput(turn, channel, { acked: ack, replies: input.replies.filter((reply) => reply.input > ack) })
}

/** Warm: goes on from what the session took. False if the server claims what cannot be. */
export function resumeInput(turn: Turn, channel: ChannelState, received: number): ChannelState | null {
  const { input } = channel
  if (received < input.acked || received > input.sender.sent) return null
  return updateInput(turn, channel, { sender: senderAt(received, input.acked) })
}

/** Cold: what was not acknowledged is reported; what was held for this very session starts anew at the session's offset. */
export function rebaseInput(turn: Turn, channel: ChannelState, received: number, sameSession: boolean): ChannelState {
  const { input, handle } = channel
  const heldFrom = sameSession ? (input.heldFrom ?? input.typed) : input.typed
  reportRange(turn, channel, input.acked, heldFrom)
  if (input.deferred.length > 0) order(turn, { do: 'drop-deferred', handle })
  order(turn, { do: 'rebase', handle, at: received })
  const held = input.typed - heldFrom
  return updateInput(turn, channel, {
    ...freshInput(),
    sender: senderAt(received),
    acked: received,
    typed: received + held,
    ...(held > 0 ? { heldFrom: received, heldSince: input.heldSince, heldKeys: input.heldKeys } : {}),
  })
}

/** The session is gone: everything that is not known to be written is reported. */
export function abandonInput(turn: Turn, channel: ChannelState): ChannelState {
  const { input, handle } = channel
  reportRange(turn, channel, input.acked, input.typed)
  if (input.deferred.length > 0) order(turn, { do: 'drop-deferred', handle })
  order(turn, { do: 'rebase', handle, at: input.typed })
  return updateInput(turn, channel, {
    acked: input.typed,
    sender: senderAt(input.typed),
    heldFrom: null,
    heldKeys: 0,
    replies: [],
    deferred: [],
  })
}

/** What was sent may have been written; what was not sent was not. */
function reportRange(turn: Turn, channel: ChannelState, from: number, to: number): void {
  const { handle, input } = channel
  const sent = Math.min(to, Math.max(from, input.sender.sent))
  if (sent > from) order(turn, { do: 'unsent', handle, from, to: sent, maybeWritten: true })
  if (to > sent) order(turn, { do: 'unsent', handle, from: sent, to, maybeWritten: false })
}
