/** What happens to the page around the terminal: hidden, offline, asleep, left and found again; and a socket that is too full. */
import { TRANSPORT_PAUSE } from '../../protocol/limits.ts'
import { unreachable } from '../../protocol/unreachable.ts'
import { approach, claim } from './approaching.ts'
import { supply } from './channels.ts'
import { dropSocket } from './ending.ts'
import { probe } from './heartbeat.ts'
import { isHolding } from './output.ts'
import type { ClientEvent, StoredSession } from './state.ts'
import { diagnose, enter, onChannel, order, update } from './turn.ts'
import type { Turn } from './turn.ts'

/** Milliseconds between two looks at a socket's buffer while it is too full. */
const DRAIN_POLL_MS = 50

export function takeBuffered(turn: Turn, bytes: number): void {
  const { transport, liveness } = turn.state
  if (liveness === null) return
  const full = transport ? bytes >= TRANSPORT_PAUSE.below : bytes > TRANSPORT_PAUSE.above
  if (full) order(turn, { do: 'timer', name: 'drain', ms: DRAIN_POLL_MS })
  if (full === transport) return
  update(turn, { transport: full })
  diagnose(turn, full ? 'paused' : 'unpaused', { why: 'transport' })
  if (!full) topUpAll(turn)
}

function topUpAll(turn: Turn): void {
  for (const { handle } of turn.state.channels) onChannel(turn, handle, (channel) => supply(turn, channel))
}

export function takePage(turn: Turn, { event, stored }: Extract<ClientEvent, { type: 'page' }>): void {
  switch (event) {
    case 'hidden':
    case 'visible':
      return turnHidden(turn, event === 'hidden')
    case 'offline':
      return goOffline(turn)
    case 'online':
      return goOnline(turn)
    case 'wake':
      return wake(turn)
    case 'leave':
      return suspend(turn)
    case 'return':
      return comeBack(turn, stored)
    default:
      return unreachable(event)
  }
}

function turnHidden(turn: Turn, hidden: boolean): void {
  const { page } = turn.state
  if (page.hidden === hidden) return
  const wasHolding = isHolding(turn.state)
  update(turn, { page: { ...page, hidden } })
  if (wasHolding !== isHolding(turn.state)) diagnose(turn, hidden ? 'paused' : 'unpaused', { why: 'hidden' })
  // Hidden: a flow that holds, so that the server reads on without us. Visible: full credit at once.
  topUpAll(turn)
  if (!hidden) wake(turn)
}

/** There is reason to doubt the link, or reason to believe that a try would succeed now. */
function wake(turn: Turn): void {
  const { phase } = turn.state
  if (phase.name === 'ready') return probe(turn)
  if (phase.name === 'waiting' && !phase.busy) approach(turn)
}

function goOffline(turn: Turn): void {
  const { page, phase } = turn.state
  if (page.offline) return
  update(turn, { page: { ...page, offline: true } })
  diagnose(turn, 'paused', { why: 'offline' })
  if (phase.name === 'waiting') {
    order(turn, { do: 'cancel', name: 'retry' })
    enter(turn, { name: 'offline' })
  }
}

export function goOnline(turn: Turn): void {
  const { page, phase } = turn.state
  // A person's retry may have overruled `offline` before; the news is good all the same.
  if (!page.offline) return wake(turn)
  update(turn, { page: { ...page, offline: false } })
  diagnose(turn, 'unpaused', { why: 'offline' })
  topUpAll(turn)
  if (phase.name === 'offline') return approach(turn)
  wake(turn)
}

/** Into the back/forward cache: no page with a socket or a lock may go there. */
function suspend(turn: Turn): void {
  const { phase } = turn.state
  if (phase.name === 'ended' || phase.name === 'elsewhere' || phase.name === 'idle') return
  if (phase.name === 'ready') update(turn, { lost: true, since: turn.now })
  dropSocket(turn, 3001, 'page_hidden')
  order(turn, { do: 'cancel', name: 'retry' }, { do: 'abort-token' }, { do: 'release' })
  enter(turn, { name: 'suspended' })
}

function comeBack(turn: Turn, stored: StoredSession | null): void {
  const { phase, session } = turn.state
  if (phase.name !== 'suspended') return wake(turn)
  // Another page of this tab may have gone on with the session meanwhile: then our proof is old.
  if (stored !== null && stored.token !== session?.token)
    update(turn, { session: { ...stored, ttlMs: session?.ttlMs ?? 0, proof: null } })
  claim(turn)
}
