/** What a person or an application asks for: again, anew, here, no more. */
import { CLOSE_CODE } from '../../protocol/closeReasons.ts'
import { approach, authorize } from './approaching.ts'
import { FRESH } from './backoff.ts'
import { channelOver, dropSocket, end, forget, settleInput } from './ending.ts'
import { goOnline } from './page.ts'
import type { ChannelState } from './state.ts'
import { enter, ignore, order, send, update, updateChannel } from './turn.ts'
import type { Turn } from './turn.ts'

export function closeChannel(turn: Turn, channel: ChannelState): void {
  if (channel.phase === 'closed') return
  if (turn.state.phase.name === 'ready' && channel.id !== null) send(turn, { t: 'close', id: channel.id, reason: 'user_closed' })
  channelOver(turn, channel, { reason: 'user_closed', code: CLOSE_CODE.NORMAL })
}

/** A person wants it now. */
export function retry(turn: Turn): void {
  const { phase } = turn.state
  switch (phase.name) {
    case 'waiting':
    case 'offline':
      order(turn, { do: 'cancel', name: 'retry' })
      update(turn, { page: { ...turn.state.page, offline: false } })
      return approach(turn)
    case 'ended':
    case 'elsewhere':
      // With the session kept this goes on where it stopped; without it this is a new start.
      update(turn, { backoff: FRESH, since: turn.now })
      if (turn.state.session === null) reviveChannels(turn)
      return approach(turn)
    case 'ready':
      // A person who doubts the connection, or knows better than the browser that there is a network.
      return goOnline(turn)
    default:
      return ignore(turn, 'retry')
  }
}

export function restart(turn: Turn): void {
  const { name } = turn.state.phase
  if (name !== 'ended' && name !== 'elsewhere') return ignore(turn, 'restart')
  settleInput(turn)
  forget(turn)
  reviveChannels(turn)
  update(turn, { backoff: FRESH, since: turn.now, lost: false, everReady: false, resumed: null })
  authorize(turn, false)
}

export function takeOver(turn: Turn): void {
  const { phase } = turn.state
  if (phase.name !== 'elsewhere') return ignore(turn, 'take-over')
  forget(turn)
  reviveChannels(turn)
  update(turn, { backoff: FRESH, since: turn.now, lost: false })
  authorize(turn, true)
}

/** Closed channels are wanted again: the application's handles outlive a session. */
function reviveChannels(turn: Turn): void {
  for (const channel of turn.state.channels) updateChannel(turn, channel.handle, { phase: 'wanted', id: null, exit: null })
}

export function disconnect(turn: Turn): void {
  if (turn.state.phase.name === 'ended') return
  if (turn.state.phase.name === 'ready') send(turn, { t: 'close', id: 0, reason: 'user_closed' })
  forget(turn)
  const over = { reason: 'user_closed', code: CLOSE_CODE.NORMAL } as const
  for (const { handle, phase } of turn.state.channels) {
    if (phase === 'closed') continue
    updateChannel(turn, handle, { phase: 'closed' })
    order(turn, { do: 'channel-closed', handle, end: over })
  }
  end(turn, over)
}

/** Lets go without ending the session: it waits for its time to live. */
export function dispose(turn: Turn): void {
  dropSocket(turn, 3000, 'disposed')
  order(turn, { do: 'cancel', name: 'retry' }, { do: 'cancel', name: 'held' }, { do: 'abort-token' }, { do: 'release' })
  enter(turn, { name: 'idle' })
}
