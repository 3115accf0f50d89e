/** How channels, sockets and sessions end. */
import { CLOSE_CODE, closeReasons, type CloseReason } from '../../protocol/closeReasons.ts'
import { flush } from '../../protocol/credit.ts'
import type { Channel, SessionEffect, Waiter } from './state.ts'
import type { ChannelDraft, Turn } from './turn.ts'

/** Closes the attached socket for a mistake of its own; the session waits for the next one (`gone` follows). */
export function disconnect(turn: Turn, code: number, reason: CloseReason): void {
  const attached = turn.attached()
  if (attached !== null) turn.emit({ type: 'disconnect', connection: attached.connection, code, reason })
}

/** Forgets a channel. Without any the session is over, if it ever had one. */
export function dropChannel(turn: Turn, id: number, reason: 'shell_exit' | 'user_closed'): void {
  const channel = turn.state.channels.find((one) => one.id === id)
  if (channel === undefined) return
  cancelTimers(turn, channel)
  if (channel.stuffed) unread(turn, id)
  turn.emit({ type: 'drop', channel: id, running: channel.phase !== 'exited' })
  turn.remove(id)
  if (turn.state.channels.length === 0) end(turn, reason)
}

function cancelTimers(turn: Turn, { id, ackTimer, gathering, nudging }: Channel): void {
  if (ackTimer) turn.cancel(`ack:${id}`)
  if (gathering !== 'no') turn.cancel(`gather:${id}`)
  if (nudging) turn.cancel(`nudge:${id}`)
}

/** The queue that stopped the socket is gone with its channel. */
function unread(turn: Turn, id: number): void {
  const attached = turn.attached()
  const others = turn.state.channels.some((other) => other.stuffed && other.id !== id)
  if (attached !== null && !others) turn.emit({ type: 'read-socket', connection: attached.connection, on: true })
}

/** Ends the session: programs, timers, whoever waits and the socket. */
export function end(turn: Turn, reason: CloseReason, options: { readonly code?: number; readonly afterMs?: number } = {}): void {
  const { state } = turn
  if (state.life.phase === 'ended') return
  const attached = turn.attached()
  for (const timer of ['ttl', 'idle', 'challenge'] as const) turn.cancel(timer)
  turn.diagnostic('session_ended', { reason, unseen: unseen(turn) })
  for (const channel of state.channels) {
    cancelTimers(turn, channel)
    turn.emit({ type: 'drop', channel: channel.id, running: channel.phase !== 'exited' })
  }
  for (const waiter of state.challenge?.waiters ?? []) turn.emit(tooLate(waiter))
  if (attached !== null) {
    const { connection } = attached
    // What the program took was written: nobody shall be told that it was not.
    if (!attached.plain) for (const channel of turn.channels()) sayInputAck(turn, connection, channel)
    turn.emit({ type: 'disconnect', connection, code: options.code ?? closeReasons[reason], reason, afterMs: options.afterMs })
  }
  state.life = { phase: 'ended', reason }
  state.channels = []
  state.challenge = null
  state.tokens = []
  state.proofs = []
  turn.emit({ type: 'over', reason })
}

/** Bytes that were printed and that nobody acknowledged having seen. */
function unseen(turn: Turn): number {
  return turn.state.channels.reduce((sum, channel) => sum + channel.produced - channel.seen, 0)
}

function tooLate(waiter: Waiter): SessionEffect {
  if (waiter.kind === 'probe') return { type: 'answer-probe', probe: waiter.probe, state: 'detached' }
  return { type: 'refuse', connection: waiter.request.connection, reason: 'expired' }
}

/** What the socket's own close means for the session, as a code of section 7. */
export const FENCED = { code: CLOSE_CODE.SUPERSEDED, reason: 'superseded' } as const

/** The last acknowledgement of input: what follows it is an exit or the end of the socket. */
export function sayInputAck(turn: Turn, connection: number, channel: ChannelDraft): void {
  const due = flush(channel.input, { paused: true })
  if (due === null) return
  channel.input = due.receiver
  turn.emit({ type: 'send', connection, message: { t: 'flow', id: channel.id, ...due.flow } })
}
