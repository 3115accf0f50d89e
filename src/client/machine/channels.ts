/** What a client asks for a channel: to be opened, resized, signalled, and supplied with credit and input. */
import { DEADLINE, TERMINAL_SIDE } from '../../protocol/limits.ts'
import type { SignalName, TerminalSize } from '../../protocol/messages.ts'
import { freshInput, pump, releaseHeld } from './input.ts'
import { freshOutput, grantOutput } from './output.ts'
import type { ChannelState, ClientEvent } from './state.ts'
import { channelByHandle, diagnose, order, send, update, updateChannel } from './turn.ts'
import type { Turn } from './turn.ts'

/** The application wants a terminal; it is asked for as soon as there is a connection. */
export function addChannel(turn: Turn, event: Extract<ClientEvent, { type: 'open' }>): void {
  const { handle, target, user, env } = event
  const size = event.size !== null && isSize(event.size) ? event.size : null
  const state = { id: null, phase: 'wanted', output: freshOutput(), input: freshInput(), exit: null } as const
  const channel: ChannelState = { handle, target, user, env, size, ...state }
  update(turn, { channels: [...turn.state.channels, channel] })
  if (turn.state.phase.name === 'ready') sendOpen(turn, channel)
}

/** Asks the server for a channel under an id that the session never used. */
export function sendOpen(turn: Turn, channel: ChannelState): void {
  const id = turn.state.nextId
  update(turn, { nextId: id + 1 })
  const opening = updateChannel(turn, channel.handle, { id, phase: 'opening' })
  const { target, user, size, env } = channel
  send(turn, { t: 'open', id, target, ...(user && { user }), ...(size && { term: { ...size, ...(env && { env }) } }) })
  order(turn, { do: 'timer', name: 'open', ms: DEADLINE.openMs })
  // With credit behind the question, the first output comes with the answer.
  grantOutput(turn, opening, 'top-up')
}

/** The server opened it. */
export function takeOpened(turn: Turn, channel: ChannelState): void {
  if (channel.phase !== 'opening') return
  updateChannel(turn, channel.handle, { phase: 'open' })
  if (!turn.state.channels.some((other) => other.phase === 'opening')) order(turn, { do: 'cancel', name: 'open' })
  update(turn, { everReady: true })
  order(turn, { do: 'channel-ready', handle: channel.handle, resumed: false })
  pump(turn, releaseHeld(turn, { ...channel, phase: 'open' }))
}

/** Full credit towards us, and our input towards the program as far as its credit goes. */
export function supply(turn: Turn, channel: ChannelState): void {
  grantOutput(turn, channel, 'top-up')
  const current = channelByHandle(turn, channel.handle)
  if (current !== undefined) pump(turn, current)
}

/** Only a change is sent. */
export function resizeChannel(turn: Turn, channel: ChannelState, size: TerminalSize): void {
  if (!isSize(size)) return diagnose(turn, 'size-ignored', {}, 'policy')
  if (channel.size?.cols === size.cols && channel.size.rows === size.rows) return
  tellSize(turn, updateChannel(turn, channel.handle, { size }))
}

/** Boxes that are hidden or not laid out measure as anything, and a number that JSON does not know would end the connection. */
function isSize({ cols, rows }: TerminalSize): boolean {
  return [cols, rows].every((side) => Number.isInteger(side) && side >= TERMINAL_SIDE.min && side <= TERMINAL_SIDE.max)
}

export function tellSize(turn: Turn, { id, phase, size }: ChannelState): void {
  if (turn.state.phase.name !== 'ready' || id === null || size === null) return
  if (phase === 'open' || phase === 'opening') send(turn, { t: 'resize', id, cols: size.cols, rows: size.rows })
}

/** Overtakes input and is sent at most once; `confirm` asks for the pong that shows it arrived. */
export function sendSignal(turn: Turn, channel: ChannelState, sig: SignalName): boolean {
  if (turn.state.phase.name !== 'ready' || channel.phase !== 'open' || channel.id === null) {
    diagnose(turn, 'signal-not-sent', { sig })
    return false
  }
  send(turn, { t: 'signal', id: channel.id, sig })
  update(turn, { unconfirmed: [...turn.state.unconfirmed, sig] })
  return true
}
