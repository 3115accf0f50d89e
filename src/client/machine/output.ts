/** The way of output through the machine: received, handed to the emulator, drawn, acknowledged, and the credit for more. */
import { consume, due, flush, needsQuietTimer, receive, receiverAt, withWindow } from '../../protocol/credit.ts'
import { OUTPUT_WINDOW, QUIET_MS } from '../../protocol/limits.ts'
import type { Stream } from '../../protocol/messages.ts'
import { INITIAL_WINDOW, arrived, drew, elsewhere } from './outputWindow.ts'
import type { RoundTrip } from './outputWindow.ts'
import type { ChannelState, OutputState, State } from './state.ts'
import { diagnose, order, send, updateOutput } from './turn.ts'
import type { Turn } from './turn.ts'

export function freshOutput(): OutputState {
  return {
    receiver: receiverAt(0, OUTPUT_WINDOW.initial),
    received: 0,
    drawn: 0,
    busySince: null,
    window: INITIAL_WINDOW,
    answered: 0,
    missing: 0,
  }
}

/** A new screen that starts at `from`. Queries below `answered` were answered by an earlier page. */
export function restartOutput(output: OutputState, from: number, answered: number): OutputState {
  return {
    ...freshOutput(),
    window: elsewhere(output.window),
    receiver: receiverAt(from, output.window.size),
    received: from,
    drawn: from,
    answered,
  }
}

/** Goes on with the same screen on a new socket that begins at `from`; bytes between are a declared gap. */
export function resumeOutput(turn: Turn, channel: ChannelState, from: number): ChannelState {
  const { output } = channel
  const missing = Math.max(0, from - output.received)
  if (missing > 0) {
    order(turn, { do: 'gap', handle: channel.handle, bytes: missing, end: from })
    diagnose(turn, 'gap', { channel: channel.id, bytes: missing })
  }
  const receiver = receiverAt(from, output.window.size, output.drawn)
  return updateOutput(turn, channel, {
    receiver,
    window: elsewhere(output.window),
    received: output.received + missing,
    missing: output.missing + missing,
    busySince: output.busySince ?? (missing > 0 ? turn.now : null),
  })
}

/** Data for a channel. Returns the close code that the server has earned if it had no credit for it. */
export function takeData(turn: Turn, channel: ChannelState, stream: Stream, bytes: number): number | null {
  const { output } = channel
  const taken = receive(output.receiver, bytes)
  if (!taken.ok) return taken.code
  const { receiver } = taken
  const end = receiver.received
  const fresh = Math.max(0, Math.min(bytes, end - output.received))
  const skip = bytes - fresh
  if (fresh > 0) drawUpTo(turn, channel, stream, skip, end - fresh, end)
  const updated = updateOutput(turn, channel, {
    // What comes again may have been drawn long ago.
    receiver: skip > 0 ? consume(receiver, output.drawn) : receiver,
    received: Math.max(output.received, end),
    busySince: output.busySince ?? (fresh > 0 ? turn.now : null),
    window: arrived(output.window, turn.now, end, roundTripOf(turn.state)),
  })
  if (skip > 0) grantOutput(turn, updated, 'due')
  return null
}

/** Null while there is nothing to measure by, or while a hidden page lets output only trickle. */
function roundTripOf({ liveness, page }: State): RoundTrip | null {
  if (page.hidden || liveness === null || liveness.shortestMs === null || liveness.roundTripMs === null) return null
  return { shortestMs: liveness.shortestMs, latestMs: liveness.roundTripMs, at: liveness.pongAt }
}

/** Splits where answered output ends, so that each piece either may be answered or may not. */
function drawUpTo(turn: Turn, channel: ChannelState, stream: Stream, skip: number, start: number, end: number): void {
  const { handle } = channel
  const border = Math.min(end, Math.max(start, channel.output.answered))
  if (border > start) order(turn, { do: 'draw', handle, skip, bytes: border - start, end: border, stream, answered: true })
  if (end > border)
    order(turn, { do: 'draw', handle, skip: skip + border - start, bytes: end - border, end, stream, answered: false })
}

/** The emulator drew everything below `offset`. Late and double calls change nothing. */
export function takeDrawn(turn: Turn, channel: ChannelState, offset: number): void {
  const { output } = channel
  if (!(offset > output.drawn)) return
  const drawn = Math.min(offset, output.received)
  const updated = updateOutput(turn, channel, {
    drawn,
    busySince: drawn < output.received ? turn.now : null,
    receiver: consume(output.receiver, Math.min(drawn, output.receiver.received)),
    window: drew(output.window, turn.now, drawn - output.drawn, output.busySince ?? turn.now),
  })
  if (mayFlow(turn.state, updated)) grantOutput(turn, updated, 'due')
}

/** Whether the page takes no output now. */
function isPaused(state: State): boolean {
  return state.transport || state.page.offline || isHolding(state)
}

/** Whether the server should read on without us: the page is hidden and its host wants it to rest. */
export function isHolding(state: State): boolean {
  return state.page.hidden && state.config.hidden === 'pause'
}

function mayFlow(state: State, channel: ChannelState): boolean {
  const { phase } = state
  return phase.name === 'ready' && phase.closing === null && channel.phase !== 'wanted' && channel.phase !== 'closed'
}

/**
 * Sends what is owed to the server: `due` when enough was consumed (else a quiet-time timer is set), `quiet` when that
 * timer is over, `top-up` at an attach and after a pause.
 */
export function grantOutput(turn: Turn, channel: ChannelState, why: 'due' | 'quiet' | 'top-up'): void {
  const { state } = turn
  if (!mayFlow(state, channel) || channel.id === null) return
  const paused = isPaused(state)
  const isTrickling = state.page.hidden && state.config.hidden === 'trickle'
  const { min, max } = state.config.outputWindow ?? OUTPUT_WINDOW
  const size = isTrickling ? OUTPUT_WINDOW.trickle : Math.min(max, Math.max(min, channel.output.window.size))
  const receiver = withWindow(channel.output.receiver, size)
  // A window that grew would otherwise wait for half of its new size, which was never granted.
  const topUp = why === 'top-up' || (size > channel.output.receiver.window && !paused)
  const owed = why === 'due' && !topUp ? due(receiver, paused) : flush(receiver, { paused, topUp })
  if (owed === null) {
    if (needsQuietTimer(receiver)) order(turn, { do: 'timer', name: 'acknowledge', ms: QUIET_MS.output, keep: true })
    return
  }
  updateOutput(turn, channel, { receiver: owed.receiver })
  const resume = state.phase.name === 'ready' && state.phase.resume
  send(turn, {
    t: 'flow',
    id: channel.id,
    credit: owed.flow.credit,
    ...(resume ? { ack: owed.flow.ack } : {}),
    ...(isHolding(state) && resume ? { hold: 1 as const } : {}),
  })
}
