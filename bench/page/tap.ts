/** Listens at the seam between client and panel: what came, what was parsed, and when. */
import type { Channel, Connection, Output } from '../../src/client/api.ts'
import type { TerminalSize } from '../../src/protocol/messages.ts'
import type { Mark } from './api.ts'
import { Output as Passing } from './output.ts'

export class Tap {
  connection: Connection | null = null
  channel: Channel | null = null
  frames = 0
  bytes = 0
  outages: number[] = []
  /** Milliseconds between two pieces of output, the longest since somebody set it to 0. */
  longestQuiet = 0
  /** Of the panel's terminal. */
  size: TerminalSize = { cols: 80, rows: 24 }
  /** Sees all output, in order, before it is parsed. */
  inspect: ((bytes: Uint8Array) => void) | null = null
  readonly #passing: Passing
  #consumed = 0
  #lostAt: number | null = null
  #dataAt: number | null = null

  constructor(passing = new Passing()) {
    this.#passing = passing
  }

  /** The connection with the tap in its way. */
  wrap(connection: Connection): Connection {
    this.connection = connection
    connection.subscribe(() => this.#phase())
    const open: Connection['open'] = (options) => {
      this.size = options?.size ?? this.size
      return this.#channel(connection.open(options))
    }
    // Everything else is the connection's own, and its methods live on its prototype.
    return new Proxy(connection, {
      get: (target, name) => {
        if (name === 'open') return open
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }

  mark(byte: number): Promise<Mark> {
    return this.#passing.mark(byte)
  }

  #phase(): void {
    const phase = this.connection?.snapshot().status.phase
    if (phase === 'lost') this.#lostAt ??= performance.now()
    if (phase !== 'ready' || this.#lostAt === null) return
    this.outages.push(performance.now() - this.#lostAt)
    this.#lostAt = null
  }

  #channel(channel: Channel): Channel {
    this.channel = channel
    channel.on('data', (output) => this.#data(output))
    return {
      ...channel,
      resize: (size) => {
        this.size = size
        channel.resize(size)
      },
      consumed: (offset) => {
        channel.consumed(offset)
        this.#passing.parse(offset, offset - this.#consumed)
        this.#consumed = offset
      },
    }
  }

  #data({ bytes, end }: Output): void {
    const now = performance.now()
    if (this.#dataAt !== null) this.longestQuiet = Math.max(this.longestQuiet, now - this.#dataAt)
    this.#dataAt = now
    this.frames++
    this.bytes += bytes.length
    this.inspect?.(bytes)
    this.#passing.take(bytes, end)
  }
}
