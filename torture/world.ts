/** One small world: a real server with a program, real clients in pages, a network between them, and the promises that must hold. */
import type { ConnectOptions } from '../src/client/index.ts'
import { seededRandom } from '../src/testing/seededRandom.ts'
import type { SeededRandom } from '../src/testing/seededRandom.ts'
import { simulatedLink } from '../src/testing/simulatedLink.ts'
import type { SimulatedLink, SimulatedLinkOptions } from '../src/testing/simulatedLink.ts'
import { virtualClock } from '../src/testing/virtualClock.ts'
import type { VirtualClock } from '../src/testing/virtualClock.ts'
import { Page } from './page.ts'
import { scriptedBackend } from './program.ts'
import type { ScriptedBackend, ScriptedProgram } from './program.ts'
import { startServer } from './server.ts'
import type { TestServer } from './server.ts'
import { TabLocks } from './tabs.ts'

export interface WorldOptions {
  readonly seed: string
  readonly link?: Partial<Omit<SimulatedLinkOptions, 'clock' | 'accept'>>
  readonly connect?: Partial<ConnectOptions>
  readonly takesWithinMs?: number
  readonly drawsWithinMs?: number
  readonly onStart?: (program: ScriptedProgram) => void
}

/** After this much virtual time without a fault everything must have come to rest. */
const SETTLE_MS = 10 * 60_000
/** How a terminal may end that nobody else ever wanted. */
const LONELY_ENDS: readonly string[] = ['shell_exit', 'user_closed', 'browser_disconnected', 'expired', 'detach_expired']

/** Close codes that an honest peer never earns. */
const BREACHES: readonly number[] = [4001, 4002, 4006, 4007, 4008, 4009, 4013, 4014, 4015]

/** Events that only a mistake of the server can cause. */
const CRASHES: readonly string[] = ['session_crashed', 'connection_crashed', 'backend_threw', 'job_threw', 'admission_failed']

/** What is at rest stays so for this long. */
const CALM_MS = 3_000

export class World {
  readonly clock: VirtualClock = virtualClock()
  readonly random: SeededRandom
  readonly backend: ScriptedBackend
  readonly server: TestServer
  readonly pages: Page[] = []
  readonly links: SimulatedLink[] = []
  readonly failures: string[] = []
  /** There was never more than one page at a time: a reload is alone, a duplicated tab is not. */
  isLonely = true
  readonly #options: WorldOptions
  readonly #tabs: TabLocks
  /** Plans of the network apply while this is true. */
  #faults = true

  constructor(options: WorldOptions) {
    this.#options = options
    this.random = seededRandom(options.seed)
    this.#tabs = new TabLocks(this.clock)
    this.backend = scriptedBackend({
      clock: this.clock,
      random: this.random.fork('program'),
      takesWithinMs: options.takesWithinMs ?? 0,
      onStart: options.onStart,
    })
    this.server = startServer({ clock: this.clock, random: this.random.fork('secrets'), backend: this.backend })
  }

  /** The program that was started last. */
  get program(): ScriptedProgram {
    const program = this.backend.programs.at(-1)
    if (program === undefined) throw new Error('No program was started yet.')
    return program
  }

  /** Opens a page: a new one, or with the storage of an earlier one as after a reload or in a duplicated tab. */
  open(storage: Map<string, string> = new Map()): Page {
    const name = String.fromCharCode(97 + (this.pages.length % 26)) + this.pages.length
    const plan = this.#options.link?.plan
    const link = simulatedLink({
      ...this.#options.link,
      clock: this.clock,
      accept: this.server.accept,
      plan: (index) => (this.#faults ? (plan?.(index) ?? {}) : {}),
    })
    const page = new Page({
      name,
      clock: this.clock,
      random: this.random.fork(name),
      link,
      storage,
      tabLock: this.#tabs.forTab(),
      getToken: (takeOver) => this.server.getToken(takeOver),
      isQuery: (offset) => this.backend.programs.some(({ queries }) => queries.has(offset)),
      drawsWithinMs: this.#options.drawsWithinMs ?? 0,
      connect: { panelKey: '', ...this.#options.connect },
      fail: (sentence) => this.fail(`page ${name}: ${sentence}`),
    })
    this.pages.push(page)
    this.links.push(link)
    return page
  }

  linkOf(page: Page): SimulatedLink {
    const link = this.links[this.pages.indexOf(page)]
    if (link === undefined) throw new Error('This page is of another world.')
    return link
  }

  fail(sentence: string): void {
    this.failures.push(sentence)
  }

  /** No more faults: whatever is broken is over, whatever hangs goes on, everybody is there again. */
  heal(): void {
    this.#faults = false
    for (const link of this.links) {
      for (const connection of link.connections) {
        connection.release('both')
        if (connection.isCut()) {
          connection.notice('client')
          connection.notice('server')
        }
      }
    }
    for (const page of this.pages) {
      page.tell('online')
      page.tell('visible')
      page.tell('return')
    }
  }

  /** Heals and runs until nothing moves any more, then holds everything against the promises. */
  settle(): void {
    this.heal()
    this.#deadline = this.clock.now() + SETTLE_MS
    // A cut that was planned may still come when all seems calm.
    do {
      this.clock.runUntil(() => this.#isAtRest())
      this.clock.advance(CALM_MS)
    } while (!this.#isAtRest())
    this.check()
  }

  #deadline = 0

  #isAtRest(): boolean {
    if (this.clock.now() > this.#deadline) {
      this.fail(
        `nothing came to rest within ${SETTLE_MS / 60_000} minutes: ${this.pages.map((page) => page.describe()).join('; ')}`,
      )
      return true
    }
    return this.pages.every((page) => !page.isAlive || this.#pageRests(page))
  }

  #pageRests(page: Page): boolean {
    const { status } = page.connection.snapshot()
    if (status.phase === 'ended' || status.phase === 'elsewhere') return true
    const { drawn, typed, written } = page.connection.stats()
    return status.phase === 'ready' && drawn === this.program.produced() && this.program.remaining() === 0 && typed === written
  }

  /** The numbered invariants of PROTOCOL.md section 9, as far as they can be seen from outside. */
  check(): void {
    for (const page of this.pages) this.#checkInput(page)
    this.#checkQueries()
    this.#checkElsewhere()
    this.#checkServer()
  }

  /** Invariants 1 and 6: every record written once or reported, in the order it was typed. */
  #checkInput(page: Page): void {
    const readings = this.backend.programs.map((program) => program.reading())
    const written = readings.flatMap(({ records }) => records)
    const torn = readings.flatMap((reading) => reading.torn)
    const order: number[] = []
    page.typed.forEach(({ record, accepted, reported }, i) => {
      const times = written.filter((one) => one === record).length
      if (times > 1) this.fail(`invariant 1: page ${page.name} typed ${record} once, and it was written ${times} times`)
      if (times === 1) order.push(written.indexOf(record))
      if (times === 1 && accepted === 'refused') this.fail(`invariant 6: ${record} was refused and written`)
      if (times === 1 && reported === 'unwritten') this.fail(`invariant 6: ${record} was reported as unwritten and was written`)
      const isTorn = torn.some((piece) => piece !== '' && record.startsWith(piece))
      if (times === 0 && accepted !== 'refused' && reported === 'no' && page.isAlive) {
        const { status } = page.connection.snapshot()
        const { typed, written: acked } = page.connection.stats()
        // A session that is kept keeps its input too: a retry may still write it.
        if (!(status.phase === 'ended' && typed > acked))
          this.fail(`invariant 6: ${record} (key ${i}) was neither written nor reported${isTorn ? ', but torn' : ''}`)
      }
    })
    if (order.some((at, i) => i > 0 && at < (order[i - 1] ?? 0)))
      this.fail(`invariant 1: the keys of page ${page.name} were written in another order`)
  }

  /** Invariant 9. */
  #checkQueries(): void {
    for (const program of this.backend.programs) {
      const { records } = program.reading()
      for (const query of program.queries) {
        const answers = records.filter((record) => record === `R${query}.`).length
        if (answers > 1) this.fail(`invariant 9: the query at ${query} was answered ${answers} times`)
      }
    }
  }

  /** Invariant 8: "elsewhere" is said only while somebody else is there, and a page that is alone is never locked out. */
  #checkElsewhere(): void {
    const page = this.pages.find((one) => one.isAlive)
    if (!this.isLonely || page === undefined) return
    const { status } = page.connection.snapshot()
    if (status.phase === 'elsewhere')
      this.fail(`invariant 8: page ${page.name} is alone and was told "elsewhere" (${status.how})`)
    if (status.phase === 'ended' && !LONELY_ENDS.includes(status.end.reason)) {
      this.fail(`invariant 8: page ${page.name} is alone and was refused as ${status.end.reason}`)
    }
  }

  #checkServer(): void {
    for (const event of this.server.events) {
      if (CRASHES.includes(event.code)) this.fail(`the server threw: ${JSON.stringify(event.fields)}`)
    }
    for (const { code, fields } of this.server.events) {
      if (BREACHES.includes(Number(fields['close']))) this.fail(`the server saw a breach: ${code} ${JSON.stringify(fields)}`)
    }
    for (const page of this.pages) {
      for (const code of page.codes)
        if (code.startsWith('breach')) this.fail(`page ${page.name} saw the server break the protocol: ${code}`)
    }
    const running = this.backend.programs.filter((program) => !program.isOver()).length
    if (running > 1) this.fail(`invariant 4: ${running} programs run for one allocation`)
    const { attached, sessions } = this.server.core.stats()
    if (attached > sessions) this.fail(`invariant 4: ${attached} sockets are attached to ${sessions} sessions`)
  }

  /** Ends everything. Nothing may be left that would still happen. */
  end(): void {
    for (const page of this.pages) page.dispose()
    this.server.close()
    this.clock.advance(SETTLE_MS)
    if (this.clock.pending() > 0) this.fail(`${this.clock.pending()} timers are left after everything ended`)
  }

  /** Throws with everything that went wrong. */
  verify(): void {
    if (this.failures.length > 0)
      throw new Error(`seed ${this.#options.seed}:\n  ${[...new Set(this.failures)].slice(0, 12).join('\n  ')}`)
  }
}
