/** Feeds bytes to emulators: about ten milliseconds of parsing a hop for the whole page, whom a person looks at first, every byte acknowledged. */

/** The part of an emulator that takes bytes. `done` is called once they are parsed; never called with no bytes. */
export interface Screen {
  write(bytes: Uint8Array<ArrayBuffer>, done: () => void): void
}

/** Bytes for the screen, with the absolute offset after the last one. */
export interface FeedBytes {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly end: number
  readonly answered: boolean
}

/** What is being parsed: the answers that the emulator makes now belong to it. */
export interface Parsing {
  /** Absolute offset after the last byte of the slice. */
  readonly at: number
  readonly answered: boolean
}

/** The page as the scheduler needs it. */
export interface HopClock {
  now(): number
  /** Runs `task` in a task of its own, soon, and not clamped as timers are. */
  hop(task: () => void): void
}

type Item =
  { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer>; readonly end: number; readonly answered: boolean } | Act
/** Something that must happen alone, between what came before it and what comes after. It calls `done` when it is over. */
interface Act {
  readonly kind: 'act'
  readonly run: (done: () => void) => void
}

const BUDGET_MS = 10
/** After a key a person waits for its echo, and the next key would wait for a whole hop. */
const HURRIED_MS = 4
/** How long a key makes the page hurry. */
const HURRY_MS = 1000
/** A program that has not answered a key by then may not echo at all. */
const ECHO_MS = 100
/** While it hurries, a terminal without the focus has its turn after so many of the focused one; else after each. */
const HURRIED_TURNS = 3
/** Less than this of a budget is not worth a turn: whatever is written to is drawn anew with the next frame. */
const LEAST_TURN_MS = 2
/** While terminals in view wait, every so many turns one goes to a terminal out of view. */
const TURNS_IN_VIEW = 8
const ASCII_SLICE = 16 * 1024
const SLICE = 64 * 1024
/** A batch has two slices at least, down to this size, because its pace is measured from the first to the last. */
const MIN_SLICE = 1024
/** Bytes a millisecond, until a batch was timed. Low, because a key that is pressed now would wait for what was handed over too much. */
const FIRST_RATE = 2 * 1024
const MIN_RATE = 1024
const MAX_RATE = 256 * 1024

/**
 * One budget of parsing time for all feeds of a page. Turns are long rather than many: a frame in which two terminals were
 * written to has two to draw, however many others wait.
 */
export class Scheduler {
  #clock: HopClock
  #waiting: Feed[] = []
  #focused: Feed | null = null
  #outOfView = new Set<Feed>()
  #turnsInView = 0
  #hurriedUntil = -Infinity
  /** Whose key has no echo yet, and until when it is waited for. */
  #awaited = new Map<Feed, number>()
  /** Estimated milliseconds of the batches that emulators have now. */
  #inFlight = new Map<Feed, number>()
  /** Of the focused feed, since another one had a turn. */
  #focusedTurns = 0
  #hopping = false
  #running = false

  constructor(clock: HopClock) {
    this.#clock = clock
  }

  now(): number {
    return this.#clock.now()
  }

  /** Runs `task` in a task of its own. */
  soon(task: () => void): void {
    this.#clock.hop(task)
  }

  focus(feed: Feed, on: boolean): void {
    if (on) this.#focused = feed
    else if (this.#focused === feed) this.#focused = null
  }

  see(feed: Feed, inView: boolean): void {
    if (inView) this.#outOfView.delete(feed)
    else this.#outOfView.add(feed)
  }

  /** A person typed into the terminal of `feed`: for a moment the page hands over less at a time. */
  hurry(feed: Feed): void {
    const now = this.#clock.now()
    this.#hurriedUntil = now + HURRY_MS
    this.#awaited.set(feed, now + ECHO_MS)
  }

  /** The echo of what was typed into the terminal of `feed` has been parsed, or nobody waits for it. */
  echoed(feed: Feed): void {
    this.#awaited.delete(feed)
  }

  /** Somewhere on the page the echo of a key is still to come. */
  awaited(): boolean {
    const now = this.#clock.now()
    return [...this.#awaited.values()].some((until) => now < until)
  }

  /** `feed` has something to write. If the page has time it is written at once: the first bytes after a key wait for nothing. */
  want(feed: Feed): void {
    if (!this.#waiting.includes(feed)) this.#waiting.push(feed)
    if (!this.#hopping && !this.#running) this.#run()
  }

  /**
   * `feed` has more to write, but in the next hop: inside its emulator's own timer a write would nest that timer, and
   * browsers clamp nested timers to 4 ms.
   */
  wantNext(feed: Feed): void {
    if (!this.#waiting.includes(feed)) this.#waiting.push(feed)
    this.#schedule()
  }

  /** The batch of `feed` is over, one way or the other. */
  settled(feed: Feed): void {
    this.#inFlight.delete(feed)
    if (this.#waiting.length > 0) this.#schedule()
  }

  forget(feed: Feed): void {
    this.#waiting = this.#waiting.filter((waiting) => waiting !== feed)
    this.#outOfView.delete(feed)
    this.focus(feed, false)
    this.echoed(feed)
    this.settled(feed)
  }

  #schedule(): void {
    if (this.#hopping || this.#running) return
    this.#hopping = true
    this.#clock.hop(() => {
      this.#hopping = false
      this.#run()
    })
  }

  #run(): void {
    this.#running = true
    try {
      this.#writeBatches()
    } finally {
      this.#running = false
    }
    if (this.#waiting.length > 0 && this.#inFlight.size === 0) this.#schedule()
  }

  #writeBatches(): void {
    const budget = this.#hurries() ? HURRIED_MS : BUDGET_MS
    let left = budget
    for (const ms of this.#inFlight.values()) left -= ms
    while (this.#waiting.length > 0 && left > 0.5) {
      const feed = this.#next()
      if (left < LEAST_TURN_MS && left < budget && feed.waitingMs() > left) return
      this.#waiting.splice(this.#waiting.indexOf(feed), 1)
      const ms = feed.writeBatch(this.#waiting.length === 0 ? left : Math.min(left, this.#turn(budget)))
      this.#took(feed)
      if (feed.writing()) this.#inFlight.set(feed, ms)
      left -= ms
    }
  }

  /** With the focused one a page shares its budget; without it one terminal after the other gets all of it. */
  #turn(budget: number): number {
    return this.#focused === null ? budget : Math.max(HURRIED_MS, budget / 2)
  }

  #took(feed: Feed): void {
    if (feed === this.#focused) return void this.#focusedTurns++
    this.#focusedTurns = 0
    if (this.#outOfView.has(feed)) this.#turnsInView = 0
    else this.#turnsInView++
  }

  #hurries(): boolean {
    return this.#clock.now() < this.#hurriedUntil
  }

  /** The focused feed has every other turn or more; of the rest the one that waits longest, and those out of view after the others. */
  #next(): Feed {
    const focused = this.#focused
    const most = this.#hurries() ? HURRIED_TURNS : 1
    if (focused !== null && this.#focusedTurns < most && this.#waiting.includes(focused)) return focused
    const others = this.#waiting.filter((feed) => feed !== focused)
    const inView = others.find((feed) => !this.#outOfView.has(feed))
    const outOfView = others.find((feed) => this.#outOfView.has(feed))
    const next = this.#turnsInView < TURNS_IN_VIEW ? (inView ?? outOfView) : (outOfView ?? inView)
    const feed = next ?? focused
    if (feed === null) throw new Error('The scheduler was asked for a feed while none waits.')
    return feed
  }
}

/** The bytes of one terminal on their way into its emulator. */
export class Feed {
  #scheduler: Scheduler
  #screen: Screen | null = null
  #items: Item[] = []
  #between: (() => void) | null = null
  /** Slices that the emulator has and has not called back for. */
  #written: Parsing[] = []
  #acting = false
  #disposed = false
  /** The echo of the newest key is not below this offset; null once that has been parsed. */
  #echoAfter: number | null = null
  #echoes = 0
  #look: () => void = () => {}
  #rate = FIRST_RATE
  /** Of the batch in flight: when its first slice was parsed, how long and how many bytes the later ones took. */
  #batch = { since: 0, ms: 0, bytes: 0 }
  #consumed: (offset: number) => void
  #quiet: () => void

  /** `consumed` hears each absolute offset that was parsed, in order; `quiet` that nothing is left. */
  constructor(scheduler: Scheduler, consumed: (offset: number) => void, quiet: () => void = () => {}) {
    this.#scheduler = scheduler
    this.#consumed = consumed
    this.#quiet = quiet
  }

  /** From now on bytes go to `screen`. */
  attach(screen: Screen): void {
    this.#screen = screen
    this.#wake()
  }

  push(output: FeedBytes): void {
    if (this.#disposed) return
    if (output.bytes.length === 0) return this.act((done) => (this.#consumed(output.end), done()))
    this.#items.push({ kind: 'bytes', bytes: output.bytes, end: output.end, answered: output.answered })
    this.#wake()
  }

  /** Runs after everything that was pushed before, and before everything that comes later. */
  act(run: (done: () => void) => void): void {
    if (this.#disposed) return
    this.#items.push({ kind: 'act', run })
    this.#wake()
  }

  /** Runs as soon as no write is pending, ahead of bytes that still wait. Only the last one asked for runs. */
  between(run: () => void): void {
    if (this.#disposed) return
    this.#between = run
    this.#wake()
  }

  /** The slice that the emulator parses now. */
  parsing(): Parsing | null {
    return this.#written[0] ?? null
  }

  idle(): boolean {
    return this.#items.length === 0 && this.#written.length === 0 && !this.#acting
  }

  focus(on: boolean): void {
    this.#scheduler.focus(this, on)
  }

  /** Somebody can see the terminal; true until something else is said. */
  see(inView: boolean): void {
    if (!this.#disposed) this.#scheduler.see(this, inView)
  }

  /** A person typed into the terminal. Output up to the offset `before` may have been sent by then. */
  hurry(before: number): void {
    this.#echoAfter = before
    this.#scheduler.hurry(this)
  }

  // ---- for the drawing of the terminal ----

  behind(): boolean {
    return !this.idle()
  }

  /** How often the output that may have been sent before a key has been parsed. */
  echoes(): number {
    return this.#echoes
  }

  /** Somewhere on the page the echo of a key is still to come. */
  awaited(): boolean {
    return this.#scheduler.awaited()
  }

  /** Milliseconds. */
  now(): number {
    return this.#scheduler.now()
  }

  /** Runs `task` in a task of its own. */
  soon(task: () => void): void {
    this.#scheduler.soon(task)
  }

  /** Calls `look` whenever an echo has been parsed, and whenever nothing waits any more. */
  tells(look: () => void): void {
    this.#look = look
  }

  /** Forgets what waits and gives the budget back. Late callbacks of the emulator change nothing. */
  dispose(): void {
    if (this.#disposed) return
    this.#disposed = true
    this.#items = []
    this.#between = null
    this.#written = []
    this.#look = () => {}
    this.#scheduler.forget(this)
  }

  /** Bytes are with the emulator. */
  writing(): boolean {
    return this.#written.length > 0
  }

  /** For the scheduler: how long the parser will take for what waits. */
  waitingMs(): number {
    let bytes = 0
    for (const item of this.#items) if (item.kind === 'bytes') bytes += item.bytes.length
    return bytes / this.#rate
  }

  /** For the scheduler: writes about `ms` worth of bytes and returns the estimate, 0 if there was nothing to write. */
  writeBatch(ms: number): number {
    if (!this.#canWrite()) return 0
    const slices = this.#take(Math.max(1, ms * this.#rate))
    this.#batch = { since: 0, ms: 0, bytes: 0 }
    let bytes = 0
    for (const slice of slices) {
      bytes += slice.bytes.length
      this.#written.push({ at: slice.end, answered: slice.answered })
    }
    for (const slice of slices) this.#write(slice)
    return bytes / this.#rate
  }

  #write(slice: FeedBytes): void {
    let called = false
    this.#screen?.write(slice.bytes, () => {
      if (called || this.#disposed) return
      called = true
      this.#parsed(slice)
    })
  }

  #parsed(slice: FeedBytes): void {
    this.#written.shift()
    this.#measure(slice.bytes.length)
    this.#consumed(slice.end)
    if (this.#echoAfter !== null && slice.end >= this.#echoAfter) this.#echoed()
    if (this.#written.length > 0) return
    this.#learn()
    this.#scheduler.settled(this)
    this.#runBetween()
    this.#runActs()
    if (this.#items.length > 0) this.#scheduler.wantNext(this)
    else if (this.idle()) this.#caughtUp()
  }

  #echoed(): void {
    this.#echoAfter = null
    this.#echoes++
    this.#scheduler.echoed(this)
    this.#look()
  }

  #caughtUp(): void {
    this.#look()
    this.#quiet()
  }

  /** Times the slices of a batch after its first one: the way to the first callback is not parsing. */
  #measure(bytes: number): void {
    const now = this.#scheduler.now()
    const { since } = this.#batch
    this.#batch = since === 0 ? { since: now, ms: 0, bytes: 0 } : { since, ms: now - since, bytes: this.#batch.bytes + bytes }
  }

  #learn(): void {
    const { ms, bytes } = this.#batch
    if (bytes === 0 || ms <= 0) return
    this.#rate = Math.min(MAX_RATE, Math.max(MIN_RATE, (this.#rate + bytes / ms) / 2))
  }

  #take(limit: number): FeedBytes[] {
    const slices: FeedBytes[] = []
    let taken = 0
    while (taken < limit) {
      const item = this.#items[0]
      if (item === undefined || item.kind === 'act') break
      const most = Math.min(
        isAscii(item.bytes) ? ASCII_SLICE : SLICE,
        Math.max(MIN_SLICE, Math.ceil(Math.min(limit - taken, limit / 2))),
      )
      const slice = item.bytes.subarray(0, most)
      const left = item.bytes.length - slice.length
      slices.push({ bytes: slice, end: item.end - left, answered: item.answered })
      taken += slice.length
      if (left === 0) this.#items.shift()
      else this.#items[0] = { ...item, bytes: item.bytes.subarray(slice.length) }
    }
    return slices
  }

  #canWrite(): boolean {
    return !this.#disposed && !this.#acting && this.#screen !== null && this.#written.length === 0
  }

  #wake(): void {
    if (!this.#canWrite()) return
    this.#runBetween()
    this.#runActs()
    if (this.#items.length > 0 && this.#canWrite()) this.#scheduler.want(this)
  }

  #runBetween(): void {
    const run = this.#between
    this.#between = null
    run?.()
  }

  #runActs(): void {
    while (this.#canWrite()) {
      const item = this.#items[0]
      if (item?.kind !== 'act') return
      this.#items.shift()
      this.#act(item)
    }
  }

  #act(item: Act): void {
    this.#acting = true
    let called = false
    let direct = true
    item.run(() => {
      if (called || this.#disposed) return
      called = true
      this.#acting = false
      if (direct) return
      this.#wake()
      if (this.idle()) this.#caughtUp()
    })
    direct = false
    if (this.#acting) return
    this.#runBetween()
    if (this.idle()) this.#caughtUp()
  }
}

/** A look at the beginning is enough: what matters is only how big a slice the parser should get. */
function isAscii(bytes: Uint8Array): boolean {
  const end = Math.min(bytes.length, 256)
  for (let i = 0; i < end; i++) if (bytes[i]! > 0x7f) return false
  return true
}
