/** Plays a script from beginning to end with a real client and nobody at the keyboard, over any mount, in virtual time. */
import { connect, type BugReport, type Channel, type Connection, type Status } from '../src/client/index.ts'
import type { PageEvent, TabClaim } from '../src/client/ports.ts'
import { unreachable } from '../src/protocol/unreachable.ts'
import type { TerminalHost } from '../src/server/host.ts'
import { seededRandom, type SeededRandom } from '../src/testing/seededRandom.ts'
import { virtualClock, type VirtualClock } from '../src/testing/virtualClock.ts'
import { directMount } from './direct.ts'
import { createMockServer } from './mockServer.ts'
import type { Outcome, PersonStep, PlayableScript } from './script.ts'
import type { TraceEntry } from './trace.ts'
import { createTraffic, type MountPorts } from './traffic.ts'

/** One way to bring a client and the fake server together. */
export interface Mount {
  readonly name: string
  mount(host: TerminalHost): Promise<Mounted>
}

export interface Mounted extends MountPorts {
  close(): void | Promise<void>
}

export const direct: Mount = {
  name: 'direct',
  mount: async (host) => ({ ...directMount(host), close: async () => undefined }),
}

export interface Play {
  readonly trace: readonly TraceEntry[]
  /**
   * What the client's sockets told it, so that a mount which bends that is found out. One socket after the other, since there is no
   * order among them; nothing that follows the client's own close, to which it does not listen.
   */
  readonly heard: readonly Heard[]
  /** What the connection was doing at the end. */
  readonly status: Status
  /** The phases that it went through, in order. */
  readonly phases: readonly Status['phase'][]
  /** The same with what is special about each, once: `lost/waiting`, `ended/shell_exit`. */
  readonly states: readonly string[]
  /** Output as text, as far as it is kept. */
  readonly text: string
  /** Bytes that the client says are missing. */
  readonly missing: number
  /** The bug reports of all lives of the page, the last one at the end. */
  readonly bugReports: () => readonly BugReport[]
}

type HeardEvent =
  | { readonly what: 'opened' }
  | { readonly what: 'text' | 'bytes'; readonly length: number }
  | { readonly what: 'closed'; readonly code: number; readonly reason: string }

/** `at` is in milliseconds of virtual time. */
export type Heard = { readonly socket: number; readonly at: number } & HeardEvent

/** Virtual time after which a play that has not come to its end is given up. */
const LONGEST_PLAY_MS = 15 * 60_000
/** How long it goes on after its end, so that what follows is seen too. */
const CALM_MS = 1_000
/** Time in which everything ends that was begun. */
const CLOSING_MS = 60_000
const KEPT_TEXT = 20_000

export async function play(script: PlayableScript, mount: Mount, seed: string | number = 1): Promise<Play> {
  const traffic = createTraffic()
  const clock = virtualClock({ settle: traffic.quiet })
  const server = createMockServer({ script, seed, clock })
  const mounted = await mount.mount(traffic.host(server.host))
  const heard: Heard[] = []
  const ports = overheard(traffic.ports(mounted), clock, heard)
  const person = new Person(clock, ports, seededRandom(seed).fork('person'))
  let played: Play
  try {
    for (const step of script.person ?? []) await person.does(step)
    await person.waitUntil(() => hasReached(person.status(), script.ends), `come to ${JSON.stringify(script.ends)}`)
    await clock.settleUntil(clock.now() + CALM_MS)
    played = { trace: server.trace(), heard: [...heard].sort((a, b) => a.socket - b.socket), ...person.report() }
  } finally {
    person.leave()
    void server.close()
    await clock.settleUntil(clock.now() + CLOSING_MS)
    await mounted.close()
  }
  if (clock.pending() > 0) throw new Error(`${script.name} leaves ${clock.pending()} timers behind.`)
  return played
}

function overheard({ openSocket, getToken }: MountPorts, clock: VirtualClock, heard: Heard[]): MountPorts {
  let sockets = 0
  return {
    getToken,
    openSocket(url, subprotocol, events) {
      const number = ++sockets
      let over = false
      const hear = (event: HeardEvent): void => void (over || heard.push({ socket: number, at: clock.now(), ...event }))
      const socket = openSocket(url, subprotocol, {
        opened() {
          hear({ what: 'opened' })
          events.opened()
        },
        message(message) {
          hear({ what: typeof message === 'string' ? 'text' : 'bytes', length: message.length })
          events.message(message)
        },
        closed(code, reason) {
          hear({ what: 'closed', code, reason })
          events.closed(code, reason)
        },
      })
      return {
        ...socket,
        close(code, reason) {
          over = true
          socket.close(code, reason)
        },
      }
    },
  }
}

export function hasReached(status: Status, outcome: Outcome): boolean {
  if (status.phase !== outcome.phase) return false
  if (outcome.phase === 'ended') return status.phase === 'ended' && status.end.reason === outcome.reason
  return outcome.phase !== 'elsewhere' || (status.phase === 'elsewhere' && status.how === outcome.how)
}

function stateOf(status: Status): string {
  switch (status.phase) {
    case 'idle':
    case 'ready':
      return status.phase
    case 'starting':
    case 'lost':
      return `${status.phase}/${status.step}`
    case 'elsewhere':
      return `${status.phase}/${status.how}`
    case 'ended':
      return `${status.phase}/${status.end.reason}`
    default:
      return unreachable(status)
  }
}

/** Somebody with a page, and the client in it. */
class Person {
  readonly #clock: VirtualClock
  readonly #ports: MountPorts
  readonly #random: SeededRandom
  /** Pages that are open besides. */
  readonly #others: Connection[] = []
  #storage = new Map<string, string>()
  readonly #phases: Status['phase'][] = []
  readonly #states = new Set<string>()
  readonly #locks = new Map<string, object>()
  readonly #started: number
  #text = ''
  #decoder = new TextDecoder()
  #hidden = false
  #offline = false
  #tell: ((event: PageEvent) => void) | null = null
  #lives: Connection[] = []
  #connection: Connection
  #channel: Channel

  constructor(clock: VirtualClock, ports: MountPorts, random: SeededRandom) {
    this.#clock = clock
    this.#ports = ports
    this.#random = random
    this.#started = clock.now()
    ;[this.#connection, this.#channel] = this.#open()
    this.#notePhase(this.#connection)
  }

  status(): Status {
    return this.#connection.snapshot().status
  }

  report(): Omit<Play, 'trace' | 'heard'> {
    const missing = this.#connection.stats().missing
    return {
      status: this.status(),
      phases: [...this.#phases],
      states: [...this.#states],
      text: this.#text,
      missing,
      bugReports: () => this.#lives.map((life) => life.report()),
    }
  }

  leave(): void {
    for (const connection of [...this.#others, this.#connection]) connection.dispose()
  }

  #turnTo(storage: Map<string, string>): void {
    this.#storage = storage
    ;[this.#connection, this.#channel] = this.#open()
    this.#notePhase(this.#connection)
  }

  async waitUntil(holds: () => boolean, what: string): Promise<void> {
    const tooLate = (): boolean => this.#clock.now() - this.#started > LONGEST_PLAY_MS
    await this.#clock.settleUntil(() => holds() || tooLate())
    if (!holds()) throw new Error(`The play did not ${what}: it is ${JSON.stringify(this.status())}.`)
  }

  async does(step: PersonStep): Promise<void> {
    switch (step.does) {
      case 'type':
        return void this.#channel.write(step.text)
      case 'wait':
        return void (await this.#clock.settleUntil(this.#clock.now() + step.ms))
      case 'see':
        return this.waitUntil(() => this.status().phase === step.phase, `come to ${step.phase}`)
      case 'read':
        return this.waitUntil(() => this.#text.includes(step.text), `print ${JSON.stringify(step.text)}`)
      case 'retry':
        return this.#connection.retry()
      case 'restart':
        return this.#connection.restart()
      case 'take-over':
        return this.#connection.takeOver()
      case 'disconnect':
        return this.#connection.disconnect()
      case 'resize':
        return this.#channel.resize({ cols: step.cols, rows: step.rows })
      case 'go-offline':
      case 'go-online':
        this.#offline = step.does === 'go-offline'
        return this.#tell?.(this.#offline ? 'offline' : 'online')
      case 'hide':
      case 'show':
        this.#hidden = step.does === 'hide'
        return this.#tell?.(this.#hidden ? 'hidden' : 'visible')
      case 'reload':
        this.#connection.dispose()
        return this.#turnTo(this.#storage)
      case 'duplicate-tab':
        this.#others.push(this.#connection)
        // Browsers copy the storage of a tab that is duplicated.
        return this.#turnTo(new Map(this.#storage))
      default:
        return unreachable(step)
    }
  }

  #open(): [Connection, Channel] {
    const { now, wall, after } = this.#clock
    const storage = this.#storage
    const connection = connect({
      allocationId: 'script',
      ports: {
        ...this.#ports,
        clock: { now, wall, after },
        random: this.#random.next,
        store: {
          read: (key) => storage.get(key) ?? null,
          write: (key, value) => void storage.set(key, value),
          remove: (key) => void storage.delete(key),
        },
        tabLock: { claim: (name) => this.#claim(name) },
        page: {
          isHidden: () => this.#hidden,
          isOffline: () => this.#offline,
          watch: (listener) => {
            this.#tell = listener
            return () => (this.#tell = null)
          },
        },
      },
    })
    this.#lives.push(connection)
    const channel = connection.open({ size: { cols: 80, rows: 24 } })
    channel.on('data', ({ bytes, end }) => {
      this.#text = (this.#text + this.#decoder.decode(bytes, { stream: true })).slice(-KEPT_TEXT)
      channel.consumed(end)
    })
    channel.on('gap', ({ end }) => channel.consumed(end))
    channel.on('reset', () => {
      this.#text = ''
      this.#decoder = new TextDecoder()
    })
    connection.subscribe(() => this.#notePhase(connection))
    return [connection, channel]
  }

  /** A tab that has a name keeps it: nobody here waits for another to let go. */
  #claim(name: string): TabClaim {
    const claim = {}
    const granted = !this.#locks.has(name)
    if (granted) this.#locks.set(name, claim)
    return { granted, release: () => void (this.#locks.get(name) === claim && this.#locks.delete(name)) }
  }

  #notePhase(connection: Connection): void {
    const { status } = connection.snapshot()
    // Nobody sees what becomes of a page that was left.
    if (connection !== this.#connection || status.phase === 'idle') return
    if (this.#phases.at(-1) !== status.phase) this.#phases.push(status.phase)
    this.#states.add(stateOf(status))
  }
}
