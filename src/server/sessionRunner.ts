/** Carries out what one session orders: holds its programs, the bytes it keeps and its timers. */
import type { CloseReason } from '../protocol/closeReasons.ts'
import type { Stream } from '../protocol/messages.ts'
import { unreachable } from '../protocol/unreachable.ts'
import type { BlockPool } from './blocks.ts'
import type { ConnectionRunner } from './connectionRunner.ts'
import { nameOf, type EventFields } from './events.ts'
import type { OpenRequest, Principal, Program, ProgramEvents } from './ports.ts'
import type { Queue } from './queue.ts'
import { ReplayBuffer } from './replayBuffer.ts'
import { transition, type SessionEffect, type SessionEvent, type SessionState, type TimerName, type Welcome } from './session.ts'
import { TerminalModes, type IndexOfByte } from './terminalModes.ts'
import type { Timers } from './timers.ts'

/** Whose session it is. */
export interface SessionIdentity {
  readonly id: string
  readonly allocation: string
  readonly principal: Principal
  readonly origin: string | null
}

/** What a session needs from the server around it. */
export interface SessionSurroundings {
  readonly queue: Queue
  /** For output that is kept. */
  readonly blocks: BlockPool
  readonly indexOfByte: IndexOfByte | undefined
  readonly timers: (rang: (timer: TimerName) => void) => Timers<TimerName>
  readonly now: () => number
  readonly note: (bus: 'policy' | 'diagnostic', code: string, fields: EventFields) => void
  readonly connection: (number: number) => ConnectionRunner | undefined
  /** Starts a program, or calls `failed`. May answer later. */
  readonly start: (request: OpenRequest, events: ProgramEvents, began: (program: Program) => void) => void
  /** A program is no longer anybody's: sees to it that it ends. */
  readonly bury: (program: Program) => void
  readonly answerProbe: (probe: number, state: 'attached' | 'detached') => void
  readonly over: (reason: CloseReason) => void
}

/** Bytes that came with an event. The machine never sees them; it says what becomes of them. */
interface Payload {
  readonly stream: Stream
  readonly bytes: Uint8Array<ArrayBuffer>
}

interface Slot {
  readonly buffer: ReplayBuffer
  /** Where the terminal is after the output that was let go. */
  readonly modes: TerminalModes
  program: Program | null
}

export class SessionRunner {
  readonly identity: SessionIdentity
  state: SessionState
  readonly #world: SessionSurroundings
  readonly #timers: Timers<TimerName>
  readonly #slots = new Map<number, Slot>()

  constructor(identity: SessionIdentity, state: SessionState, world: SessionSurroundings) {
    this.identity = identity
    this.state = state
    this.#world = world
    this.#timers = world.timers((timer) => this.happen({ type: 'timer', timer, now: world.now() }))
  }

  /** Bytes of output held in memory, used or not. */
  get held(): number {
    let held = 0
    for (const { buffer } of this.#slots.values()) held += buffer.held
    return held
  }

  happen(event: SessionEvent, payload?: Payload): void {
    this.#world.queue.run(() => this.#step(event, payload))
  }

  /** A throw of the backend or of ours ends this session and no other. */
  #step(event: SessionEvent, payload?: Payload): void {
    try {
      const [state, effects] = transition(this.state, event)
      this.state = state
      for (const effect of effects) this.#perform(effect, payload)
    } catch (error) {
      this.#crash(error)
    }
  }

  #crash(error: unknown): void {
    this.#world.note('diagnostic', 'session_crashed', { error: nameOf(error) })
    const [state, effects] = transition(this.state, { type: 'end', reason: 'internal_error' })
    this.state = state
    for (const effect of effects) {
      try {
        this.#perform(effect)
      } catch {
        // It is ending as it is; the rest of the end must still happen.
      }
    }
  }

  #perform(effect: SessionEffect, payload?: Payload): void {
    const world = this.#world
    switch (effect.type) {
      case 'send':
        return world.connection(effect.connection)?.send(effect.message)
      case 'send-output':
        return this.#sendOutput(effect)
      case 'keep':
        return payload && this.#slots.get(effect.channel)?.buffer.append(payload.stream, payload.bytes)
      case 'write':
        return payload && this.#slots.get(effect.channel)?.program?.write(owned(payload.bytes))
      case 'evict':
        return this.#evict(effect.channel, effect.below)
      case 'pause':
      case 'resume':
        return this.#slots.get(effect.channel)?.program?.[effect.type]()
      case 'resize':
        return this.#slots.get(effect.channel)?.program?.resize(effect.size)
      case 'signal':
        return this.#slots.get(effect.channel)?.program?.signal(effect.signal)
      case 'start':
        return this.#start(effect)
      case 'drop':
        return this.#drop(effect.channel, effect.running)
      case 'timer':
        return this.#timers.set(effect.timer, effect.delayMs)
      case 'soon':
        return this.#timers.soon(effect.timer)
      case 'cancel':
        return this.#timers.cancel(effect.timer)
      case 'welcome':
        return world.connection(effect.connection)?.welcome(this.identity.id, this.#withModes(effect.welcome))
      case 'refuse':
        return world.connection(effect.connection)?.refuse(effect.reason)
      case 'disconnect':
        return world.connection(effect.connection)?.disconnect(effect.code, effect.reason, effect.afterMs)
      case 'read-socket':
        return world.connection(effect.connection)?.read(effect.on)
      case 'answer-probe':
        return world.answerProbe(effect.probe, effect.state)
      case 'note':
        return world.note(effect.bus, effect.code, effect.fields)
      case 'over':
        this.#timers.cancelAll()
        return world.over(effect.reason)
      default:
        return unreachable(effect)
    }
  }

  /** From the buffer to the socket, in frames that the wire profile can carry. */
  #sendOutput({ connection, channel, from, to }: Extract<SessionEffect, { type: 'send-output' }>): void {
    const target = this.#world.connection(connection)
    const slot = this.#slots.get(channel)
    if (target === undefined || slot === undefined) return
    for (let at = from; at < to;) {
      const { stream, length } = slot.buffer.run(at, Math.min(to - at, target.maxPayload))
      const from = at
      target.sendData(stream, channel, length, (payload) => slot.buffer.copy(from, payload))
      at += length
    }
  }

  #evict(channel: number, below: number): void {
    const slot = this.#slots.get(channel)
    if (slot === undefined) return
    slot.buffer.visit(slot.modes.followed, below, (bytes) => slot.modes.follow(bytes))
    slot.buffer.evict(below)
  }

  /** A new screen begins where the output that is kept does, and in the modes that hold there. */
  #withModes(welcome: Welcome): Welcome {
    if (welcome.kind !== 'resumed' || welcome.warm) return welcome
    const channels = welcome.channels.map((channel) => {
      const modes = this.#slots.get(channel.id)?.modes.sequences ?? ''
      return modes === '' ? channel : { ...channel, modes }
    })
    return { ...welcome, channels }
  }

  #start({ channel, target, user, size, env }: Extract<SessionEffect, { type: 'start' }>): void {
    const { allocation, principal } = this.identity
    const slot: Slot = {
      buffer: new ReplayBuffer(this.#world.blocks),
      modes: new TerminalModes(this.#world.indexOfByte),
      program: null,
    }
    this.#slots.set(channel, slot)
    this.#world.start({ allocation, principal, target, user, size, env }, this.#eventsOf(channel), (program) => {
      // The channel may have been closed while the host was asked.
      if (this.#slots.get(channel) === slot) slot.program = program
      else this.#world.bury(program)
    })
  }

  #eventsOf(channel: number): ProgramEvents {
    return {
      opened: () => this.happen({ type: 'opened', channel }),
      failed: (reason, message) => this.happen({ type: 'failed', channel, reason, message }),
      output: (stream, bytes) => {
        if (bytes.byteLength === 0) return
        // A program that prints from inside a call of ours is heard later, when its bytes may be others.
        const payload = { stream, bytes: this.#world.queue.isBusy ? bytes.slice() : bytes }
        this.happen({ type: 'output', channel, stream, length: bytes.byteLength }, payload)
      },
      took: (bytes) => this.happen({ type: 'took', channel, bytes }),
      exited: (exit) => this.happen({ type: 'exited', channel, exit }),
    }
  }

  #drop(channel: number, running: boolean): void {
    const slot = this.#slots.get(channel)
    this.#slots.delete(channel)
    slot?.buffer.clear()
    if (running && slot?.program) this.#world.bury(slot.program)
  }
}

/** A program queues its input, so a view into something larger is copied out of it. */
function owned(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return bytes.byteLength * 2 < bytes.buffer.byteLength ? bytes.slice() : bytes
}
