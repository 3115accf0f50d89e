/** One step of the machine: the state as it becomes, and the orders as they are given. */
import type { ControlMessage } from '../../protocol/messages.ts'
import type { ChannelState, DiagnosticFields, Effect, InputState, OutputState, Phase, State } from './state.ts'

/** Lives for one call of `transition` and never leaves it; outside, the machine is a pure function. */
export interface Turn {
  state: State
  readonly effects: Effect[]
  readonly now: number
  readonly chance: number
}

export function update(turn: Turn, patch: Partial<State>): void {
  turn.state = { ...turn.state, ...patch }
}

export function order(turn: Turn, ...effects: readonly Effect[]): void {
  turn.effects.push(...effects)
}

export function send(turn: Turn, message: ControlMessage): void {
  turn.effects.push({ do: 'send', message })
}

export function diagnose(
  turn: Turn,
  code: string,
  fields: DiagnosticFields = {},
  bus: 'diagnostic' | 'policy' = 'diagnostic',
): void {
  turn.effects.push({ do: 'diagnostic', bus, code, fields })
}

/** Enters a phase and says so. */
export function enter(turn: Turn, phase: Phase): void {
  const from = turn.state.phase.name
  turn.state = { ...turn.state, phase }
  if (from !== phase.name) diagnose(turn, 'phase', { from, to: phase.name })
}

export function channelByHandle(turn: Turn, handle: number): ChannelState | undefined {
  return turn.state.channels.find((channel) => channel.handle === handle)
}

export function channelById(turn: Turn, id: number): ChannelState | undefined {
  return turn.state.channels.find((channel) => channel.id === id)
}

export function updateChannel(turn: Turn, handle: number, patch: Partial<ChannelState>): ChannelState {
  let updated: ChannelState | undefined
  const channels = turn.state.channels.map((channel) =>
    channel.handle === handle ? (updated = { ...channel, ...patch }) : channel,
  )
  if (updated === undefined)
    throw new Error(`There is no channel with handle ${handle}; this is a mistake in the client machine.`)
  turn.state = { ...turn.state, channels }
  return updated
}

export function updateOutput(turn: Turn, channel: ChannelState, patch: Partial<OutputState>): ChannelState {
  return updateChannel(turn, channel.handle, { output: { ...channel.output, ...patch } })
}

export function updateInput(turn: Turn, channel: ChannelState, patch: Partial<InputState>): ChannelState {
  return updateChannel(turn, channel.handle, { input: { ...channel.input, ...patch } })
}

/** Does something with a channel if there is one of this handle. */
export function onChannel(turn: Turn, handle: number, act: (channel: ChannelState) => void): void {
  const channel = channelByHandle(turn, handle)
  if (channel !== undefined) act(channel)
}

/** Notes an event that means nothing in the present phase. */
export function ignore(turn: Turn, what: string): void {
  diagnose(turn, 'ignored', { event: what, in: turn.state.phase.name })
}
