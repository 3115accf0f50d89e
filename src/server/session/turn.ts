/** One step of a session's machine: a draft of the next state, and the effects in the order they are to happen. */
import type { Attached, Channel, SessionEffect, SessionState, TimerName } from './state.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export type ChannelDraft = Mutable<Channel>

/** The state before is never written to: the session and each channel that changes are copied first. */
export class Turn {
  readonly effects: SessionEffect[] = []
  readonly state: Mutable<SessionState>
  readonly #copied = new Map<number, ChannelDraft>()

  constructor(before: SessionState) {
    this.state = { ...before }
  }

  /** The channel, to write to; undefined if there is none. */
  channel(id: number): ChannelDraft | undefined {
    const known = this.#copied.get(id)
    if (known !== undefined) return known
    const found = this.state.channels.find((channel) => channel.id === id)
    if (found === undefined) return undefined
    return this.#copy(found)
  }

  /** Every channel, to write to. */
  channels(): readonly ChannelDraft[] {
    return this.state.channels.map((channel) => this.#copied.get(channel.id) ?? this.#copy(channel))
  }

  add(channel: Channel): ChannelDraft {
    this.state.channels = [...this.state.channels, channel]
    return this.#copy(channel)
  }

  #copy(channel: Channel): ChannelDraft {
    const copy = { ...channel }
    this.#copied.set(channel.id, copy)
    this.state.channels = this.state.channels.map((one) => (one === channel ? copy : one))
    return copy
  }

  remove(id: number): void {
    this.state.channels = this.state.channels.filter((channel) => channel.id !== id)
    this.#copied.delete(id)
  }

  /** What is attached, or null. */
  attached(): Attached | null {
    return this.state.life.phase === 'attached' ? this.state.life : null
  }

  /** Changes what is attached; nothing happens while nothing is. */
  attachment(change: Partial<Omit<Attached, 'phase'>>): void {
    const { life } = this.state
    if (life.phase === 'attached') this.state.life = { ...life, ...change }
  }

  emit(...effects: readonly SessionEffect[]): void {
    this.effects.push(...effects)
  }

  timer(timer: TimerName, delayMs: number): void {
    this.emit({ type: 'timer', timer, delayMs })
  }

  cancel(timer: TimerName): void {
    this.emit({ type: 'cancel', timer })
  }

  policy(code: string, fields: Readonly<Record<string, string | number | boolean | null>> = {}): void {
    this.emit({ type: 'note', bus: 'policy', code, fields })
  }

  diagnostic(code: string, fields: Readonly<Record<string, string | number | boolean | null>> = {}): void {
    this.emit({ type: 'note', bus: 'diagnostic', code, fields })
  }
}
