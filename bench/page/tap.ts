/** Listens at the seam between client and panel: what came, what was parsed, and when. */
import type { Channel, Connection, Output } from '../../src/client/api.ts'
import type { TerminalSize } from '../../src/protocol/messages.ts'
import type { Mark } from './api.ts'

interface Wait {
  readonly byte: number
  readonly resolve: (mark: Mark) => void
  offset: number | null
  receivedAt: number
}

export class Tap {
  connection: Connection | null = null
  channel: Channel | null = null
  frames = 0
  bytes = 0
  outages: number[] = []
  /** Of the panel's terminal. */
  size: TerminalSize = { cols: 80, rows: 24 }
  /** Sees all output, in order, before it is parsed. */
  inspect: ((bytes: Uint8Array) => void) | null = null
  #waits: Wait[] = []
  #lostAt: number | null = null

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
    return new Promise((resolve) => this.#waits.push({ byte, resolve, offset: null, receivedAt: 0 }))
  }

  waiting(): number {
    return this.#waits.length
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
        this.#parsed(offset)
      },
    }
  }

  #data({ bytes, end }: Output): void {
    this.frames++
    this.bytes += bytes.length
    this.inspect?.(bytes)
    for (const wait of this.#waits) {
      const at = wait.offset === null ? bytes.indexOf(wait.byte) : -1
      if (at < 0) continue
      wait.offset = end - bytes.length + at + 1
      wait.receivedAt = performance.now()
    }
  }

  #parsed(offset: number): void {
    if (this.#waits.length === 0) return
    const parsedAt = performance.now()
    this.#waits = this.#waits.filter((wait) => {
      if (wait.offset === null || wait.offset > offset) return true
      wait.resolve({ offset: wait.offset, receivedAt: wait.receivedAt, parsedAt })
      return false
    })
  }
}
