/** Plays the client's machine by hand: events in, orders out, with short ways to the states in which claims begin. */
import { RECONNECT_POLICY } from '../client/machine/backoff.ts'
import { initialState, transition } from '../client/machine.ts'
import type { TokenAnswer } from '../client/ports.ts'
import type { ClientEvent, Config, Effect, Stamped, State, StoredSession, TimerName } from '../client/machine/state.ts'
import type { ControlMessage, HelloOk, ResumeAnswer, ServerMessage } from '../protocol/messages.ts'

export const CONFIG: Config = {
  allocation: 'box',
  profile: 'nimbus.v1',
  resume: true,
  hidden: 'pause',
  reconnect: RECONNECT_POLICY,
  url: null,
}

export const URL_OF_SOCKET = 'wss://example.test/ws/terminal/box'
export const STORED: StoredSession = { id: 's1', token: 'stored-token', url: URL_OF_SOCKET }
export const GRANTED: TokenAnswer = { ok: true, token: 'one-time', url: URL_OF_SOCKET }

export type Order<K extends Effect['do']> = Extract<Effect, { do: K }>

/** The answer to a fresh hello. */
export function greeting(patch: Partial<HelloOk> = {}): HelloOk {
  return {
    t: 'hello_ok',
    server: 'test',
    caps: { flow: 'credit', maxFrame: 65_536, profileAccepted: 'nimbus.v1', resume: 1 },
    proof: 'proof-1',
    session: { id: 's1', token: 'token-1', ttlMs: 180_000 },
    ...patch,
  }
}

/** The answer to a resume; warm, for channel 1 at the offsets given. */
export function resumption(
  channel: Partial<ResumeAnswer['channels'][number]> | null = {},
  patch: Partial<ResumeAnswer> = {},
): HelloOk {
  const channels = channel === null ? [] : [{ id: 1, from: 0, received: 0, answered: 0, ...channel }]
  const resume: ResumeAnswer = { accepted: true, session: 's1', warm: true, ttlMs: 180_000, channels, ...patch }
  return greeting({ session: undefined, proof: 'proof-2', resume })
}

/** The answer of a server that keeps no sessions. */
export const plainGreeting: HelloOk = greeting({
  caps: { flow: 'credit', maxFrame: 65_536, profileAccepted: 'nimbus.v1' },
  proof: undefined,
  session: undefined,
})

/** A machine with its clock and everything that it ordered. */
export class ClientScript {
  state: State
  now = 1_000
  chance = 0.5
  /** All orders so far. */
  readonly all: Effect[] = []
  /** All events so far, as a replay needs them. */
  readonly events: Stamped[] = []
  /** Timers that run, with the time at which they are due. */
  readonly timers = new Map<TimerName, number>()

  constructor(config: Partial<Config> = {}) {
    this.state = initialState({ ...CONFIG, ...config })
  }

  /** Hands over one event and returns what it ordered. */
  give(event: ClientEvent): readonly Effect[] {
    const stamped = { ...event, now: this.now, chance: this.chance }
    this.events.push(stamped)
    const [state, effects] = transition(this.state, stamped)
    this.state = state
    for (const effect of effects) this.#keepTimers(effect)
    this.all.push(...effects)
    return effects
  }

  #keepTimers(effect: Effect): void {
    if (effect.do === 'cancel') this.timers.delete(effect.name)
    if (effect.do === 'timer' && !(effect.keep === true && this.timers.has(effect.name)))
      this.timers.set(effect.name, this.now + effect.ms)
  }

  /** Lets time pass and fires what is due on the way. Returns all that was ordered. */
  wait(ms: number): readonly Effect[] {
    const until = this.now + ms
    const ordered: Effect[] = []
    for (;;) {
      const [name, at] = [...this.timers].sort((a, b) => a[1] - b[1])[0] ?? []
      if (name === undefined || at === undefined || at > until) break
      this.timers.delete(name)
      this.now = Math.max(this.now, at)
      ordered.push(...this.give({ type: 'timer', name }))
    }
    this.now = until
    return ordered
  }

  /** A message of the server on the present socket. */
  hear(message: ServerMessage | ControlMessage): readonly Effect[] {
    return this.give({ type: 'message', epoch: this.state.epoch, message })
  }

  data(bytes: number, channel = 1): readonly Effect[] {
    return this.give({ type: 'data', epoch: this.state.epoch, channel, stream: 1, bytes })
  }

  drawn(offset: number, handle = 0): readonly Effect[] {
    return this.give({ type: 'drawn', handle, offset })
  }

  type(bytes: number, handle = 0): readonly Effect[] {
    return this.give({ type: 'typed', handle, bytes, paste: false })
  }

  reply(bytes: number, at: number, handle = 0): readonly Effect[] {
    return this.give({ type: 'replied', handle, bytes, at })
  }

  close(code: number, reason = ''): readonly Effect[] {
    return this.give({ type: 'socket-closed', epoch: this.state.epoch, code, reason })
  }

  start(stored: StoredSession | null = null): readonly Effect[] {
    return this.give({ type: 'started', stored, hidden: false, offline: false })
  }

  openChannel(handle = 0): readonly Effect[] {
    return this.give({ type: 'open', handle, target: { allocation: 'box' }, size: { cols: 80, rows: 24 } })
  }

  /** From `connecting` to `greeting`. */
  connected(): readonly Effect[] {
    return this.give({ type: 'socket-opened', epoch: this.state.epoch })
  }

  /** From the start to a shell that can be typed into, with 64 KiB of input credit. */
  ready(answer: HelloOk = greeting()): this {
    this.start()
    this.openChannel()
    this.give({ type: 'token', answer: GRANTED, takeOver: false })
    this.connected()
    this.hear(answer)
    this.hear({ t: 'open_ok', id: 1 })
    if (answer.caps.resume === 1) this.hear({ t: 'flow', id: 1, credit: 65_536, ack: 0 })
    return this
  }

  /** Cuts the socket and comes back as far as the hello. */
  cutAndGreet(): readonly Effect[] {
    this.close(1006)
    return this.greetAgain()
  }

  /** From a wait to the hello of the next try. */
  greetAgain(): readonly Effect[] {
    this.wait((this.timers.get('retry') ?? this.now) - this.now)
    return this.connected()
  }

  /** The channel with this handle. Throws where there is none. */
  channel(handle = 0): State['channels'][number] {
    const found = this.state.channels.find((channel) => channel.handle === handle)
    if (found === undefined) throw new Error(`The script opened no channel with handle ${handle}.`)
    return found
  }
}

/** The orders of one kind. */
export function orders<K extends Effect['do']>(effects: readonly Effect[], kind: K): readonly Order<K>[] {
  return effects.filter((effect): effect is Order<K> => effect.do === kind)
}

/** The messages that were sent. */
export function sent<T extends ControlMessage['t']>(
  effects: readonly Effect[],
  t?: T,
): readonly Extract<ControlMessage, { t: T }>[] {
  const messages = orders(effects, 'send').map(({ message }) => message)
  return messages.filter((message): message is Extract<ControlMessage, { t: T }> => t === undefined || message.t === t)
}

/** Codes of the diagnostics. */
export function codes(effects: readonly Effect[]): readonly string[] {
  return orders(effects, 'diagnostic').map(({ code }) => code)
}
