/** A TCP relay with the ways of a network: half a round trip in each direction, a bandwidth, and outages of three kinds. */
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'

export interface LinkOptions {
  /** Port on this machine that it leads to. */
  readonly to: number
  /** Milliseconds, constant. Half of it passes in each direction; 0 delays nothing. */
  readonly roundTripMs: number
  /** Each direction carries so much. Default: no limit. */
  readonly bytesPerSecond?: number
  /** Bytes that one direction of a connection holds in front of a bandwidth: the router's queue. Default 256 KiB. */
  readonly queueBytes?: number
}

/** `refuse`: nobody answers the port. `reject`: a proxy takes connections and closes them. `silent`: nothing arrives, nobody is told. */
export type Outage = 'refuse' | 'reject' | 'silent'

export interface Link {
  readonly port: number
  /** An address at the far end, as it is called through the link. */
  through(url: string): string
  /** Resets every connection; what was on its way is lost. New ones work. */
  cut(): void
  /** No way through until `up`. Standing connections are reset, but a silent link keeps them without a word. */
  down(outage: Outage): Promise<void>
  up(): Promise<void>
  close(): Promise<void>
}

const QUEUE = 256 * 1024
/** Without a bandwidth a direction holds as much as this, so that a reader who stops is felt by the writer. */
const AHEAD = 16 * 1024 * 1024
/** After so many milliseconds a kernel asks again for a connection that nobody answered; each further time after twice as long. */
const ASK_AGAIN_MS = 1000

export async function startLink({ to, roundTripMs, bytesPerSecond = Infinity, queueBytes = QUEUE }: LinkOptions): Promise<Link> {
  const rate = bytesPerSecond / 1000
  const most = rate === Infinity ? AHEAD : queueBytes + rate * roundTripMs
  const pairs = new Set<Pair>()
  let outage: Outage | null = null
  let server = await listen(0)
  const { port } = server.address() as AddressInfo // it listens on a port

  function accept(near: Socket): void {
    if (outage === 'reject') return void near.resetAndDestroy()
    const pair = new Pair(near, to, { oneWayMs: roundTripMs / 2, rate, most }, outage === 'silent')
    pairs.add(pair)
    near.once('close', () => pairs.delete(pair))
  }

  function listen(on: number): Promise<Server> {
    const opened = createServer({ allowHalfOpen: true, noDelay: true }, accept)
    return new Promise((resolve, reject) => {
      opened.once('error', reject)
      opened.listen(on, '127.0.0.1', () => resolve(opened))
    })
  }

  const cut = (): void => pairs.forEach((pair) => pair.reset())
  const shut = (): Promise<void> => new Promise((resolve) => (server.listening ? server.close(() => resolve()) : resolve()))

  return {
    port,
    through(url) {
      const address = new URL(url)
      address.port = String(port)
      return address.href
    },
    cut,
    async down(how) {
      outage = how
      if (how === 'silent') return pairs.forEach((pair) => pair.hold(true))
      cut()
      if (how === 'refuse') await shut()
    },
    async up() {
      if (outage === 'refuse') server = await listen(port)
      outage = null
      pairs.forEach((pair) => pair.hold(false))
    },
    async close() {
      cut()
      await shut()
    },
  }
}

interface Way {
  readonly oneWayMs: number
  /** Bytes a millisecond. */
  readonly rate: number
  /** Bytes on the way at most. */
  readonly most: number
}

/** One connection through the link. */
class Pair {
  readonly #near: Socket
  readonly #far: Socket
  readonly #pipes: readonly [Pipe, Pipe]
  readonly #since = performance.now()
  #silentFrom: boolean
  #later: NodeJS.Timeout | undefined

  constructor(near: Socket, to: number, way: Way, silent: boolean) {
    this.#near = near
    this.#far = connect({ port: to, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    // A connection costs a round trip before its first byte may leave.
    const up = new Pipe(near, this.#far, way, this.#since + 2 * way.oneWayMs)
    this.#pipes = [up, new Pipe(this.#far, near, way, 0)]
    this.#silentFrom = silent
    if (silent) this.hold(true)
    for (const socket of [near, this.#far]) {
      socket.once('error', () => this.reset())
      socket.once('close', () => this.#over())
    }
  }

  hold(on: boolean): void {
    clearTimeout(this.#later)
    if (on || !this.#silentFrom) return this.#pipes.forEach((pipe) => pipe.hold(on))
    // Nobody had answered: the kernel asks again in its own time.
    const waited = performance.now() - this.#since
    let asks = ASK_AGAIN_MS
    while (asks < waited) asks = 2 * asks + ASK_AGAIN_MS
    this.#silentFrom = false
    this.#later = setTimeout(() => this.hold(false), asks - waited)
  }

  reset(): void {
    this.#near.resetAndDestroy()
    this.#far.resetAndDestroy()
  }

  #over(): void {
    clearTimeout(this.#later)
    this.#pipes.forEach((pipe) => pipe.stop())
    // Both directions have ended by then, or one end is broken.
    if (!this.#near.destroyed) this.#near.destroySoon()
    if (!this.#far.destroyed) this.#far.destroySoon()
  }
}

/** One direction of one connection. */
class Pipe {
  readonly #from: Socket
  readonly #to: Socket
  readonly #way: Way
  /** In order; null is the end. */
  readonly #queue: { readonly due: number; readonly chunk: Uint8Array | null }[] = []
  #bytes = 0
  #freeAt: number
  #timer: NodeJS.Timeout | undefined
  #held = false
  #full = false

  constructor(from: Socket, to: Socket, way: Way, freeAt: number) {
    this.#from = from
    this.#to = to
    this.#way = way
    this.#freeAt = freeAt
    from.on('data', (chunk) => this.#take(chunk as Buffer)) // no encoding is set
    from.once('end', () => this.#take(null))
    to.on('drain', () => {
      this.#full = false
      this.#deliver()
    })
  }

  hold(on: boolean): void {
    this.#held = on
    this.#deliver()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#queue.length = 0
  }

  #take(chunk: Uint8Array | null): void {
    const length = chunk?.length ?? 0
    this.#freeAt = Math.max(this.#freeAt, performance.now()) + length / this.#way.rate
    this.#queue.push({ due: this.#freeAt + this.#way.oneWayMs, chunk })
    this.#bytes += length
    if (this.#bytes > this.#way.most) this.#from.pause()
    this.#deliver()
  }

  #deliver(): void {
    clearTimeout(this.#timer)
    if (this.#held || this.#full) return
    for (let next = this.#queue[0]; next !== undefined && !this.#full; next = this.#queue[0]) {
      const early = next.due - performance.now()
      // A timer may be a millisecond late, and is never early by more than this.
      if (early > 0.5) return void (this.#timer = setTimeout(() => this.#deliver(), early))
      this.#queue.shift()
      this.#pass(next.chunk)
    }
  }

  #pass(chunk: Uint8Array | null): void {
    if (this.#to.destroyed) return
    if (chunk === null) return void this.#to.end()
    this.#full = !this.#to.write(chunk)
    this.#bytes -= chunk.length
    if (this.#bytes <= this.#way.most / 2 && this.#from.isPaused()) this.#from.resume()
  }
}
