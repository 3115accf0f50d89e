/** Waits for the moments of a script and has its actions done. */
import { unreachable } from '../src/protocol/unreachable.ts'
import type { Clock } from '../src/server/ports.ts'
import type { Action, Moment, Step } from './script.ts'

export interface Director {
  /** Something happened for the nth time. Resolves when everything that was due at once is done. */
  happened(on: 'start' | 'token' | 'connection' | 'ready'): Promise<void>
  /** So many further bytes have reached the client. */
  output(bytes: number): void
  /** The person typed this. */
  typed(text: string): void
  /** Nothing happens any more. */
  end(): void
}

/** How much of what was typed is looked at for a match. */
const LONGEST_MATCH = 200

export function createDirector(
  clock: Clock,
  steps: readonly Step[],
  perform: (action: Action) => void | Promise<void>,
): Director {
  const waiting = new Set(steps)
  const counts: Record<string, number> = {}
  let printed = 0
  let typed = ''
  let ended = false
  const timers = new Set<() => void>()

  async function act(step: Step): Promise<void> {
    for (const action of step.act) if (!ended) await perform(action)
  }

  function later(ms: number, callback: () => void): void {
    const cancel = clock.after(ms, () => {
      timers.delete(cancel)
      callback()
    })
    timers.add(cancel)
  }

  function repeat(step: Step, left: number): void {
    if (step.every === undefined || left <= 0) return
    later(step.every, () => {
      void act(step)
      repeat(step, left - 1)
    })
  }

  function due(step: Step): Promise<void> | undefined {
    waiting.delete(step)
    const begin = (): Promise<void> => {
      repeat(step, (step.times ?? Infinity) - 1)
      return act(step)
    }
    if (step.after === undefined) return begin()
    later(step.after, () => void begin())
  }

  async function look(isNow: (moment: Moment) => boolean): Promise<void> {
    if (!ended) await Promise.all([...waiting].filter(isNow).map(due))
  }

  return {
    happened(on) {
      const count = (counts[on] = (counts[on] ?? 0) + 1)
      return look((moment) => moment.on === on && (moment.on === 'start' || countOf(moment) === count))
    },
    output(bytes) {
      printed += bytes
      void look((moment) => moment.on === 'output' && moment.bytes <= printed)
    },
    typed(text) {
      typed = (typed + text).slice(-LONGEST_MATCH)
      void look((moment) => moment.on === 'typed' && typed.includes(moment.text))
    },
    end() {
      ended = true
      for (const cancel of timers) cancel()
    },
  }
}

function countOf(moment: Moment): number | null {
  switch (moment.on) {
    case 'token':
    case 'connection':
    case 'ready':
      return moment.nth
    case 'start':
    case 'output':
    case 'typed':
      return null
    default:
      return unreachable(moment)
  }
}
