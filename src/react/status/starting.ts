/** The line on the way to a screen. */
import type { Status } from '../../client/api.ts'
import type { Facts } from './facts.ts'
import { FIRST_PAINT, quiet, type StatusLine } from './line.ts'
import type { Memory } from './memory.ts'
import { TIMES, type Wakes } from './times.ts'
import { unreachable } from './unreachable.ts'
import type { Words } from '../words/words.ts'

type StartStatus = Extract<Status, { phase: 'idle' | 'starting' }>

export function describeStart(memory: Memory, facts: Facts, status: StartStatus, words: Words, wakes: Wakes): StatusLine {
  const startedAt = memory.startedAt ?? facts.now
  const age = facts.now - startedAt
  wakes.push(startedAt + TIMES.words, startedAt + TIMES.slowStart)
  if (age < TIMES.words) return FIRST_PAINT
  if (facts.emulator === 'loading') return quiet('loading', words.start.loading)
  if (age >= TIMES.slowStart)
    return quiet('connecting-slow', words.start.connectingSlow, {
      level: 'noticed',
      live: 'polite',
      action: { kind: 'cancel', label: words.buttons.cancel },
    })
  const step = status.phase === 'idle' ? 'connecting' : status.step
  switch (step) {
    case 'claiming':
    case 'connecting':
      return quiet('connecting', words.start.connecting, { live: 'polite' })
    case 'authorizing':
      return quiet('authenticating', words.start.authenticating)
    case 'opening':
      return quiet('opening', words.start.opening)
    default:
      return unreachable(step)
  }
}
