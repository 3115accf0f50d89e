/** The line without a connection. */
import type { Status } from '../../client/api.ts'
import type { Facts } from './facts.ts'
import { quiet, text, type Action, type StatusLine } from './line.ts'
import type { Memory } from './memory.ts'
import type { StateId } from './states.ts'
import { TIMES, type Wakes } from './times.ts'
import { unreachable } from './unreachable.ts'
import type { Words } from '../words/words.ts'

export const isLoss = (line: StatusLine): boolean => LOSS_IDS.has(line.id)
const LOSS_IDS: ReadonlySet<StateId> = new Set<StateId>([
  'offline',
  'reconnect-wait',
  'reconnect-try',
  'server-busy',
  'held',
  'held-masked',
  'held-full',
])

type Lost = Extract<Status, { phase: 'lost' }>

export function describeLost(memory: Memory, facts: Facts, status: Lost, words: Words, wakes: Wakes): StatusLine {
  const shows = status.since + (status.step === 'offline' ? TIMES.offline : TIMES.loss)
  wakes.push(shows)
  if (facts.now < shows) return memory.shown
  const retriedRecently = facts.retriedAt !== null && facts.now < facts.retriedAt + TIMES.retryEvery
  if (retriedRecently) wakes.push((facts.retriedAt ?? 0) + TIMES.retryEvery)
  const action: Action = { kind: 'retry', label: words.buttons.retryNow, busy: status.step === 'trying' || retriedRecently }
  const base = lostBase(facts, status, words, wakes, action)
  const { keys, full } = facts.snapshot.held
  if (full)
    return {
      ...base,
      id: 'held-full',
      icon: 'broken',
      tone: 'error',
      parts: text(words.typing.heldFull),
      live: 'assertive',
      say: undefined,
    }
  if (keys === 0) return base
  const chip = { long: words.typing.keysWaiting(keys), short: words.typing.keysWaitingShort(keys) }
  if (facts.masked) return { ...base, id: 'held-masked', chip, live: 'off', say: undefined }
  return { ...base, id: 'held', chip, live: 'polite', say: words.typing.heldKept }
}

function lostBase(facts: Facts, status: Lost, words: Words, wakes: Wakes, action: Action): StatusLine {
  const noticed = { tone: 'warn', level: 'noticed', action } as const
  switch (status.step) {
    case 'offline':
      return offlineLine(words, action)
    case 'trying': {
      const trying = facts.snapshot.everReady ? words.lost.trying : words.start.trying
      return quiet('reconnect-try', trying(status.tries, status.maxTries), noticed)
    }
    case 'waiting': {
      const seconds = countdown(facts.now, status.retryAt, wakes)
      if (status.busy)
        return quiet('server-busy', words.lost.serverBusy(status.tries, status.maxTries, seconds), {
          ...noticed,
          icon: 'broken',
          live: 'polite',
          say: words.lost.serverBusySaid,
        })
      const [waiting, say] = facts.snapshot.everReady
        ? [words.lost.waiting, words.lost.said]
        : [words.start.waiting, words.start.said]
      const sentence = waiting(status.tries, status.maxTries, seconds)
      return quiet('reconnect-wait', sentence, { ...noticed, icon: 'broken', live: 'polite', say })
    }
    default:
      return unreachable(status.step)
  }
}

export function offlineLine(words: Words, action: Action): StatusLine {
  return quiet('offline', words.lost.offline, { tone: 'warn', level: 'noticed', action, icon: 'offline', live: 'polite' })
}

/** Whole seconds left, never below 1, and the time at which the figure changes. */
function countdown(now: number, retryAt: number | undefined, wakes: Wakes): number {
  const left = retryAt === undefined ? 0 : retryAt - now
  const seconds = Math.max(1, Math.ceil(left / 1000))
  if (retryAt !== undefined && seconds > 1) wakes.push(retryAt - (seconds - 1) * 1000)
  return seconds
}
