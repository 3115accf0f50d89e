/** A status line that a test looks at, on a clock of the test's own. */
import type { End, Snapshot, Status } from '../../client/api.ts'
import { IDLE } from '../../client/shown.ts'
import { english } from '../words/english.ts'
import { firstMemory, sentence, step, type Facts, type Memory, type StatusLine, type Step } from './status.ts'

export const READY: Status = { phase: 'ready', since: 0 }

const FACTS: Facts = {
  now: 0,
  snapshot: IDLE,
  emulator: 'ready',
  drawn: false,
  title: '',
  folder: '',
  speaks: true,
  masked: false,
  hover: false,
  roundTripMs: null,
  catchingUpSince: null,
  gapSeenAt: null,
  gapDismissedAt: null,
  retriedAt: null,
  canSignIn: false,
  copiedAt: null,
  paste: null,
  pasteStopped: null,
  bellAt: null,
  bellUnseen: false,
  resized: null,
}

/** A panel that is looked at whenever the line asks for it, on a clock of its own. */
export class Looked {
  now = 0
  facts: Facts = FACTS
  memory: Memory = firstMemory(0)
  line: StatusLine = this.memory.shown
  wakeAt: number | null = null
  /** Every line that was shown, by id, and everything that was said. */
  readonly shown: string[] = []
  readonly said: string[] = []

  become(change: Partial<Snapshot>, facts: Partial<Facts> = {}): this {
    this.facts = { ...this.facts, ...facts, snapshot: { ...this.facts.snapshot, ...change } }
    return this.look()
  }

  status(status: Status, facts: Partial<Facts> = {}): this {
    return this.become({ status }, facts)
  }

  wait(ms: number): this {
    const until = this.now + ms
    while (this.wakeAt !== null && this.wakeAt <= until) {
      this.now = this.wakeAt
      this.look()
    }
    this.now = until
    return this
  }

  look(): this {
    const before = this.memory
    const result: Step = step(before, { ...this.facts, now: this.now }, english)
    this.memory = result.memory
    this.line = result.line
    this.wakeAt = result.wakeAt
    if (this.shown.at(-1) !== result.line.id) this.shown.push(result.line.id)
    for (const words of [result.memory.polite, result.memory.alert])
      if (words !== '' && words !== before.polite && words !== before.alert) this.said.push(words)
    if (this.wakeAt !== null && this.wakeAt <= this.now) throw new Error('The line wants to be looked at in the past.')
    return this
  }

  get words(): string {
    return sentence(this.line)
  }

  get button(): string | undefined {
    return this.line.action?.label
  }
}

export const ready = (facts: Partial<Facts> = {}): Looked =>
  new Looked().become({ status: READY, everReady: true }, { drawn: true, ...facts })

/** A loss that began now; the next look is at it. */
export const lost = (panel: Looked, more: Partial<Extract<Status, { phase: 'lost' }>> = {}): Looked =>
  panel.status({
    phase: 'lost',
    step: 'waiting',
    since: panel.now,
    tries: 1,
    maxTries: 10,
    retryAt: panel.now + 2500,
    busy: false,
    ...more,
  })

export function ended(reason: End['reason'], more: Partial<End> = {}): Status {
  return { phase: 'ended', end: { reason, code: 4018, ...more } }
}
