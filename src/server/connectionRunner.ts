/** Carries out what one connection orders: reads and writes its socket in the wire profile that the client chose. */
import { CLOSE_CODE, type CloseReason } from '../protocol/closeReasons.ts'
import type { Hello, HelloOk, ServerMessage, Stream } from '../protocol/messages.ts'
import type { ProfileRegistry } from '../protocol/profiles/registry.ts'
import { unreachable } from '../protocol/unreachable.ts'
import { wireSize, type DataHead, type WireMessage, type WireProfile } from '../protocol/wireProfile.ts'
import type { FreshSecrets } from './authority.ts'
import { step, type ConnectionEffect, type ConnectionEvent, type ConnectionState, type ConnectionTimer } from './connection.ts'
import type { BlockPool } from './blocks.ts'
import { nameOf, type EventFields } from './events.ts'
import type { ServerSocket, SocketEvents, UpgradeRequest } from './ports.ts'
import type { Queue } from './queue.ts'
import type { Welcome } from './session.ts'
import type { SessionRunner } from './sessionRunner.ts'
import type { Timers } from './timers.ts'

/** What a connection needs from the server around it. */
export interface ConnectionSurroundings {
  readonly queue: Queue
  /** For frames that are on their way. */
  readonly blocks: BlockPool
  readonly timers: (rang: (timer: ConnectionTimer) => void) => Timers<ConnectionTimer>
  readonly now: () => number
  readonly note: (bus: 'policy' | 'diagnostic', code: string, fields: EventFields) => void
  readonly profiles: ProfileRegistry
  readonly serverName: string
  readonly maxFrame: number
  readonly sliceBytes: number
  readonly sendAheadBytes: number
  readonly transportPause: { readonly above: number; readonly below: number }
  readonly admit: (connection: ConnectionRunner, hello: Hello) => void
  readonly sent: (bytes: number) => void
  readonly over: (connection: ConnectionRunner) => void
}

export class ConnectionRunner implements SocketEvents {
  readonly request: UpgradeRequest
  state: ConnectionState
  /** Whose session this is, once it is known. */
  session: SessionRunner | null = null
  /** What `hello_ok` will hand over; forgotten with it. */
  secrets: FreshSecrets | null = null
  /** The largest payload of one frame, in bytes. */
  maxPayload = 1
  readonly #socket: ServerSocket
  readonly #world: ConnectionSurroundings
  readonly #timers: Timers<ConnectionTimer>
  #profile: WireProfile | null = null
  #blocked = false
  #paused = false

  constructor(socket: ServerSocket, request: UpgradeRequest, state: ConnectionState, world: ConnectionSurroundings) {
    this.#socket = socket
    this.request = request
    this.state = state
    this.#world = world
    this.#timers = world.timers((timer) => this.happen({ type: 'timer', timer, now: world.now() }))
    this.happen({ type: 'begin', now: world.now() })
  }

  // From the socket

  message(wire: WireMessage): void {
    if (this.state.phase === 'closing' || this.state.phase === 'closed') return
    const now = this.#world.now()
    if (wireSize(wire) > this.#world.maxFrame) {
      return this.happen({ type: 'unreadable', code: CLOSE_CODE.FRAME_TOO_LARGE, detail: 'frame too large', now })
    }
    if (this.#profile === null) this.#first(wire, now)
    else this.#further(this.#profile, wire, now)
  }

  #first(wire: WireMessage, now: number): void {
    const detected = this.#world.profiles.detect(wire)
    if (!detected.ok) return this.happen({ type: 'unreadable', code: detected.code, detail: detected.detail, now })
    const { profile, hello } = detected
    this.#profile = profile
    this.maxPayload = Math.min(this.#world.sliceBytes, profile.maxPayload(this.#world.maxFrame))
    this.happen({ type: 'hello', hello, now })
  }

  #further(profile: WireProfile, wire: WireMessage, now: number): void {
    const decoded = profile.decode(wire)
    if (!decoded.ok) return this.happen({ type: 'unreadable', code: decoded.code, detail: decoded.detail, now })
    const { frame } = decoded
    switch (frame.kind) {
      case 'control':
        return this.happen({ type: 'control', message: frame.message, now })
      case 'ignored':
        return this.happen({ type: 'ignored', now })
      case 'data': {
        const { stream, channel, payload } = frame
        return this.happen({ type: 'data', stream, channel, length: payload.byteLength, now }, payload)
      }
      default:
        return unreachable(frame)
    }
  }

  closed(code: number, reason: string): void {
    this.happen({ type: 'closed', code, reason, now: this.#world.now() })
  }

  drained(): void {
    this.#world.queue.run(() => this.#measure())
  }

  // From the server and the session

  happen(event: ConnectionEvent, payload?: Uint8Array<ArrayBuffer>): void {
    this.#world.queue.run(() => this.#step(event, payload))
  }

  /** True until the socket is closing: a hello is still worth an answer. */
  get isOpen(): boolean {
    return this.state.phase !== 'closing' && this.state.phase !== 'closed'
  }

  disconnect(code: number, reason: CloseReason, afterMs?: number): void {
    this.happen({ type: 'disconnect', code, reason, afterMs, now: this.#world.now() })
  }

  refuse(reason: 'expired' | 'unknown' | 'reused' | 'active_elsewhere'): void {
    this.disconnect(CLOSE_CODE.RESUME_FAILED, reason)
  }

  /** The session is this socket's: says so at once, since its frames follow. */
  welcome(session: string, welcome: Welcome): void {
    const { secrets } = this
    this.secrets = null
    if (this.#profile === null || secrets === null) return
    const { serverName, maxFrame } = this.#world
    const flow = 'credit' as const
    const caps = {
      flow,
      maxFrame,
      profileAccepted: this.#profile.name,
      ...(welcome.kind === 'plain' ? {} : { resume: 1 as const }),
    }
    const message: HelloOk = { t: 'hello_ok', server: serverName, caps, ...granted(session, welcome, secrets) }
    this.#step({ type: 'welcome', message, now: this.#world.now() })
  }

  send(message: ServerMessage): void {
    if (this.state.phase === 'attached') this.#write(message)
  }

  /** Sends one frame of `length` bytes, which `copy` puts where they belong. */
  sendData(stream: Stream, channel: number, length: number, copy: (payload: Uint8Array<ArrayBuffer>) => void): void {
    if (this.state.phase !== 'attached' || this.#profile === null) return
    if (this.#profile.head === undefined) {
      const payload = new Uint8Array(length)
      copy(payload)
      this.#socket.send(this.#profile.encodeData(stream, channel, payload))
    } else {
      this.#sendBehind(this.#profile.head, stream, channel, length, copy)
    }
    this.#world.sent(length)
    this.happen({ type: 'sent', length })
    this.#measure()
  }

  /** Head and payload are put together in a block that is used again once the runtime is done with it. */
  #sendBehind(
    head: DataHead,
    stream: Stream,
    channel: number,
    length: number,
    copy: (payload: Uint8Array<ArrayBuffer>) => void,
  ): void {
    const { blocks } = this.#world
    const size = head.bytes + length
    // A block that is mostly empty would be wasted as long as the frame waits.
    const block = size >= blocks.size / 4 && size <= blocks.size ? blocks.take() : null
    const wire = block === null ? new Uint8Array(size) : block.subarray(0, size)
    head.write(wire, stream, channel, length)
    copy(wire.subarray(head.bytes))
    this.#socket.send(wire, block === null ? undefined : () => blocks.give(block))
  }

  /** Stops or goes on reading, where the runtime can. */
  read(on: boolean): void {
    if (on) this.#socket.resume?.()
    else this.#socket.pause?.()
  }

  /** A throw of the runtime or of ours costs this socket; its session hears that it is gone. */
  #step(event: ConnectionEvent, payload?: Uint8Array<ArrayBuffer>): void {
    try {
      const [state, effects] = step(this.state, event)
      this.state = state
      for (const effect of effects) this.#perform(effect, payload)
    } catch (error) {
      this.#world.note('diagnostic', 'connection_crashed', { connection: this.state.number, error: nameOf(error) })
      this.#socket.terminate()
    }
  }

  #perform(effect: ConnectionEffect, payload?: Uint8Array<ArrayBuffer>): void {
    switch (effect.type) {
      case 'send':
        return this.#write(effect.message)
      case 'admit':
        return this.#world.admit(this, effect.hello)
      case 'session':
        return this.session?.happen(effect.event, payload && { stream: 1, bytes: payload })
      case 'close':
        this.secrets = null
        return this.#socket.close(effect.code, effect.reason)
      case 'terminate':
        return this.#socket.terminate()
      case 'timer':
        return this.#timers.set(effect.timer, effect.delayMs)
      case 'cancel':
        return this.#timers.cancel(effect.timer)
      case 'note':
        return this.#world.note(effect.bus, effect.code, { connection: this.state.number, ...effect.fields })
      case 'over':
        this.#timers.cancelAll()
        this.secrets = null
        return this.#world.over(this)
      default:
        return unreachable(effect)
    }
  }

  #write(message: ServerMessage): void {
    if (this.#profile === null) return
    this.#socket.send(this.#profile.encodeControl(message))
    this.#measure()
  }

  /** Tells the session when the socket holds enough, and when it has room again. */
  #measure(): void {
    const { sendAheadBytes, transportPause, note } = this.#world
    const waiting = this.#socket.bufferedAmount()
    const connection = this.state.number
    const blocked = waiting > (this.#blocked ? sendAheadBytes / 4 : sendAheadBytes)
    const paused = waiting > (this.#paused ? transportPause.below : transportPause.above)
    if (blocked !== this.#blocked) this.session?.happen({ type: 'blocked', connection, blocked })
    if (paused !== this.#paused) this.session?.happen({ type: 'transport-pause', connection, holds: paused })
    this.#blocked = blocked
    this.#paused = paused
    // Only answers to a peer that asks and never reads can get this far.
    if (waiting <= 2 * transportPause.above || !this.isOpen) return
    note('policy', 'unread_socket', { connection, waiting })
    this.#socket.terminate()
  }
}

/** The part of `hello_ok` that hands the session over. */
function granted(id: string, welcome: Welcome, { token, proof }: FreshSecrets): Partial<HelloOk> {
  switch (welcome.kind) {
    case 'plain':
      return {}
    case 'fresh':
      return { proof, session: { id, token, ttlMs: welcome.ttlMs } }
    case 'resumed': {
      const { warm, ttlMs, nextChannel, channels } = welcome
      return {
        proof,
        resume: { accepted: true, session: id, warm, ...(welcome.token ? { token } : {}), ttlMs, nextChannel, channels },
      }
    }
    default:
      return unreachable(welcome)
  }
}
