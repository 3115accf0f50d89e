/** One direction of a simulated connection: packets wait for the network, fly through it, and land in order while nothing holds them. */
import type { VirtualClock } from './virtualClock.ts'

/** Why nothing lands: the network is silent, the receiving end does not read, or nothing passes ever again. */
export type Hold = 'stalled' | 'unread' | 'dead'

export interface LaneOptions {
  readonly clock: Pick<VirtualClock, 'now' | 'after'>
  /** Asked anew whenever something moves, and once then: a line may jitter. */
  readonly latencyMs: () => number
  readonly bytesPerSecond: () => number
  /** Bytes that network and kernels hold. One packet always fits. */
  readonly inFlightBytes: number
  /** The packet at `head` has arrived: `next` takes it off. */
  readonly landed: () => void
}

export class Lane<P extends { readonly size: number }> {
  readonly #options: LaneOptions
  /** Handed over, and not in the network yet. */
  #waiting: P[] = []
  /** In the network, with the instant of arrival. */
  #flying: { readonly packet: P; readonly at: number }[] = []
  #waitingBytes = 0
  #flyingBytes = 0
  /** When the line is free for the next packet. */
  #freeAt = 0
  readonly #holds = new Set<Hold>()
  #cancelLanding: (() => void) | null = null

  constructor(options: LaneOptions) {
    this.#options = options
  }

  get waitingBytes(): number {
    return this.#waitingBytes
  }

  put(packet: P): void {
    this.#waiting.push(packet)
    this.#waitingBytes += packet.size
    this.#fly()
  }

  /** The packet that lands next. */
  head(): P | undefined {
    return this.#flying[0]?.packet
  }

  /** Takes off the packet that has landed, which makes room for others. */
  next(): void {
    this.#flyingBytes -= this.#flying.shift()?.packet.size ?? 0
    this.#fly()
  }

  /** When the last packet in the network arrives; 0 if there is none. */
  lastArrival(): number {
    return this.#flying.at(-1)?.at ?? 0
  }

  hold(why: Hold): void {
    this.#holds.add(why)
    this.#halt()
  }

  release(why: Hold): void {
    this.#holds.delete(why)
    this.#schedule()
  }

  isHeld(why: Hold): boolean {
    return this.#holds.has(why)
  }

  /** Loses what is not in the network yet; its size in bytes. */
  loseWaiting(): number {
    const lost = this.#waitingBytes
    this.#waiting = []
    this.#waitingBytes = 0
    return lost
  }

  /** Takes everything back, in its order; the line is free. */
  takeBack(): readonly P[] {
    const all = [...this.#flying.map(({ packet }) => packet), ...this.#waiting]
    this.#flying = []
    this.#flyingBytes = 0
    this.#freeAt = 0
    this.loseWaiting()
    this.#halt()
    return all
  }

  /** Moves what fits into the network. A dead line still takes what its kernel can hold, as a real one does. */
  #fly(): void {
    const { clock, latencyMs, bytesPerSecond, inFlightBytes } = this.#options
    const latency = latencyMs()
    const perMs = bytesPerSecond() / 1_000
    for (let packet = this.#waiting[0]; packet; packet = this.#waiting[0]) {
      if (this.#flyingBytes > 0 && this.#flyingBytes + packet.size > inFlightBytes) break
      this.#waiting.shift()
      this.#waitingBytes -= packet.size
      this.#flyingBytes += packet.size
      this.#freeAt = Math.max(this.#freeAt, clock.now()) + packet.size / perMs
      this.#flying.push({ packet, at: this.#freeAt + latency })
    }
    this.#schedule()
  }

  #schedule(): void {
    const { clock, landed } = this.#options
    const head = this.#flying[0]
    if (!head || this.#cancelLanding || this.#holds.size > 0) return
    this.#cancelLanding = clock.after(head.at - clock.now(), () => {
      this.#cancelLanding = null
      landed()
    })
  }

  #halt(): void {
    this.#cancelLanding?.()
    this.#cancelLanding = null
  }
}
