/** Runs the machine: hands it what happens, carries out what it orders, and is what the application holds in its hands. */
import { SUBPROTOCOL } from '../protocol/messages.ts'
import { CLOSE_CODE } from '../protocol/closeReasons.ts'
import { MAX_FRAME, MAX_REASON_BYTES, TRANSPORT_PAUSE } from '../protocol/limits.ts'
import { unreachable } from '../protocol/unreachable.ts'
import { encodeUtf8 } from '../protocol/utf8.ts'
import { wireSize } from '../protocol/wireProfile.ts'
import type { WireMessage, WireProfile } from '../protocol/wireProfile.ts'
import type {
  Accepted,
  Channel,
  ChannelEvents,
  Connection,
  ConnectionEvents,
  Diagnostic,
  End,
  OpenOptions,
  Paste,
  Recent,
  Snapshot,
  Stats,
} from './api.ts'
import { Emitter } from './emitter.ts'
import { InputQueue } from './inputQueue.ts'
import { initialState, transition } from './machine.ts'
import { PasteJob } from './paste.ts'
import type { ClientPorts, ClientSocket, MaybePromise, TabClaim, TokenAnswer } from './ports.ts'
import { snapshotOf, statsOf } from './snapshot.ts'
import type { ClientEvent, Config, Effect, State, TimerName } from './machine/state.ts'
import { Recorder } from './recording/recorder.ts'
import { makeReport } from './recording/report.ts'
import type { BugReport, Facts } from './recording/report.ts'
import { parseStored } from './storedSession.ts'
import { isTokenAnswer } from './tokenAnswer.ts'

/** A timer that fires this much too late slept, and so did the network. */
const SLEPT_MS = 5000
/** The largest frame of input: small enough that what follows it is not kept waiting. */
const INPUT_FRAME = 64 * 1024

const NO_TOKEN_ANSWER =
  'getToken has given no answer that can be used: it should be { ok: true, token, url } or { ok: false, code }.'

/** Bytes that came with an event; effects of that event refer to them. */
type Payload = Uint8Array<ArrayBuffer> | null

/** One terminal as the application holds it, with the bytes that wait for it. */
interface Port {
  readonly handle: number
  readonly queue: InputQueue
  readonly deferred: Uint8Array<ArrayBuffer>[]
  readonly events: Emitter<ChannelEvents>
  pastes: PasteJob[]
}

/** The connection of the public API over a machine and its ports. */
export class Runner implements Connection {
  readonly #ports: ClientPorts
  readonly #profile: WireProfile
  readonly #storeKey: string
  readonly #events = new Emitter<ConnectionEvents>()
  readonly #watchers = new Set<() => void>()
  readonly #channels: Port[] = []
  readonly #timers = new Map<TimerName, () => void>()
  readonly #inbox: { readonly event: ClientEvent; readonly payload: Payload }[] = []
  /** Calls to the application, made when no order is half carried out, so that it may call back. */
  readonly #outbox: (() => void)[] = []
  readonly #recorder: Recorder
  #state: State
  #snapshot: Snapshot
  #unsent: Snapshot['unsent'] = null
  #socket: ClientSocket | null = null
  #claim: TabClaim | null = null
  #tokenSerial = 0
  /** The application knows that nothing useful comes from its way to a token. */
  #tokenTold = false
  #running = false
  #telling = false
  #enqueued = false
  #unwatchPage: (() => void) | null = null

  constructor(config: Config, ports: ClientPorts, profile: WireProfile, storeKey: string) {
    this.#ports = ports
    this.#profile = profile
    this.#storeKey = storeKey
    this.#state = initialState(config)
    this.#recorder = new Recorder(this.#state)
    this.#snapshot = snapshotOf(this.#state, null, null)
  }

  /** Sets out. Before this nothing is opened, stored or timed. */
  start(): void {
    const { page } = this.#ports
    this.#unwatchPage = page.watch((event) => this.#dispatch({ type: 'page', event, stored: this.#readStore() }))
    this.#dispatch({ type: 'started', stored: this.#readStore(), hidden: page.isHidden(), offline: page.isOffline() })
  }

  // ---- the public face ----

  snapshot(): Snapshot {
    return this.#snapshot
  }

  stats(): Stats {
    return statsOf(this.#state)
  }

  recent(): Recent {
    return { notes: this.#recorder.notes(), roundTrips: this.#recorder.roundTrips() }
  }

  report(facts: Facts = {}): BugReport {
    const { clock } = this.#ports
    const made = { wall: clock.wall(), now: clock.now() }
    return makeReport({
      recorder: this.#recorder,
      state: this.#state,
      snapshot: this.#snapshot,
      stats: this.stats(),
      made,
      facts,
    })
  }

  now(): number {
    return this.#ports.clock.now()
  }

  subscribe(listener: () => void): () => void {
    this.#watchers.add(listener)
    return () => this.#watchers.delete(listener)
  }

  on<K extends keyof ConnectionEvents>(event: K, listener: (value: ConnectionEvents[K]) => void): () => void {
    return this.#events.on(event, listener)
  }

  open({ target, user, env, size }: OpenOptions = {}): Channel {
    const handle = this.#channels.length
    const port: Port = { handle, queue: new InputQueue(), deferred: [], events: new Emitter(), pastes: [] }
    this.#channels.push(port)
    this.#dispatch({
      type: 'open',
      handle,
      target: target ?? { allocation: this.#state.config.allocation },
      user,
      env,
      size: size ?? null,
    })
    return this.#channel(port)
  }

  retry(): void {
    this.#dispatch({ type: 'retry' })
  }

  restart(): void {
    this.#dispatch({ type: 'restart' })
  }

  takeOver(): void {
    this.#dispatch({ type: 'take-over' })
  }

  dismissUnsent(): void {
    this.#unsent = null
    this.#publish()
    this.#tell()
  }

  disconnect(): void {
    this.#dispatch({ type: 'disconnect' })
  }

  dispose(): void {
    this.#unwatchPage?.()
    this.#unwatchPage = null
    for (const port of this.#channels) stopPastes(port)
    this.#dispatch({ type: 'dispose' })
    this.#watchers.clear()
    // Whoever let go in the middle of an event hears nothing of what else it brought.
    this.#outbox.length = 0
  }

  #channel(port: Port): Channel {
    const { handle } = port
    return {
      write: (input) => this.#type(port, toBytes(input), false),
      paste: (input) => this.#paste(port, toBytes(input)),
      reply: (input, at) => {
        const bytes = encodeUtf8(input)
        this.#dispatch({ type: 'replied', handle, bytes: bytes.byteLength, at }, bytes)
      },
      consumed: (offset) => this.#dispatch({ type: 'drawn', handle, offset }),
      resize: ({ cols, rows }) => this.#dispatch({ type: 'resize', handle, size: { cols, rows } }),
      signal: (sig) => this.#dispatch({ type: 'signal', handle, sig }),
      close: () => this.#dispatch({ type: 'close-channel', handle }),
      on: (event, listener) => port.events.on(event, listener),
    }
  }

  #type(port: Port, bytes: Uint8Array<ArrayBuffer>, paste: boolean): Accepted {
    if (bytes.byteLength === 0) return 'sent'
    this.#enqueued = false
    this.#dispatch({ type: 'typed', handle: port.handle, bytes: bytes.byteLength, paste }, bytes)
    if (!this.#enqueued) return 'refused'
    return this.#state.channels[port.handle]?.input.heldFrom === null ? 'sent' : 'held'
  }

  #paste(port: Port, bytes: Uint8Array<ArrayBuffer>): Paste {
    const job = new PasteJob(bytes)
    if (bytes.byteLength === 0) job.stop()
    else if (!this.#isFlowing(port) || bytes.byteLength <= PasteJob.slice) {
      // Small, or while the connection is away: like a key, whole or not at all.
      if (this.#type(port, bytes, false) !== 'refused') job.advance(bytes.byteLength)
      job.stop()
    } else {
      port.pastes.push(job)
      this.#feedPastes()
    }
    return job.face
  }

  #isFlowing({ handle }: Port): boolean {
    const { phase, channels } = this.#state
    return phase.name === 'ready' && phase.closing === null && channels[handle]?.phase === 'open'
  }

  /** Keeps a little of each paste in the queue, so that a key typed meanwhile is not far behind. */
  #feedPastes(): void {
    for (const port of this.#channels) {
      // Somebody else has the terminal: what is left of a paste is not for them.
      if (this.#state.phase.name === 'elsewhere') stopPastes(port)
      for (;;) {
        const [job] = port.pastes
        const input = this.#state.channels[port.handle]?.input
        if (job === undefined || input === undefined) break
        if (job.isOver) {
          port.pastes.shift()
          continue
        }
        if (!this.#isFlowing(port) || input.typed - input.sender.sent >= PasteJob.slice) break
        const slice = job.next()
        if (this.#type(port, slice, true) === 'refused') break
        job.advance(slice.byteLength)
      }
    }
  }

  // ---- the loop ----

  /** One event at a time; what comes up meanwhile waits. Applications are told when nothing is half done. */
  #dispatch(event: ClientEvent, payload: Payload = null): void {
    this.#inbox.push({ event, payload })
    if (this.#running) return
    this.#running = true
    try {
      for (let next = this.#inbox.shift(); next !== undefined; next = this.#inbox.shift()) this.#step(next.event, next.payload)
    } finally {
      this.#running = false
    }
    this.#publish()
    this.#tell()
    if (event.type !== 'typed') this.#feedPastes()
  }

  #step(event: ClientEvent, payload: Payload): void {
    const stamped = { ...event, now: this.#ports.clock.now(), chance: this.#ports.random() }
    this.#recorder.take(stamped, this.#state)
    const [state, effects] = transition(this.#state, stamped)
    this.#recorder.taken(effects, state, stamped.now)
    this.#state = state
    for (const effect of effects) this.#carryOut(effect, payload)
    if (this.#socket !== null && this.#socket.bufferedAmount() > TRANSPORT_PAUSE.above && !state.transport) this.#reportBuffer()
  }

  #publish(): void {
    const next = snapshotOf(this.#state, this.#unsent, this.#snapshot)
    if (next === this.#snapshot) return
    this.#snapshot = next
    for (const watcher of [...this.#watchers]) this.#outbox.push(watcher)
  }

  #tell(): void {
    if (this.#telling) return
    this.#telling = true
    try {
      for (let call = this.#outbox.shift(); call !== undefined; call = this.#outbox.shift()) this.#guard(call)
    } finally {
      this.#telling = false
    }
  }

  /** A listener that throws must not stop the terminal; the application hears of it as `error`. */
  #guard(call: () => void): void {
    try {
      call()
    } catch (error) {
      const told = error instanceof Error ? error : new Error(String(error))
      this.#outbox.push(() => this.#emitError(told))
    }
  }

  /** A listener for errors that throws has nobody left to tell. */
  #emitError(error: Error): void {
    try {
      this.#events.emit('error', error)
    } catch {
      this.#diagnose('diagnostic', 'error-listener-threw', {})
    }
  }

  // ---- orders ----

  #carryOut(effect: Effect, payload: Payload): void {
    switch (effect.do) {
      case 'claim':
        return this.#claimName(effect.name, effect.timeoutMs)
      case 'release':
        this.#claim?.release()
        this.#claim = null
        return
      case 'request-token':
        return this.#getToken(effect.takeOver)
      case 'abort-token':
        this.#tokenSerial += 1
        return
      case 'connect':
        return this.#connect(effect.epoch, effect.url)
      case 'send':
        return this.#transmit(() => this.#profile.encodeControl(effect.message))
      case 'send-input':
        return this.#sendInput(effect)
      case 'close-socket':
        return this.#closeSocket(effect.code, effect.reason)
      case 'store':
        return this.#attempt('store', () => this.#ports.store.write(this.#storeKey, JSON.stringify(effect.session)))
      case 'forget':
        return this.#attempt('store', () => {
          if (this.#readStore()?.token === effect.token) this.#ports.store.remove(this.#storeKey)
        })
      case 'timer':
        return this.#startTimer(effect)
      case 'cancel':
        this.#timers.get(effect.name)?.()
        this.#timers.delete(effect.name)
        return
      case 'draw':
        return this.#draw(effect, payload)
      case 'gap':
        return this.#emit(effect.handle, 'gap', { bytes: effect.bytes, end: effect.end })
      case 'reset':
        stopPastes(this.#port(effect.handle))
        return this.#emit(effect.handle, 'reset', {
          ...(effect.size !== undefined && { size: effect.size }),
          ...(effect.until !== undefined && { until: effect.until }),
          ...(effect.modes !== undefined && { modes: effect.modes }),
        })
      case 'enqueue':
        this.#enqueued = true
        return this.#enqueue(effect.handle, payload, false)
      case 'defer-reply':
        if (payload !== null) this.#port(effect.handle).deferred.push(payload)
        return
      case 'adopt-reply':
        return this.#enqueue(effect.handle, this.#port(effect.handle).deferred.shift() ?? null, true)
      case 'drop-deferred':
        this.#port(effect.handle).deferred.length = 0
        return
      case 'enqueue-reply':
        return this.#enqueue(effect.handle, payload, true)
      case 'trim':
        return this.#port(effect.handle).queue.trim(effect.below)
      case 'unsent':
        return this.#reportUnsent(effect)
      case 'rebase':
        return this.#port(effect.handle).queue.rebase(effect.at)
      case 'channel-ready':
        return this.#emit(effect.handle, 'ready', { resumed: effect.resumed })
      case 'channel-closed':
        stopPastes(this.#port(effect.handle))
        return this.#emit(effect.handle, 'close', effect.end)
      case 'ready':
        this.#outbox.push(() => this.#events.emit('ready', { resumed: effect.resumed }))
        return
      case 'closed':
        return this.#over(effect.end)
      case 'diagnostic':
        return this.#diagnose(effect.bus, effect.code, effect.fields)
      default:
        return unreachable(effect)
    }
  }

  #port(handle: number): Port {
    const port = this.#channels[handle]
    if (port === undefined)
      throw new Error(`The machine named channel ${handle}, which was never opened; this is a mistake in the client.`)
    return port
  }

  #emit<K extends keyof ChannelEvents>(handle: number, event: K, value: ChannelEvents[K]): void {
    const { events } = this.#port(handle)
    this.#outbox.push(() => events.emit(event, value))
  }

  #over(end: End): void {
    for (const port of this.#channels) stopPastes(port)
    this.#outbox.push(() => this.#events.emit('close', end))
  }

  #diagnose(bus: 'diagnostic' | 'policy', code: string, fields: Diagnostic['fields']): void {
    const { clock } = this.#ports
    const diagnostic: Diagnostic = { timestamp: clock.wall(), phase: this.#snapshot.status.phase, code, fields }
    this.#recorder.note({ ...diagnostic, bus, at: clock.now() })
    if (!this.#events.hears(bus)) return
    this.#outbox.push(() => this.#events.emit(bus, diagnostic))
  }

  #draw({ handle, skip, bytes, end, stream, answered }: Extract<Effect, { do: 'draw' }>, payload: Payload): void {
    if (payload !== null) this.#emit(handle, 'data', { stream, bytes: payload.subarray(skip, skip + bytes), end, answered })
  }

  #enqueue(handle: number, bytes: Payload, isReply: boolean): void {
    if (bytes !== null) this.#port(handle).queue.push(bytes, isReply)
  }

  #reportUnsent({ handle, from, to, maybeWritten }: Extract<Effect, { do: 'unsent' }>): void {
    const { bytes, keys } = this.#port(handle).queue.remove(from, to)
    if (bytes.byteLength === 0) return
    this.#unsent = { keys: (this.#unsent?.keys ?? 0) + keys, bytes: (this.#unsent?.bytes ?? 0) + bytes.byteLength }
    this.#emit(handle, 'unsent', { bytes, keys, maybeWritten })
  }

  #sendInput({ handle, id, from, to, maxFrame }: Extract<Effect, { do: 'send-input' }>): void {
    const most = Math.min(INPUT_FRAME, this.#profile.maxPayload(maxFrame))
    for (const bytes of this.#port(handle).queue.read(from, to, most))
      this.#transmit(() => this.#profile.encodeData(1, id, bytes))
  }

  /** A socket that throws is as good as closed. */
  #transmit(encode: () => WireMessage): void {
    const { epoch } = this.#state
    if (this.#socket === null) return
    try {
      this.#socket.send(encode())
    } catch (error) {
      this.#diagnose('diagnostic', 'platform-refused', { what: 'send', why: nameOf(error) })
      this.#dispatch({ type: 'socket-closed', epoch, code: 1006, reason: '' })
    }
  }

  #startTimer({ name, ms, keep }: Extract<Effect, { do: 'timer' }>): void {
    const running = this.#timers.get(name)
    if (running !== undefined && keep === true) return
    running?.()
    const { clock } = this.#ports
    const dueAt = clock.now() + ms
    const cancel = clock.after(ms, () => {
      this.#timers.delete(name)
      if (clock.now() - dueAt > SLEPT_MS) this.#dispatch({ type: 'page', event: 'wake', stored: null })
      if (name === 'drain') this.#reportBuffer()
      else this.#dispatch({ type: 'timer', name })
    })
    this.#timers.set(name, cancel)
  }

  #reportBuffer(): void {
    this.#dispatch({ type: 'buffered', epoch: this.#state.epoch, bytes: this.#socket?.bufferedAmount() ?? 0 })
  }

  // ---- the world ----

  #connect(epoch: number, url: string): void {
    const lost = (reason: string): void => this.#dispatch({ type: 'socket-closed', epoch, code: 1006, reason })
    try {
      this.#socket = this.#ports.openSocket(url, SUBPROTOCOL, {
        opened: () => this.#dispatch({ type: 'socket-opened', epoch }),
        message: (message) => this.#receive(epoch, message),
        closed: (code, reason) => this.#dispatch({ type: 'socket-closed', epoch, code, reason }),
      })
    } catch (error) {
      this.#diagnose('diagnostic', 'socket-refused', { why: nameOf(error) })
      lost('')
    }
  }

  #closeSocket(code: number, reason: string): void {
    const socket = this.#socket
    this.#socket = null
    this.#attempt('socket', () => socket?.close(code, reason.slice(0, MAX_REASON_BYTES)))
  }

  #receive(epoch: number, wire: WireMessage): void {
    const { phase } = this.#state
    const most = phase.name === 'ready' ? phase.maxFrame : MAX_FRAME.initial
    if (wireSize(wire) > most) {
      return this.#dispatch({ type: 'unreadable', epoch, code: CLOSE_CODE.FRAME_TOO_LARGE, detail: 'a frame above maxFrame' })
    }
    const decoded = this.#profile.decode(wire)
    if (!decoded.ok) return this.#dispatch({ type: 'unreadable', epoch, code: decoded.code, detail: decoded.detail })
    const { frame } = decoded
    switch (frame.kind) {
      case 'control':
        return this.#dispatch({ type: 'message', epoch, message: frame.message })
      case 'data':
        return this.#dispatch(
          { type: 'data', epoch, channel: frame.channel, stream: frame.stream, bytes: frame.payload.byteLength },
          frame.payload,
        )
      case 'ignored':
        return
      default:
        return unreachable(frame)
    }
  }

  #getToken(takeOver: boolean): void {
    const serial = ++this.#tokenSerial
    const answered = (answer: TokenAnswer, wrong: Error | null): void => {
      if (serial !== this.#tokenSerial) return
      // Whoever is away for long is asked often: that is told once.
      if (wrong !== null && !this.#tokenTold) this.#outbox.push(() => this.#emitError(wrong))
      this.#tokenTold = wrong !== null
      this.#dispatch({ type: 'token', answer, takeOver })
    }
    const take = (answer: TokenAnswer): void =>
      isTokenAnswer(answer) ? answered(answer, null) : answered({ ok: false, code: 'bad_answer' }, new TypeError(NO_TOKEN_ANSWER))
    const refuse = (cause: unknown): void =>
      answered({ ok: false, code: 'unreachable' }, new Error('getToken has thrown; it is asked again.', { cause }))
    try {
      whenSettled(this.#ports.getToken({ allocation: this.#state.config.allocation, takeOver }), take, refuse)
    } catch (cause) {
      refuse(cause)
    }
  }

  #claimName(name: string, timeoutMs: number | null): void {
    this.#claim?.release()
    const claim = this.#claimOrFree(name, timeoutMs)
    this.#claim = claim
    const take = (granted: boolean): void => {
      if (claim === this.#claim) this.#dispatch({ type: granted ? 'claimed' : 'claim-denied', name })
    }
    // A broken lock must not lock anybody out.
    whenSettled(claim.granted, take, () => take(true))
  }

  #claimOrFree(name: string, timeoutMs: number | null): TabClaim {
    try {
      return this.#ports.tabLock.claim(name, timeoutMs)
    } catch (error) {
      this.#diagnose('diagnostic', 'platform-refused', { what: 'lock', why: nameOf(error) })
      return { granted: true, release: () => undefined }
    }
  }

  #readStore(): ReturnType<typeof parseStored> {
    try {
      return parseStored(this.#ports.store.read(this.#storeKey))
    } catch {
      return null
    }
  }

  #attempt(what: string, act: () => void): void {
    try {
      act()
    } catch (error) {
      this.#diagnose('diagnostic', 'platform-refused', { what, why: nameOf(error) })
    }
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown'
}

function stopPastes(port: Port): void {
  for (const job of port.pastes) job.stop()
  port.pastes = []
}

function toBytes(input: string | Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return typeof input === 'string' ? encodeUtf8(input) : input
}

function whenSettled<T extends object | boolean>(
  value: MaybePromise<T>,
  take: (value: T) => void,
  refuse: (cause: unknown) => void,
): void {
  if (isThenable(value)) value.then(take, refuse)
  else take(value)
}

function isThenable<T extends object | boolean>(value: MaybePromise<T>): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && 'then' in value
}
