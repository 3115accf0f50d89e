/** A server core under virtual time, with a scripted program and peers that talk to it frame by frame. */
import type { ControlMessage, HelloResume, SignalName, Stream, TerminalSize } from '../protocol/messages.ts'
import { nimbusV1 } from '../protocol/profiles/nimbusV1.ts'
import { decodeUtf8, encodeUtf8 } from '../protocol/utf8.ts'
import type { WireMessage, WireProfile } from '../protocol/wireProfile.ts'
import type { ServerEvent } from '../server/events.ts'
import type { TerminalServerOptions } from '../server/options.ts'
import type { Backend, OpenRequest, Program, ProgramEvents, ProgramExit, SocketEvents } from '../server/ports.ts'
import { createTerminalServer, type TerminalServer } from '../server/server.ts'
import { memoryTokenStore } from '../server/stores/memory.ts'
import { virtualClock, type VirtualClock } from './virtualClock.ts'

/** A program that does what the test says and remembers what it was told. */
export interface ScriptedProgram extends Program {
  readonly request: OpenRequest
  readonly events: ProgramEvents
  /** What was written to it and not yet taken. */
  queued(): number
  input(): string
  print(text: string | Uint8Array<ArrayBuffer>, stream?: Stream): void
  /** Takes that much input, or all. */
  take(bytes?: number): void
  exit(exit?: ProgramExit): void
  readonly paused: () => boolean
  /** How often it was paused. */
  readonly pauses: () => number
  /** `end`, `kill`, `INT`, `80x24` … in order. */
  readonly told: string[]
}

export interface ScriptedBackend extends Backend {
  readonly programs: ScriptedProgram[]
  /** Programs do not say `opened` by themselves. */
  holdOpen: boolean
}

export function scriptedBackend(options: { pausable?: boolean; takesInput?: boolean } = {}): ScriptedBackend {
  const backend: ScriptedBackend = {
    pausable: options.pausable ?? true,
    programs: [],
    holdOpen: false,
    open(request, events) {
      const program = scriptedProgram(request, events, options.takesInput ?? true)
      backend.programs.push(program)
      if (!backend.holdOpen) events.opened()
      return program
    },
  }
  return backend
}

function scriptedProgram(request: OpenRequest, events: ProgramEvents, takesInput: boolean): ScriptedProgram {
  let queued = 0
  let input = ''
  let paused = false
  let pauses = 0
  let over = false
  const told: string[] = []
  const exit = (how: ProgramExit = { code: 0 }): void => {
    if (!over) events.exited(how)
    over = true
  }
  const take = (bytes = queued): void => {
    queued -= bytes
    if (bytes > 0) events.took(bytes)
  }
  return {
    request,
    events,
    told,
    queued: () => queued,
    input: () => input,
    paused: () => paused,
    pauses: () => pauses,
    print: (text, stream = 1) => events.output(stream, typeof text === 'string' ? encodeUtf8(text) : text),
    take,
    exit,
    write(bytes) {
      input += decodeUtf8(bytes)
      queued += bytes.byteLength
      if (takesInput) take()
    },
    resize: ({ cols, rows }: TerminalSize) => void told.push(`${cols}x${rows}`),
    signal: (signal: SignalName) => void told.push(signal),
    pause() {
      paused = true
      pauses++
    },
    resume() {
      paused = false
    },
    end() {
      told.push('end')
      exit({ sig: 'HUP' })
    },
    kill() {
      told.push('kill')
      exit({ sig: 'KILL' })
    },
  }
}

type OfType<T extends ControlMessage['t']> = Extract<ControlMessage, { readonly t: T }>

/** One socket, seen from the client's end. */
export interface Peer {
  readonly events: SocketEvents
  /** Every control message that came, in order. */
  readonly messages: ControlMessage[]
  all<T extends ControlMessage['t']>(t: T): OfType<T>[]
  /** The last message of that kind. Throws if none came. */
  last<T extends ControlMessage['t']>(t: T): OfType<T>
  /** Names of messages and `data`, in order. */
  readonly order: string[]
  /** Output of a channel on this socket as text. */
  text(channel?: number): string
  received(channel?: number): number
  frames(): number
  /** The channel of each frame with output, in order. */
  readonly served: readonly number[]
  send(message: ControlMessage): void
  raw(wire: WireMessage): void
  type(text: string | Uint8Array<ArrayBuffer>, channel?: number): void
  grant(credit: number, ack?: number, channel?: number, hold?: 1): void
  /** The code and reason with which the server closed, or null. */
  closed(): { readonly code: number; readonly reason: string } | null
  terminated(): boolean
  /** The network is gone: the server hears 1006. */
  cut(): void
  close(code: number): void
  /** What waits in the socket, for the server to see. */
  waiting: number
  reading: boolean
}

export interface ServerBench {
  readonly server: TerminalServer
  readonly clock: VirtualClock
  readonly events: ServerEvent[]
  readonly codes: () => string[]
  token(allocation?: string, options?: { principal?: string; takeOver?: boolean; origin?: string }): string
  connect(options?: { allocation?: string; origin?: string | null; profile?: WireProfile }): Peer
  /** Connects and says hello with a fresh token; the channel is open if `open`. */
  fresh(options?: { allocation?: string; plain?: boolean; open?: boolean; principal?: string; profile?: WireProfile }): Peer
  resume(resume: HelloResume, options?: { allocation?: string; origin?: string | null }): Peer
}

export const ORIGIN = 'https://example.com'

/** A digest that is none, so that nothing waits; what is tested is not its strength. */
const plainDigest = (text: string): string => `#${text}`

export function serverBench(backend: Backend, options: Partial<TerminalServerOptions> = {}): ServerBench {
  const clock = virtualClock()
  let drawn = 0
  const random = {
    bytes(length: number) {
      drawn++
      return Uint8Array.from({ length }, (_, i) => (drawn * 31 + i * 7 + (drawn >> 8)) & 0xff)
    },
  }
  const server = createTerminalServer({
    backend,
    authorize: () => 'allow',
    origins: [ORIGIN],
    tokens: memoryTokenStore({ clock }),
    clock,
    random,
    digest: plainDigest,
    ...options,
  })
  const events: ServerEvent[] = []
  server.on((event) => events.push(event))

  function token(allocation = 'a', { principal = 'ann', takeOver = false, origin = ORIGIN } = {}): string {
    const answer = server.mintToken({ principal: { id: principal }, allocation, origin, takeOver })
    if ('then' in answer || !answer.ok) throw new Error(`No token: ${JSON.stringify(answer)}`)
    return answer.token
  }

  function connect({
    allocation = 'a',
    origin = ORIGIN,
    profile = nimbusV1,
  }: { allocation?: string; origin?: string | null; profile?: WireProfile } = {}): Peer {
    return peerOf(server, { allocation, origin }, profile)
  }

  return {
    server,
    clock,
    events,
    codes: () => events.map(({ code }) => code),
    token,
    connect,
    fresh({ allocation = 'a', plain = false, open = true, principal = 'ann', profile = nimbusV1 } = {}) {
      const peer = connect({ allocation, profile })
      const auth = { scheme: 'bearer', token: token(allocation, { principal }) } as const
      peer.send({ t: 'hello', proto: 1, auth, caps: { profile: profile.name, ...(plain ? {} : { resume: 1 as const }) } })
      if (open) peer.send({ t: 'open', id: 1, target: { allocation }, term: { cols: 100, rows: 30 } })
      return peer
    },
    resume(resume, where) {
      const peer = connect(where)
      peer.send({ t: 'hello', proto: 1, caps: { profile: nimbusV1.name, resume: 1 }, resume })
      return peer
    },
  }
}

function peerOf(server: TerminalServer, request: { allocation: string; origin: string | null }, profile: WireProfile): Peer {
  const messages: ControlMessage[] = []
  const order: string[] = []
  const output = new Map<number, string>()
  const lengths = new Map<number, number>()
  const served: number[] = []
  let closed: { code: number; reason: string } | null = null
  let terminated = false
  let over = false

  function receive(wire: WireMessage): void {
    const decoded = profile.decode(wire)
    if (!decoded.ok) throw new Error(`The server sent what nobody can read: ${decoded.detail}`)
    const { frame } = decoded
    if (frame.kind === 'ignored') return
    if (frame.kind === 'control') {
      messages.push(frame.message)
      order.push(frame.message.t)
      return
    }
    order.push('data')
    const { channel, payload } = frame
    served.push(channel)
    lengths.set(channel, (lengths.get(channel) ?? 0) + payload.byteLength)
    output.set(channel, (output.get(channel) ?? '') + String.fromCharCode(...payload.subarray(0, 1000)))
  }

  function end(code: number, reason: string): void {
    if (over) return
    over = true
    peer.events.closed(code, reason)
  }

  const socket = {
    send: (wire: WireMessage) => {
      if (!over && closed === null) receive(wire)
    },
    close: (code: number, reason: string) => {
      closed ??= { code, reason }
    },
    terminate: () => {
      terminated = true
      end(1006, '')
    },
    bufferedAmount: () => peer.waiting,
    pause: () => {
      peer.reading = false
    },
    resume: () => {
      peer.reading = true
    },
  }

  const all = <T extends ControlMessage['t']>(t: T): OfType<T>[] =>
    messages.filter((message): message is OfType<T> => message.t === t)

  const peer: Peer = {
    // Replaced below, before anything can be said.
    events: { message() {}, closed() {}, drained() {} },
    messages,
    order,
    all,
    last(t) {
      const found = all(t).at(-1)
      if (found === undefined) throw new Error(`No ${t} came, only ${order.join(' ')}; closed: ${JSON.stringify(closed)}`)
      return found
    },
    text: (channel = 1) => output.get(channel) ?? '',
    received: (channel = 1) => lengths.get(channel) ?? 0,
    frames: () => served.length,
    served,
    send: (message) => peer.events.message(profile.encodeControl(message)),
    raw: (wire) => peer.events.message(wire),
    type: (text, channel = 1) =>
      peer.events.message(profile.encodeData(1, channel, typeof text === 'string' ? encodeUtf8(text) : text)),
    grant: (credit, ack = 0, channel = 1, hold) => peer.send({ t: 'flow', id: channel, credit, ack, ...(hold && { hold }) }),
    closed: () => closed,
    terminated: () => terminated,
    cut: () => end(1006, ''),
    close: (code) => end(code, ''),
    waiting: 0,
    reading: true,
  }
  return Object.assign(peer, { events: server.accept(socket, request) })
}
