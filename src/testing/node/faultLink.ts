/** A TCP proxy on loopback that breaks, stalls, slows and chops what passes through it, exactly where it is told. */
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'

/** `up` is from the client to the server. */
export type Direction = 'up' | 'down'
type Directions = Direction | 'both'

/** Where and how a connection breaks. */
export interface TcpCut {
  /** Default `down`. */
  readonly direction?: Direction
  /** Bytes of that direction that still pass: from now on for `cut`, from its first byte for `cutNext`. Default 0. */
  readonly after?: number
  /** `rst` drops the connection; `fin` ends it as a process that closes its socket does. Default `rst`. */
  readonly how?: 'rst' | 'fin'
  /** Who hears of it. The other end keeps a socket that stands, takes its bytes and never answers (half-open). Default `both`. */
  readonly noticedBy?: 'both' | 'client' | 'server'
}

/** What can be done to a network. Settings hold for the connections that stand and for those to come; `restore` takes all back. */
export interface Faults {
  /** Connections that have not been closed at both ends. */
  connections(): number
  /** Connections since the start. */
  carried(): number
  /** Cuts that took place so far. */
  cuts(): number
  /** Bytes that passed since the start. */
  passed(direction: Direction): number
  /** Breaks every connection that stands. */
  cut(plan?: TcpCut): void
  /** Breaks the next connection. Several calls plan for several connections, in their order. */
  cutNext(plan: TcpCut): void
  /** Nothing passes until `release`; nothing is lost. The buffers of the senders fill as on a dead network. */
  hold(direction?: Directions): void
  release(direction?: Directions): void
  /** Takes bytes and loses them, one way or both. The connections it fell on are reset by `restore`. */
  blackHole(direction?: Directions): void
  /** Null: as fast as it goes. */
  throttle(bytesPerSecond: number | null, direction?: Directions): void
  /** One way, in milliseconds. */
  latency(ms: number, direction?: Directions): void
  /** Writes pieces of at most this many bytes, each by itself. Null: as they come. */
  segment(bytes: number | null, direction?: Directions): void
  /** New connections are reset, as by a server that is gone. */
  refuse(refused: boolean): void
  restore(): void
}

/** A network without a listener: it carries the sockets that it is given. */
export interface FaultNetwork extends Faults {
  /** Joins two sockets, which may still be connecting. Half-open sockets (`allowHalfOpen`) pass an end of one direction alone. */
  carry(client: Socket, server: Socket): void
  /** Drops everything. Resolves when no socket is left. */
  close(): Promise<void>
}

/** A running proxy. */
export interface FaultLink extends FaultNetwork {
  readonly host: string
  readonly port: number
}

interface Settings {
  held: boolean
  swallows: boolean
  bytesPerSecond: number | null
  latencyMs: number
  segmentBytes: number | null
}

const clean = (): Settings => ({ held: false, swallows: false, bytesPerSecond: null, latencyMs: 0, segmentBytes: null })

/** Starts a proxy on a free port of 127.0.0.1 that carries every connection to `target`. */
export async function startFaultLink({
  target,
}: {
  readonly target: { readonly host?: string; readonly port: number }
}): Promise<FaultLink> {
  const network = faultNetwork()
  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    network.carry(client, connect({ host: target.host ?? '127.0.0.1', port: target.port, allowHalfOpen: true, noDelay: true }))
  })
  const port = await listen(listener)
  return {
    ...network,
    host: '127.0.0.1',
    port,
    async close() {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()))
      await Promise.all([network.close(), closed])
    },
  }
}

/** Creates a network that holds until it is told otherwise. */
export function faultNetwork(): FaultNetwork {
  const settings = { up: clean(), down: clean() }
  const carried = new Set<Carried>()
  const planned: TcpCut[] = []
  const passed = { up: 0, down: 0 }
  let cuts = 0
  let count = 0
  let refused = false

  function set(direction: Directions, change: Partial<Settings>): void {
    for (const each of both(direction)) Object.assign(settings[each], change)
    for (const one of carried) one.changed()
  }

  return {
    connections: () => carried.size,
    carried: () => count,
    cuts: () => cuts,
    passed: (direction) => passed[direction],
    cut(plan = {}) {
      for (const one of [...carried]) one.cut(plan)
    },
    cutNext: (plan) => void planned.push(plan),
    hold: (direction = 'both') => set(direction, { held: true }),
    release: (direction = 'both') => set(direction, { held: false }),
    blackHole: (direction = 'both') => set(direction, { swallows: true }),
    throttle: (bytesPerSecond, direction = 'both') => set(direction, { bytesPerSecond }),
    latency: (latencyMs, direction = 'both') => set(direction, { latencyMs }),
    segment: (segmentBytes, direction = 'both') => set(direction, { segmentBytes }),
    refuse: (value) => void (refused = value),
    restore() {
      refused = false
      planned.length = 0
      for (const one of [...carried]) if (one.lostBytes()) one.cut({})
      set('both', clean())
    },
    carry(client, server) {
      if (refused) {
        reset(client.on('error', ignore))
        server.on('error', ignore).destroy()
        return
      }
      const one = carrySockets(client, server, settings, {
        passed: (direction, bytes) => void (passed[direction] += bytes),
        cut: () => void cuts++,
        gone: () => void carried.delete(one),
      })
      carried.add(one)
      count++
      const plan = planned.shift()
      if (plan) one.cut(plan)
    },
    async close() {
      const gone = [...carried].map((one) => one.done)
      for (const one of [...carried]) one.destroy()
      await Promise.all(gone)
    },
  }
}

const ignore = (): void => undefined

function both(direction: Directions): readonly Direction[] {
  return direction === 'both' ? ['up', 'down'] : [direction]
}

async function listen(listener: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject)
    listener.listen(0, '127.0.0.1', resolve)
  })
  // A TCP server that listens has an address of this shape; only pipes have a string.
  return (listener.address() as AddressInfo).port
}

interface Carried {
  cut(plan: TcpCut): void
  changed(): void
  lostBytes(): boolean
  destroy(): void
  /** Resolves when both sockets have closed. */
  readonly done: Promise<void>
}

interface Witness {
  passed(direction: Direction, bytes: number): void
  cut(): void
  gone(): void
}

/** Two sockets and the two lanes between them. */
function carrySockets(client: Socket, server: Socket, settings: Record<Direction, Settings>, witness: Witness): Carried {
  let pending: Required<TcpCut>[] = []
  const counts = { up: 0, down: 0 }
  let open = 2
  let broken = false

  /** How many of these bytes may pass before a cut; the cut itself follows once they have left. */
  function allowance(direction: Direction, bytes: number): number {
    const room = pending.filter((plan) => plan.direction === direction).map((plan) => plan.after - counts[direction])
    return Math.min(bytes, ...room)
  }

  function wrote(direction: Direction, bytes: number): void {
    counts[direction] += bytes
    witness.passed(direction, bytes)
  }

  function due(direction: Direction): void {
    const plan = pending.find((each) => each.direction === direction && each.after <= counts[direction])
    if (plan) breakNow(plan)
  }

  function breakNow({ how, noticedBy }: Required<TcpCut>): void {
    if (broken) return
    broken = true
    pending = []
    witness.cut()
    for (const each of [up, down]) each.stop()
    for (const [end, socket] of [
      ['client', client],
      ['server', server],
    ] as const) {
      if (noticedBy !== 'both' && noticedBy !== end) swallow(socket)
      else if (how === 'rst') reset(socket)
      else finish(socket)
    }
  }

  const lanes = { settings, allowance, wrote, due }
  const up = startLane('up', client, server, lanes)
  const down = startLane('down', server, client, lanes)

  let settle: () => void
  const done = new Promise<void>((resolve) => {
    settle = resolve
  })
  for (const [socket, lane] of [
    [client, up],
    [server, down],
  ] as const) {
    socket.setNoDelay(true)
    socket.on('error', () => lane.fail())
    socket.once('close', () => {
      if (--open > 0) return
      up.stop()
      down.stop()
      witness.gone()
      settle()
    })
  }

  return {
    cut(plan) {
      const { direction = 'down', after = 0, how = 'rst', noticedBy = 'both' } = plan
      pending.push({ direction, after: counts[direction] + after, how, noticedBy })
      due(direction)
    },
    changed() {
      up.pump()
      down.pump()
    },
    lostBytes: () => up.lostBytes() || down.lostBytes(),
    destroy() {
      up.stop()
      down.stop()
      client.destroy()
      server.destroy()
    },
    done,
  }
}

/**
 * Drops a connection by RST. A socket that is not connected yet, or has said its end, can only be closed.
 * `resetAndDestroy` would end the socket first, and a write that is still under way with it.
 */
function reset(socket: Socket): void {
  // The field that `resetAndDestroy` sets and `destroy` obeys; it has no type.
  if (!socket.connecting && !socket.writableEnded) (socket as Socket & { resetAndClosing: boolean }).resetAndClosing = true
  socket.destroy()
}

/** Ends a socket as a process that closes it does: what was written arrives, then the end. */
function finish(socket: Socket): void {
  swallow(socket)
  socket.end()
}

/** Keeps a socket that stands and never answers. It goes when its peer ends it. */
function swallow(socket: Socket): void {
  socket.on('data', ignore)
  socket.once('end', () => socket.destroy())
  socket.resume()
}

interface LaneHost {
  readonly settings: Record<Direction, Settings>
  allowance(direction: Direction, bytes: number): number
  wrote(direction: Direction, bytes: number): void
  due(direction: Direction): void
}

interface Lane {
  pump(): void
  /** The source broke. The sink hears of it as soon as anything passes. */
  fail(): void
  stop(): void
  lostBytes(): boolean
}

/** Bytes that wait in a lane before it stops reading from its source. */
const LANE_BYTES = 64 * 1024

/** Moves bytes one way. It writes a piece, waits until the kernel has taken it, and looks at the settings again. */
function startLane(direction: Direction, source: Socket, sink: Socket, host: LaneHost): Lane {
  const settings = host.settings[direction]
  const queue: { bytes: Buffer; readonly at: number }[] = []
  let queued = 0
  let ended = false
  let writing = false
  let stopped = false
  let lost = false
  let failed = false
  let timer: NodeJS.Timeout | undefined

  function read(chunk: Buffer): void {
    if (settings.swallows) {
      lost = true
      return
    }
    queue.push({ bytes: chunk, at: performance.now() + settings.latencyMs })
    queued += chunk.length
    pump()
    // Held, it reads on until it is full, so that both a kernel and this lane fill up as a network does.
    if (queued >= LANE_BYTES) source.pause()
  }

  function later(ms: number): void {
    clearTimeout(timer)
    timer = setTimeout(pump, ms)
  }

  function pump(): void {
    clearTimeout(timer)
    if (stopped || writing || settings.held) return
    if (settings.swallows) return discard()
    if (failed) return void reset(sink)
    const head = queue[0]
    if (!head) return void (ended && sink.end())
    const wait = head.at - performance.now()
    if (wait > 0) return later(Math.ceil(wait))
    write(head.bytes.subarray(0, pieceSize(head.bytes.length)))
  }

  function pieceSize(available: number): number {
    const perTick = settings.bytesPerSecond === null ? available : Math.max(1, Math.floor(settings.bytesPerSecond / 100))
    return host.allowance(direction, Math.min(available, perTick, settings.segmentBytes ?? available))
  }

  function write(piece: Buffer): void {
    writing = true
    take(piece.length)
    host.wrote(direction, piece.length)
    const started = performance.now()
    sink.write(piece, (error) => {
      writing = false
      // A broken sink tells its own lane.
      if (stopped || error) return
      host.due(direction)
      const rate = settings.bytesPerSecond
      const wait = rate === null ? 0 : (piece.length / rate) * 1_000 - (performance.now() - started)
      if (wait >= 1) later(wait)
      else if (settings.segmentBytes === null) pump()
      else setImmediate(pump)
    })
  }

  function take(bytes: number): void {
    const head = queue[0]
    if (!head) return
    head.bytes = head.bytes.subarray(bytes)
    if (head.bytes.length === 0) queue.shift()
    queued -= bytes
    if (queued < LANE_BYTES / 2) source.resume()
  }

  function discard(): void {
    lost ||= queued > 0 || ended || failed
    queue.length = 0
    queued = 0
    source.resume()
  }

  source.on('data', read)
  source.once('end', () => {
    ended = true
    pump()
  })

  return {
    pump,
    fail() {
      failed = true
      pump()
    },
    stop() {
      stopped = true
      clearTimeout(timer)
      source.off('data', read)
      queue.length = 0
      queued = 0
    },
    lostBytes: () => lost,
  }
}
