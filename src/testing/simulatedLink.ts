/** A network of two byte streams under virtual time, between the client's `OpenSocket` and a server's `accept`; it breaks exactly where it is told. */
import { wireSize, type WireMessage } from '../protocol/wireProfile.ts'
import type { ClientSocket, OpenSocket, SocketEvents as ClientEvents } from '../client/ports.ts'
import type { ServerSocket, SocketEvents as ServerEvents, UpgradeRequest } from '../server/ports.ts'
import { Lane } from './simulatedLane.ts'
import type { VirtualClock } from './virtualClock.ts'

/** `up` is from the client to the server. */
export type Direction = 'up' | 'down'
export type End = 'client' | 'server'
type Both<T> = Readonly<Record<Direction, T>>

/**
 * Where and how a connection breaks. It breaks when `after` bytes of that direction have arrived: a message of which a part
 * has not arrived by then is lost, and so is all that is under way in the other direction unless it `arrives` first.
 */
export interface Cut {
  readonly direction: Direction
  /** Bytes since the connection opened, WebSocket frame headers included. */
  readonly after: number
  /** Milliseconds until an end hears of it; null: it never does by itself (half-open). Default 0, 0. */
  readonly noticed?: { readonly client: number | null; readonly server: number | null }
  readonly otherDirection?: 'lost' | 'arrives'
}

/** What becomes of one try to connect. */
export interface ConnectionPlan {
  /** `status`: the upgrade is refused. `unreachable`: nobody answers the port. `hang`: silence. `throw`: the constructor throws. */
  readonly refuse?: 'status' | 'unreachable' | 'hang' | 'throw'
  readonly cuts?: readonly Cut[]
  /** Directions in which nothing arrives until `release`. */
  readonly stalled?: readonly Direction[]
}

export interface SimulatedLinkOptions {
  readonly clock: Pick<VirtualClock, 'now' | 'after' | 'soon'>
  /** The server. Null refuses the upgrade. */
  readonly accept: (socket: ServerSocket, request: UpgradeRequest) => ServerEvents | null
  /** One way, in milliseconds. Default 0. */
  readonly latencyMs?: number | Both<number>
  /** Default: no limit. */
  readonly bytesPerSecond?: number | Both<number>
  /** Bytes that the network and the kernels hold in one direction; more wait in `bufferedAmount`. Default 256 KiB. */
  readonly inFlightBytes?: number
  /** How long an end waits for the other's half of a close before it calls the socket closed. Default 30 s. */
  readonly closeTimeoutMs?: number
  readonly origin?: string | null
  /** Asked once for each try, counted from 0. */
  readonly plan?: (index: number) => ConnectionPlan
}

export interface SimulatedLink {
  readonly openSocket: OpenSocket
  /** Every try so far, the oldest first. */
  readonly connections: readonly SimulatedConnection[]
  /** The youngest. Throws if there is none. */
  last(): SimulatedConnection
}

/** One try to connect, and the connection that came of it. */
export interface SimulatedConnection {
  readonly index: number
  readonly url: string
  /** Bytes of each direction that reached the other end. */
  readonly arrived: Readonly<Record<Direction, number>>
  /** Bytes that each end has handed over. */
  readonly sent: Readonly<Record<Direction, number>>
  /** The ends of the messages sent so far, as byte positions of their direction. */
  readonly boundaries: Readonly<Record<Direction, readonly number[]>>
  /** What an end believes. */
  state(end: End): 'connecting' | 'open' | 'closing' | 'closed'
  /** Nothing passes any more, whatever the ends believe. */
  isCut(): boolean
  /** Plans a cut; one whose byte has passed already cuts at once. */
  cut(cut?: Partial<Cut>): void
  /** Tells an end of a cut that it has not noticed. */
  notice(end: End): void
  stall(direction: Direction | 'both'): void
  release(direction: Direction | 'both'): void
}

/** Bytes of a WebSocket frame header for a payload of this size; the client's frames carry a mask of 4. */
export function frameHeaderSize(payload: number, direction: Direction): number {
  const length = payload <= 125 ? 2 : payload <= 0xffff ? 4 : 10
  return length + (direction === 'up' ? 4 : 0)
}

/** The bytes that a message takes on the link. */
function linkSize(message: WireMessage, direction: Direction): number {
  const payload = wireSize(message)
  return payload + frameHeaderSize(payload, direction)
}

/** Creates a link. Nothing is connected until `openSocket` is called. */
export function simulatedLink(options: SimulatedLinkOptions): SimulatedLink {
  const connections: SimulatedConnection[] = []
  return {
    connections,
    openSocket(url, _subprotocol, events) {
      const index = connections.length
      const made = connect(index, url, events, options, options.plan?.(index) ?? {})
      connections.push(made.connection)
      if (made.throws) throw new Error('The simulated constructor throws.')
      return made.socket
    },
    last() {
      const last = connections.at(-1)
      if (!last) throw new Error('Nobody has tried to connect yet.')
      return last
    },
  }
}

/** What travels in one direction. Its bytes end at `end`; `at` is when the last of them arrives. */
type Packet = { readonly size: number; readonly end: number } & (
  | { readonly kind: 'message'; readonly message: WireMessage }
  | { readonly kind: 'close'; readonly code: number; readonly reason: string }
  /** The connection was accepted, or dropped without a close frame. */
  | { readonly kind: 'opened' | 'dropped' }
)

const OTHER = { up: 'down', down: 'up' } as const
const RECEIVER = { up: 'server', down: 'client' } as const
const DIRECTION_FROM = { client: 'up', server: 'down' } as const
const DIRECTIONS = ['up', 'down'] as const

function perDirection<T extends number>(value: T | Both<T> | undefined, absent: T, direction: Direction): T {
  if (value === undefined) return absent
  return typeof value === 'number' ? value : value[direction]
}

function allocationOf(url: string): string {
  return decodeURIComponent(url.split(/[?#]/)[0]?.split('/').at(-1) ?? '')
}

function connect(
  index: number,
  url: string,
  clientEvents: ClientEvents,
  options: SimulatedLinkOptions,
  plan: ConnectionPlan,
): { connection: SimulatedConnection; socket: ClientSocket; throws: boolean } {
  const { clock, closeTimeoutMs = 30_000, inFlightBytes = 256 * 1024 } = options
  const lanes = { up: lane('up'), down: lane('down') }
  const arrived = { up: 0, down: 0 }
  const sent = { up: 0, down: 0 }
  const boundaries: Record<Direction, number[]> = { up: [], down: [] }
  const states: Record<End, ReturnType<SimulatedConnection['state']>> = { client: 'connecting', server: 'connecting' }
  /** Cancels the wait for the other half of a close. */
  const closeTimers: Partial<Record<End, () => void>> = {}
  let cuts = [...(plan.cuts ?? [])]
  let cutDone: Cut | null = null
  let serverEvents: ServerEvents | null = null

  function lane(direction: Direction): Lane<Packet> {
    const made = new Lane<Packet>({
      clock,
      latencyMs: () => perDirection(options.latencyMs, 0, direction),
      bytesPerSecond: () => perDirection(options.bytesPerSecond, Number.POSITIVE_INFINITY, direction),
      inFlightBytes,
      landed: () => land(direction),
    })
    if (plan.stalled?.includes(direction)) made.hold('stalled')
    return made
  }

  function closed(end: End, code: number, reason: string): void {
    if (states[end] === 'closed') return
    const wasAccepted = states.server !== 'connecting'
    states[end] = 'closed'
    closeTimers[end]?.()
    if (end === 'client') clientEvents.closed(code, reason)
    else if (wasAccepted) serverEvents?.closed(code, reason)
  }

  /** The next packet of a direction has arrived, or is the one that the cut goes through. */
  function land(direction: Direction): void {
    const line = lanes[direction]
    const head = line.head()
    if (!head) return
    const through = cuts.find((cut) => cut.direction === direction && cut.after < head.end)
    if (through) return breakNow(through)
    arrived[direction] = head.end
    const hadWaiting = line.waitingBytes > 0
    line.next()
    deliver(direction, head)
    if (hadWaiting && line.waitingBytes === 0 && direction === 'down' && states.server === 'open') serverEvents?.drained()
    breakWhereDue()
  }

  /** Cuts whose byte is the last that arrived. Position 0 is due once the connection stands. */
  function breakWhereDue(): void {
    if (states.client === 'connecting') return
    const due = cuts.find((cut) => cut.after <= arrived[cut.direction])
    if (due) breakNow(due)
  }

  function deliver(direction: Direction, packet: Packet): void {
    const end = RECEIVER[direction]
    switch (packet.kind) {
      case 'message':
        return deliverMessage(end, packet.message)
      case 'opened':
        if (states.client !== 'connecting') return
        states.client = 'open'
        return clientEvents.opened()
      case 'dropped':
        return closed(end, 1006, '')
      case 'close':
        return closeArrived(end, packet)
    }
  }

  /** A page that is closing hears no more messages; a server's socket does. */
  function deliverMessage(end: End, message: WireMessage): void {
    if (end === 'client' && states.client === 'open') clientEvents.message(message)
    if (end === 'server' && (states.server === 'open' || states.server === 'closing')) serverEvents?.message(message)
  }

  function closeArrived(end: End, { code, reason }: { code: number; reason: string }): void {
    if (states[end] === 'closed') return
    if (states[end] === 'open') enqueueClose(DIRECTION_FROM[end], code, reason)
    closed(end, code, reason)
  }

  function enqueueClose(direction: Direction, code: number, reason: string): void {
    const payload = code === 1005 ? 0 : 2 + wireSize(reason)
    push(direction, { kind: 'close', code, reason }, payload + frameHeaderSize(payload, direction))
  }

  function push(
    direction: Direction,
    what:
      | { kind: 'message'; message: WireMessage }
      | { kind: 'close'; code: number; reason: string }
      | { kind: 'opened' | 'dropped' },
    size: number,
  ): void {
    sent[direction] += size
    if (size > 0) boundaries[direction].push(sent[direction])
    lanes[direction].put({ ...what, size, end: sent[direction] })
  }

  function startClose(end: End, code: number, reason: string): void {
    if (states[end] !== 'open') return
    states[end] = 'closing'
    closeTimers[end] = clock.after(closeTimeoutMs, () => closed(end, 1006, ''))
    enqueueClose(DIRECTION_FROM[end], code, reason)
  }

  /** What the sender's kernel had not taken is lost; what it had taken still arrives, then the end of the line. */
  function drop(end: End): void {
    if (states[end] === 'closed') return
    const direction = DIRECTION_FROM[end]
    sent[direction] -= lanes[direction].loseWaiting()
    boundaries[direction] = boundaries[direction].filter((boundary) => boundary <= sent[direction])
    push(direction, { kind: 'dropped' }, 0)
    lanes[OTHER[direction]].hold('dead')
    states[end] = 'closing'
    closeTimers[end]?.()
    clock.soon(() => closed(end, 1006, ''))
  }

  function breakNow(cut: Cut): void {
    if (cutDone) return
    cutDone = cut
    cuts = []
    const other = OTHER[cut.direction]
    lanes[cut.direction].hold('dead')
    if (cut.otherDirection !== 'arrives') lanes[other].hold('dead')
    const { client, server } = cut.noticed ?? { client: 0, server: 0 }
    // What arrives in the other direction arrives before its receiver hears of the cut.
    const lastArrival = cut.otherDirection === 'arrives' ? lanes[other].lastArrival() : 0
    noticeLater('client', client, other === 'down' ? lastArrival : 0)
    noticeLater('server', server, other === 'up' ? lastArrival : 0)
  }

  function noticeLater(end: End, delayMs: number | null, notBefore: number): void {
    if (delayMs !== null) clock.after(Math.max(delayMs, notBefore - clock.now()), () => closed(end, 1006, ''))
  }

  const serverSocket: ServerSocket = {
    send(message) {
      if (states.server === 'open') push('down', { kind: 'message', message: copy(message) }, linkSize(message, 'down'))
    },
    close: (code, reason) => startClose('server', code, reason),
    terminate: () => drop('server'),
    bufferedAmount: () => lanes.down.waitingBytes,
    pause: () => lanes.up.hold('unread'),
    resume: () => lanes.up.release('unread'),
  }

  const socket: ClientSocket = {
    send(message) {
      if (states.client === 'connecting') throw new Error('The socket is still connecting.')
      if (states.client === 'open') push('up', { kind: 'message', message: copy(message) }, linkSize(message, 'up'))
    },
    close(code, reason) {
      if (states.client === 'connecting') return drop('client')
      startClose('client', code, reason)
    },
    bufferedAmount: () => lanes.up.waitingBytes,
  }

  function upgrade(): void {
    if (states.client !== 'connecting' || lanes.up.isHeld('dead')) return
    states.server = 'open'
    serverEvents = options.accept(serverSocket, { allocation: allocationOf(url), origin: options.origin ?? null })
    if (serverEvents === null) {
      states.server = 'closed'
      return void clock.after(perDirection(options.latencyMs, 0, 'down'), () => closed('client', 1006, ''))
    }
    // Whatever the server said while accepting comes after the answer to the upgrade.
    const early = lanes.down.takeBack()
    lanes.down.put({ kind: 'opened', size: 0, end: 0 })
    for (const packet of early) lanes.down.put(packet)
  }

  function begin(): void {
    const upMs = perDirection(options.latencyMs, 0, 'up')
    const roundTrip = upMs + perDirection(options.latencyMs, 0, 'down')
    switch (plan.refuse) {
      case undefined:
        return void clock.after(upMs, upgrade)
      case 'status':
      case 'unreachable':
        return void clock.after(roundTrip, () => closed('client', 1006, ''))
      case 'hang':
      case 'throw':
        return
    }
  }

  begin()

  const connection: SimulatedConnection = {
    index,
    url,
    arrived,
    sent,
    boundaries,
    state: (end) => states[end],
    isCut: () => cutDone !== null,
    cut(cut = {}) {
      const direction = cut.direction ?? 'down'
      cuts.push({ ...cut, direction, after: cut.after ?? arrived[direction] })
      breakWhereDue()
    },
    notice: (end) => closed(end, 1006, ''),
    stall(direction) {
      for (const each of direction === 'both' ? DIRECTIONS : [direction]) lanes[each].hold('stalled')
    },
    release(direction) {
      for (const each of direction === 'both' ? DIRECTIONS : [direction]) lanes[each].release('stalled')
    },
  }
  return { connection, socket, throws: plan.refuse === 'throw' }
}

/** A real socket has its own copy, so a sender that reuses its buffer must not change what was sent. */
function copy(message: WireMessage): WireMessage {
  return typeof message === 'string' ? message : message.slice()
}
