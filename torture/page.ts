/** A page of a browser with the real client in it: it types, reads, hides, reloads, is duplicated and dies. */
import { connect } from '../src/client/index.ts'
import type { Channel, ChannelEvents, Connection, ConnectOptions } from '../src/client/index.ts'
import type { ClientPorts, PageEvent, SessionStore, TabLock, TokenAnswer } from '../src/client/ports.ts'
import { decodeUtf8 } from '../src/protocol/utf8.ts'
import type { SeededRandom } from '../src/testing/seededRandom.ts'
import type { SimulatedLink } from '../src/testing/simulatedLink.ts'
import type { VirtualClock } from '../src/testing/virtualClock.ts'
import { parseRecords } from './program.ts'
import { Screen } from './screen.ts'

/** What became of a typed record, as the page was told. */
export interface Typed {
  readonly record: string
  readonly accepted: 'sent' | 'held' | 'refused'
  /** Reported as not written: for certain, or perhaps. */
  reported: 'no' | 'unwritten' | 'maybe'
}

export interface PageOptions {
  readonly name: string
  readonly clock: VirtualClock
  readonly random: SeededRandom
  readonly link: SimulatedLink
  readonly storage: Map<string, string>
  readonly tabLock: TabLock & { readonly close: () => void }
  readonly getToken: (takeOver: boolean) => PromiseLike<TokenAnswer>
  readonly isQuery: (offset: number) => boolean
  readonly drawsWithinMs: number
  readonly connect: Partial<ConnectOptions>
  readonly fail: (sentence: string) => void
}

/** One life of one page. */
export class Page {
  readonly name: string
  readonly storage: Map<string, string>
  readonly typed: Typed[] = []
  readonly connection: Connection
  readonly channel: Channel
  readonly screen: Screen
  readonly codes: string[] = []
  readonly #options: PageOptions
  #alive = true
  #hadSession = false
  #hidden = false
  #offline = false
  #listener: ((event: PageEvent) => void) | null = null

  constructor(options: PageOptions) {
    this.#options = options
    this.name = options.name
    this.storage = options.storage
    this.connection = connect({ allocationId: 'box', ports: this.#ports(), ...options.connect })
    this.connection.on('diagnostic', ({ code, fields }) => this.codes.push(`${code} ${JSON.stringify(fields)}`))
    this.connection.on('error', (error) => options.fail(`a listener threw: ${error.message}`))
    this.connection.on('ready', () => (this.#hadSession = true))
    this.channel = this.connection.open({ size: { cols: 80, rows: 24 } })
    this.channel.on('unsent', (unsent) => this.#report(unsent))
    this.screen = new Screen(this.channel, { ...options, isAlive: () => this.#alive })
  }

  /** It was let into a session at least once. */
  get hadSession(): boolean {
    return this.#hadSession
  }

  describe(): string {
    const { status } = this.connection.snapshot()
    return `page ${this.name} ${this.#alive ? JSON.stringify(status) : 'dead'} ${JSON.stringify(this.connection.stats())}`
  }

  get isAlive(): boolean {
    return this.#alive
  }

  /** A record that no other key has. */
  type(padding = 0): void {
    const record = `K${this.name}x${this.typed.length}${'z'.repeat(padding)}.`
    this.typed.push({ record, accepted: this.channel.write(record), reported: 'no' })
  }

  tell(event: PageEvent): void {
    if (event === 'hidden' || event === 'visible') this.#hidden = event === 'hidden'
    if (event === 'offline' || event === 'online') this.#offline = event === 'offline'
    if (this.#alive) this.#listener?.(event)
  }

  /** The page is gone without a word, as after a crash; its socket falls when the network says so. */
  die(): void {
    this.#alive = false
    this.#options.tabLock.close()
  }

  /** The component unmounts. */
  dispose(): void {
    this.connection.dispose()
    this.#alive = false
  }

  #report({ bytes, maybeWritten }: ChannelEvents['unsent']): void {
    const { records, torn } = parseRecords(decodeUtf8(bytes) ?? '')
    for (const record of records) {
      const typed = this.typed.find((one) => one.record === record)
      if (typed?.reported !== 'no') this.#options.fail(`a report of ${record}, which was never typed or was reported before`)
      else typed.reported = maybeWritten ? 'maybe' : 'unwritten'
    }
    // Credit ends anywhere, also inside a record: its head was sent, its tail was not.
    for (const piece of torn) {
      const typed = this.typed.find((one) => one.reported !== 'unwritten' && overlaps(one.record, piece))
      if (typed === undefined) this.#options.fail(`a report of ${piece}, which was never typed`)
      else typed.reported = 'maybe'
    }
  }

  #ports(): ClientPorts {
    const { clock, link, random, storage, tabLock, getToken } = this.#options
    const whileAlive =
      (callback: () => void): (() => void) =>
      () => {
        if (this.#alive) callback()
      }
    const store: SessionStore = {
      read: (key) => storage.get(key) ?? null,
      write: (key, value) => void storage.set(key, value),
      remove: (key) => void storage.delete(key),
    }
    return {
      openSocket: (url, subprotocol, events) =>
        link.openSocket(url, subprotocol, {
          opened: whileAlive(events.opened),
          message: (message) => (this.#alive ? events.message(message) : undefined),
          closed: (code, reason) => (this.#alive ? events.closed(code, reason) : undefined),
        }),
      clock: { now: clock.now, wall: clock.wall, after: (ms, callback) => clock.after(ms, whileAlive(callback)) },
      random: () => random.next(),
      store,
      tabLock,
      getToken: ({ takeOver }) => getToken(takeOver),
      page: {
        isHidden: () => this.#hidden,
        isOffline: () => this.#offline,
        watch: (listener) => {
          this.#listener = listener
          return () => void (this.#listener = null)
        },
      },
    }
  }
}

/** A cut can tear a record: its head was written, its tail is reported. */
function overlaps(record: string, piece: string): boolean {
  return piece.length > 0 && (record.endsWith(piece) || record.startsWith(piece))
}
