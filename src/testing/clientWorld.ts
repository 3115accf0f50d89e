/** A client in a world that a test plays by hand: its socket, its server's words, its storage, its page and its clock. */
import type { Channel, Diagnostic } from '../client/api.ts'
import type { ClientPorts, ClientSocket, PageEvent, SocketEvents } from '../client/ports.ts'
import { Runner } from '../client/runner.ts'
import type { Config } from '../client/machine/state.ts'
import type { ControlMessage, Frame, HelloOk } from '../protocol/messages.ts'
import { nimbusV1 } from '../protocol/profiles/nimbusV1.ts'
import { encodeUtf8 } from '../protocol/utf8.ts'
import type { WireMessage, WireProfile } from '../protocol/wireProfile.ts'
import { CONFIG, GRANTED, greeting } from './clientScript.ts'
import { virtualClock } from './virtualClock.ts'

/** Where the client of a world stores its session. */
export const KEY = 'key'

/** A socket that writes down what it is given. */
class FakeSocket implements ClientSocket {
  readonly wires: WireMessage[] = []
  closedWith: readonly [number, string] | null = null
  buffered = 0
  failsToSend = false
  readonly events: SocketEvents
  readonly #profile: WireProfile

  constructor(events: SocketEvents, profile: WireProfile) {
    this.events = events
    this.#profile = profile
  }

  send(message: WireMessage): void {
    if (this.failsToSend) throw new DOMException('still connecting', 'InvalidStateError')
    this.wires.push(message)
  }

  close(code: number, reason: string): void {
    this.closedWith = [code, reason]
  }

  bufferedAmount(): number {
    return this.buffered
  }

  say(message: ControlMessage): void {
    this.events.message(this.#profile.encodeControl(message))
  }

  print(bytes: string | Uint8Array<ArrayBuffer>, channel = 1): void {
    this.events.message(this.#profile.encodeData(1, channel, typeof bytes === 'string' ? encodeUtf8(bytes) : bytes))
  }

  frames(): readonly Frame[] {
    return this.wires.map((wire) => {
      const decoded = this.#profile.decode(wire)
      if (!decoded.ok) throw new Error(decoded.detail)
      return decoded.frame
    })
  }

  said(t: ControlMessage['t']): readonly ControlMessage[] {
    return this.frames().flatMap((frame) => (frame.kind === 'control' && frame.message.t === t ? [frame.message] : []))
  }

  /** Input bytes that came here, in order. */
  input(): Uint8Array<ArrayBuffer> {
    const parts = this.frames().flatMap((frame) => (frame.kind === 'data' ? [frame.payload] : []))
    return joined(parts)
  }
}

/** All parts in their order. */
export function joined(parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.byteLength
  }
  return all
}

export interface WorldOptions {
  readonly config?: Partial<Config>
  readonly ports?: Partial<ClientPorts>
  readonly profile?: WireProfile
}

/** A client in a world that a test plays. */
export function world({ config = {}, ports = {}, profile = nimbusV1 }: WorldOptions = {}) {
  const clock = virtualClock()
  const sockets: FakeSocket[] = []
  const storage = new Map<string, string>()
  const listeners = new Set<(event: PageEvent) => void>()
  let locks = 0
  const all: ClientPorts = {
    clock,
    random: () => 0.5,
    openSocket: (_url, _subprotocol, events) => {
      const socket = new FakeSocket(events, profile)
      sockets.push(socket)
      return socket
    },
    store: {
      read: (key) => storage.get(key) ?? null,
      write: (key, value) => void storage.set(key, value),
      remove: (key) => void storage.delete(key),
    },
    tabLock: { claim: () => ({ granted: (locks++, true), release: () => void locks-- }) },
    getToken: () => GRANTED,
    page: {
      isHidden: () => false,
      isOffline: () => false,
      watch: (listener) => (listeners.add(listener), () => listeners.delete(listener)),
    },
    ...ports,
  }
  const runner = new Runner({ ...CONFIG, profile: profile.name, ...config }, all, profile, KEY)
  const diagnostics: Diagnostic[] = []
  runner.on('diagnostic', (diagnostic) => diagnostics.push(diagnostic))
  return {
    clock,
    sockets,
    storage,
    runner,
    diagnostics,
    locks: () => locks,
    tell: (event: PageEvent): void => listeners.forEach((listener) => listener(event)),
    get socket(): FakeSocket {
      const last = sockets.at(-1)
      if (last === undefined) throw new Error('No socket was opened yet.')
      return last
    },
    /** Starts, opens a channel and makes it ready. */
    ready(answer: HelloOk = greeting(), credit = 65_536): Channel {
      runner.start()
      const channel = runner.open({ size: { cols: 80, rows: 24 } })
      this.admit(answer, credit)
      return channel
    },
    admit(answer: HelloOk = greeting(), credit = 65_536): void {
      this.socket.events.opened()
      this.socket.say(answer)
      if (answer.resume === undefined) this.socket.say({ t: 'open_ok', id: 1 })
      if (answer.caps.resume === 1) this.socket.say({ t: 'flow', id: 1, credit })
    },
  }
}
