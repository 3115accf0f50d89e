/** A page without a screen: the real client on real sockets, with a sum of all that it read and of all that it typed. */
import { connect } from '../../src/client/index.ts'
import type { Channel, ChannelEvents, Connection, ConnectOptions, Diagnostic, End } from '../../src/client/index.ts'
import type { Paste } from '../../src/client/api.ts'
import { encodeUtf8 } from '../../src/protocol/utf8.ts'
import { until } from './until.ts'
import { Summing } from './witness.ts'

export interface VisitorOptions {
  readonly size?: { readonly cols: number; readonly rows: number }
  /** Told of the bytes instead of the visitor taking them at once; whoever takes them says `consumed`. */
  readonly draw?: (output: ChannelEvents['data'], channel: Channel) => void
  /** Keeps the last characters of the output as `text`. Default true. */
  readonly keepText?: boolean
}

/** Comes back fast, and never gives up. */
const RECONNECT = { baseMs: 1, capMs: 40, tries: 1_000_000 }
const TEXT = 64 * 1024

export class Visitor {
  readonly connection: Connection
  readonly channel: Channel
  readonly output = new Summing()
  readonly typed = new Summing()
  readonly diagnostics: Diagnostic[] = []
  readonly errors: Error[] = []
  /** Milliseconds from each loss to the ready that followed. */
  readonly resumeMs: number[] = []
  /** How often each code was said. */
  readonly codes = new Map<string, number>()
  unsentBytes = 0
  missing = 0
  resets = 0
  text = ''
  end: End | null = null
  /** Output bytes that were here when the end was told. */
  outputAtEnd = 0
  #next: number | null = 0
  #lostAt: number | null = null
  readonly #options: VisitorOptions

  constructor({ size, draw, keepText, ...options }: Partial<ConnectOptions> & VisitorOptions) {
    this.#options = { size, draw, keepText }
    this.connection = connect({ allocationId: 'box', storage: 'none', reconnect: RECONNECT, ...options })
    this.connection.on('diagnostic', (diagnostic) => this.#note(diagnostic))
    this.connection.on('policy', (diagnostic) => this.#note(diagnostic))
    this.connection.on('error', (error) => this.errors.push(error))
    this.connection.on('ready', () => this.#ready())
    this.channel = this.connection.open({ size: size ?? { cols: 80, rows: 24 } })
    this.channel.on('data', (output) => this.#take(output))
    this.channel.on('gap', ({ bytes, end }) => {
      this.missing += bytes
      this.#next = end
      this.channel.consumed(end)
    })
    this.channel.on('reset', () => {
      this.resets += 1
      this.#next = null
    })
    this.channel.on('unsent', ({ bytes }) => (this.unsentBytes += bytes.length))
    this.channel.on('close', (end) => {
      this.end = end
      this.outputAtEnd = this.output.bytes
    })
  }

  get reconnects(): number {
    return this.connection.stats().reconnects
  }

  get isReady(): boolean {
    return this.connection.snapshot().status.phase === 'ready'
  }

  count(code: string): number {
    return this.codes.get(code) ?? 0
  }

  /** Types a key. Throws if it is refused. */
  type(input: string | Uint8Array<ArrayBuffer>): void {
    const bytes = typeof input === 'string' ? encodeUtf8(input) : input
    if (this.channel.write(bytes) === 'refused') throw new Error(`Refused: ${bytes.length} bytes. ${this.describe()}`)
    this.typed.add(bytes)
  }

  /** Pastes once the terminal is ready, since a paste into a terminal that is away is a key. */
  async paste(bytes: Uint8Array<ArrayBuffer>): Promise<Paste> {
    await this.ready()
    return this.channel.paste(bytes)
  }

  ready(): Promise<void> {
    return this.until(() => this.isReady, 'the terminal is ready')
  }

  /** Resolves after one more resume than `before`. */
  resumedAfter(before: number): Promise<void> {
    return this.until(() => this.isReady && this.reconnects > before, `a resume after the ${before}th`)
  }

  reads(text: string): Promise<void> {
    return this.until(() => this.text.includes(text), `the page reads ${JSON.stringify(text)}`)
  }

  until(condition: () => boolean, sentence: string, withinMs?: number): Promise<void> {
    return until(
      () => {
        if (this.errors[0]) throw this.errors[0]
        return condition()
      },
      () => `${sentence}. ${this.describe()}`,
      withinMs,
    )
  }

  describe(): string {
    const { status } = this.connection.snapshot()
    const codes = [...this.codes].map(([code, count]) => `${code} ×${count}`).join(', ')
    return `${JSON.stringify(status)} ${JSON.stringify(this.connection.stats())} read ${this.output.bytes}, typed ${this.typed.bytes}, ${codes}`
  }

  leave(): void {
    this.connection.dispose()
  }

  #note(diagnostic: Diagnostic): void {
    const { code } = diagnostic
    this.codes.set(code, (this.codes.get(code) ?? 0) + 1)
    if (this.diagnostics.length < 10_000) this.diagnostics.push(diagnostic)
    if (code === 'socket-lost') this.#lostAt ??= performance.now()
  }

  #ready(): void {
    if (this.#lostAt !== null) this.resumeMs.push(performance.now() - this.#lostAt)
    this.#lostAt = null
  }

  #take(output: ChannelEvents['data']): void {
    const start = output.end - output.bytes.length
    if (this.#next !== null && start !== this.#next) throw new Error(`Output at ${start} came where ${this.#next} was next.`)
    this.#next = output.end
    this.output.add(output.bytes)
    if (this.#options.keepText !== false) this.#keep(output.bytes)
    if (this.#options.draw) this.#options.draw(output, this.channel)
    else this.channel.consumed(output.end)
  }

  #keep(bytes: Uint8Array<ArrayBuffer>): void {
    const tail = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).subarray(-TEXT).toString('latin1')
    this.text = (this.text + tail).slice(-TEXT)
  }
}
