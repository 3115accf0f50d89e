/** An emulator that draws nothing and checks everything: the bytes, their order, their offsets, and what it may answer. */
import type { Channel, Output } from '../src/client/api.ts'
import type { SeededRandom } from '../src/testing/seededRandom.ts'
import type { VirtualClock } from '../src/testing/virtualClock.ts'
import { patternByte } from './program.ts'

export interface ScreenOptions {
  readonly clock: VirtualClock
  readonly random: SeededRandom
  /** Each piece is drawn within this time. 0: at once. */
  readonly drawsWithinMs: number
  /** Whether the program asked something with the byte at this offset. */
  readonly isQuery: (offset: number) => boolean
  /** Told about whatever must not happen. */
  readonly fail: (sentence: string) => void
  /** False once the page has died: nothing of it acts any more. */
  readonly isAlive: () => boolean
}

type Item = { readonly kind: 'data'; readonly output: Output } | { readonly kind: 'gap'; readonly end: number }

/** What one page's emulator has seen since its last reset. */
export class Screen {
  readonly #options: ScreenOptions
  readonly #channel: Channel
  readonly #queue: Item[] = []
  #busy = false
  /** Counts resets: what was being drawn before one is not drawn after it. */
  #generation = 0
  /** Offset of the next byte; null until the first byte after a reset. */
  #next: number | null = 0
  #drawn = 0
  #missing = 0
  readonly answeredQueries: number[] = []

  constructor(channel: Channel, options: ScreenOptions) {
    this.#channel = channel
    this.#options = options
    channel.on('data', (output) => this.#take(output))
    channel.on('gap', (gap) => this.#takeGap(gap.bytes, gap.end))
    channel.on('reset', () => this.#reset())
  }

  get drawn(): number {
    return this.#drawn
  }

  get missing(): number {
    return this.#missing
  }

  #take(output: Output): void {
    if (!this.#options.isAlive()) return
    const start = output.end - output.bytes.length
    if (this.#next !== null && start !== this.#next)
      this.#options.fail(`the page got output at ${start} and wanted it at ${this.#next}`)
    output.bytes.forEach((byte, i) => {
      if (byte !== patternByte(start + i))
        this.#options.fail(`the byte at ${start + i} is ${byte}, the program printed ${patternByte(start + i)}`)
    })
    this.#next = output.end
    this.#queue.push({ kind: 'data', output })
    this.#draw()
  }

  #takeGap(bytes: number, end: number): void {
    if (this.#next !== null && end - bytes !== this.#next)
      this.#options.fail(`a gap at ${end - bytes} where ${this.#next} was next`)
    this.#next = end
    this.#missing += bytes
    this.#queue.push({ kind: 'gap', end })
    this.#draw()
  }

  #reset(): void {
    this.#queue.length = 0
    this.#busy = false
    this.#generation += 1
    this.#next = null
    this.#missing = 0
  }

  #draw(): void {
    const { clock, random, drawsWithinMs, isAlive } = this.#options
    if (this.#busy) return
    const item = this.#queue.shift()
    if (item === undefined || !isAlive()) return
    if (drawsWithinMs === 0) return this.#finish(item)
    this.#busy = true
    const generation = this.#generation
    clock.after(random.int(0, drawsWithinMs), () => {
      if (generation !== this.#generation) return
      this.#busy = false
      if (isAlive()) this.#finish(item)
    })
  }

  #finish(item: Item): void {
    if (item.kind === 'data') this.#answer(item.output)
    const end = item.kind === 'data' ? item.output.end : item.end
    this.#drawn = end
    this.#channel.consumed(end)
    // An emulator's callback may come twice.
    if (this.#options.random.chance(0.05)) this.#channel.consumed(end)
    this.#draw()
  }

  #answer({ bytes, end, answered }: Output): void {
    if (answered) return
    for (let offset = end - bytes.length; offset < end; offset++) {
      if (!this.#options.isQuery(offset)) continue
      this.answeredQueries.push(offset)
      this.#channel.reply(`R${offset}.`, end)
    }
  }
}
