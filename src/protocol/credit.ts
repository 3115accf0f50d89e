/** Credit as arithmetic: what one side may send, and what the other owes it. Values in, values out; offsets are absolute bytes. */
import { CLOSE_CODE } from './closeReasons.ts'
import { CREDIT, MAX_INTEGER } from './limits.ts'
import type { Flow } from './messages.ts'

/** A breach of credit by the peer, with the close code that it has earned. */
export interface FlowViolation {
  readonly ok: false
  readonly code: typeof CLOSE_CODE.FLOW_VIOLATION
}

const VIOLATION: FlowViolation = { ok: false, code: CLOSE_CODE.FLOW_VIOLATION }

/** The offset after `bytes` more, or null where no integer of the protocol is left and the channel must close. */
export function advance(offset: number, bytes: number): number | null {
  return bytes <= MAX_INTEGER - offset ? offset + bytes : null
}

/** One direction of a channel, seen by the side that sends. `start <= sent <= limit` and `acked <= sent`. */
export interface Sender {
  /** Offset at which this socket began. */
  readonly start: number
  /** Offset of the next byte to send. */
  readonly sent: number
  /** Offset up to which bytes may be sent. */
  readonly limit: number
  /** Offset up to which the peer has consumed. */
  readonly acked: number
}

/** The sender on a new socket that goes on at `offset`: without credit until the first grant. */
export function senderAt(offset: number, acked = offset): Sender {
  return { start: offset, sent: offset, limit: offset, acked: Math.min(acked, offset) }
}

/** Bytes that may be sent now. */
export function available(sender: Sender): number {
  return sender.limit - sender.sent
}

/** After sending `bytes`. Throws if there was less credit: ask {@link available} first. */
export function spend(sender: Sender, bytes: number): Sender {
  if (bytes > available(sender))
    throw new RangeError(`Sending ${bytes} bytes with credit for ${available(sender)}: split the chunk.`)
  return { ...sender, sent: sender.sent + bytes }
}

/** After a `flow` of the peer. An `ack` older than one before changes nothing; credit beyond the last offset is lost. */
export function grant(
  sender: Sender,
  { credit, ack = sender.acked }: Pick<Flow, 'credit' | 'ack'>,
): { readonly ok: true; readonly sender: Sender } | FlowViolation {
  if (ack > sender.sent || available(sender) + credit > CREDIT.max) return VIOLATION
  const limit = advance(sender.limit, credit) ?? MAX_INTEGER
  return { ok: true, sender: { ...sender, limit, acked: Math.max(sender.acked, ack) } }
}

/** One direction of a channel, seen by the side that receives. `acked <= consumed <= received <= limit`. */
export interface Receiver {
  /** Offset of the next byte to come. */
  readonly received: number
  /** Offset up to which bytes are drawn by the emulator or taken by the program. */
  readonly consumed: number
  /** Offset up to which the peer may send. */
  readonly limit: number
  /** The `ack` that the peer was told last. */
  readonly acked: number
  /** Bytes granted ahead of what is consumed. */
  readonly window: number
}

/**
 * The receiver on a new socket that goes on at `offset`. Nothing is granted yet: the first thing to send is a
 * {@link flush} with `topUp`. `consumed` is below `offset` where earlier bytes still wait to be consumed.
 */
export function receiverAt(offset: number, window: number, consumed = offset): Receiver {
  const done = Math.min(consumed, offset)
  return { received: offset, consumed: done, limit: offset, acked: done, window }
}

/** After `bytes` of data of the peer. */
export function receive(receiver: Receiver, bytes: number): { readonly ok: true; readonly receiver: Receiver } | FlowViolation {
  if (bytes > receiver.limit - receiver.received) return VIOLATION
  return { ok: true, receiver: { ...receiver, received: receiver.received + bytes } }
}

/** After everything up to `offset` was consumed. Offsets that are late change nothing; none counts for more than was received. */
export function consume(receiver: Receiver, offset: number): Receiver {
  const consumed = Math.min(offset, receiver.received)
  return consumed > receiver.consumed ? { ...receiver, consumed } : receiver
}

/** The same with another window. What is granted stays granted; a smaller window shows in the grants to come. */
export function withWindow(receiver: Receiver, window: number): Receiver {
  return { ...receiver, window }
}

/** What to send, and the receiver once it is sent. The caller adds `hold` while the client does not draw. */
export interface FlowDue {
  readonly receiver: Receiver
  readonly flow: { readonly credit: number; readonly ack: number }
}

/** Bytes consumed since the last `ack` at which a flow goes out at once. */
export function threshold(window: number): number {
  return Math.max(1, Math.min(window * CREDIT.grantShare, CREDIT.grantBytes))
}

/** The flow that is due because enough was consumed, or null. `paused`: any pause holds, so only the `ack` moves. */
export function due(receiver: Receiver, paused: boolean): FlowDue | null {
  return unacknowledged(receiver) >= threshold(receiver.window) ? tell(receiver, paused) : null
}

/**
 * The flow that does not wait for the threshold. Without `topUp` it is that of the quiet timer: null if there is nothing to
 * acknowledge. With `topUp` there always is one: at an attach, and when a pause begins or ends.
 */
export function flush(receiver: Receiver, { paused, topUp }: { readonly paused: boolean; readonly topUp: true }): FlowDue
export function flush(
  receiver: Receiver,
  { paused, topUp }: { readonly paused: boolean; readonly topUp?: boolean },
): FlowDue | null
export function flush(
  receiver: Receiver,
  { paused, topUp = false }: { readonly paused: boolean; readonly topUp?: boolean },
): FlowDue | null {
  return topUp || needsQuietTimer(receiver) ? tell(receiver, paused) : null
}

/**
 * Bytes are consumed and not acknowledged: a timer of `QUIET_MS` runs from the moment this becomes true until any flow
 * is sent, and then calls {@link flush}.
 */
export function needsQuietTimer(receiver: Receiver): boolean {
  return unacknowledged(receiver) > 0
}

function unacknowledged(receiver: Receiver): number {
  return receiver.consumed - receiver.acked
}

/** Acknowledges all that is consumed and, unless paused, fills the window up. A limit is never taken back. */
function tell(receiver: Receiver, paused: boolean): FlowDue {
  const full = advance(receiver.consumed, receiver.window) ?? MAX_INTEGER
  const limit = paused ? receiver.limit : Math.max(receiver.limit, full)
  const flow = { credit: limit - receiver.limit, ack: receiver.consumed }
  return { receiver: { ...receiver, limit, acked: receiver.consumed }, flow }
}
