/** How things end: a channel, a socket, the stay in a session; and what becomes of what was typed. */
import { CLOSE_CODE } from '../../protocol/closeReasons.ts'
import type { End } from '../shown.ts'
import { abandonInput, refuseHeld } from './input.ts'
import type { ChannelState, TimerName } from './state.ts'
import { channelByHandle, enter, order, send, update, updateChannel } from './turn.ts'
import type { Turn } from './turn.ts'

/** Pages may close with 1000 or 3000 to 4999; anything else becomes 3000, "not with me any more". */
export function closeCodeFor(code: number): number {
  return code === 1000 || (code >= 3000 && code <= 4999) ? code : 3000
}

export function dropSocket(turn: Turn, code: number, reason: string): void {
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

/** Nothing more comes by itself. A kept token keeps the input too: a retry may still write it. */
export function end(turn: Turn, over: End): void {
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

export function forget(turn: Turn): void {
  const { session } = turn.state
  if (session === null) return
  order(turn, { do: 'forget', token: session.token })
  update(turn, { session: null })
}

/** Every byte typed ends as written or as reported. */
export function settleInput(turn: Turn): void {
  for (const channel of turn.state.channels) abandonInput(turn, channel)
  order(turn, { do: 'cancel', name: 'held' })
  update(turn, { refusing: null })
}

export function standAside(turn: Turn, how: 'active' | 'superseded'): void {
  settleInput(turn)
  order(turn, { do: 'release' })
  enter(turn, { name: 'elsewhere', how, canTakeOver: true })
}

/** A channel is over. With the last one the connection is over too, for the same reason. */
export function channelOver(turn: Turn, channel: ChannelState, over: End): void {
  const input = abandonInput(turn, channel).input
  updateChannel(turn, channel.handle, { phase: 'closed', input })
  order(turn, { do: 'channel-closed', handle: channel.handle, end: over })
  if (turn.state.channels.some((other) => other.phase !== 'closed')) return
  if (turn.state.phase.name === 'ready' && turn.state.liveness !== null)
    send(turn, { t: 'close', id: 0, reason: over.reason === 'shell_exit' ? 'shell_exit' : 'user_closed' })
  forget(turn)
  end(turn, over)
}

/** The exit is told once its last byte was drawn; the server repeats it until it hears our close. */
export function finishIfDrawn(turn: Turn, handle: number): void {
  const channel = channelByHandle(turn, handle)
  if (channel === undefined || channel.phase !== 'exited' || channel.exit === null || channel.output.drawn < channel.exit.at)
    return
  if (turn.state.phase.name === 'ready' && channel.id !== null) send(turn, { t: 'close', id: channel.id })
  channelOver(turn, channel, shellExit(channel.exit))
}

/**
 * Exits whose last byte is here and only waits to be drawn are told now: no socket follows on which they could be.
 * True if that was the end of the connection.
 */
export function finishWhatIsComplete(turn: Turn): boolean {
  for (const channel of turn.state.channels) {
    if (channel.phase === 'exited' && channel.exit !== null && channel.output.received >= channel.exit.at)
      channelOver(turn, channel, shellExit(channel.exit))
  }
  return turn.state.phase.name === 'ended'
}

function shellExit({ code, sig }: NonNullable<ChannelState['exit']>): End {
  return { reason: 'shell_exit', code: CLOSE_CODE.NORMAL, exit: { code, sig } }
}
