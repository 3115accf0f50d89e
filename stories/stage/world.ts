/** The world of one story: a server, a network that can be hurt, the mood of the page, and a time of its own for all of them. */
import { createMockServer, type MockServer, type MockServerOptions } from '../../mock-server/mockServer.ts'
import { connect, type Connection, type ConnectOptions } from '../../src/client/index.ts'
import type { Connect } from '../../src/react/index.ts'
import { locksInMemory, storeInMemory } from './browserOfOne.ts'
import { type Condition, type Fault, faults } from './faults.ts'
import { type PageMood, setPageMood } from './pageMood.ts'
import { shopBackend, type ShopOptions, type Shops } from './shop.ts'
import { storyTime, type StoryTime } from './storyTime.ts'

export interface WorldOptions {
  /** What the server is told; its clock is the story's. */
  readonly server?: Omit<MockServerOptions, 'clock'>
  /** The program behind the terminal, where the server has no script of its own. */
  readonly shop?: ShopOptions
  /** What the client is told. */
  readonly client?: Pick<ConnectOptions, 'reconnect' | 'resume' | 'profiles'>
  /** A number in [0, 1) instead of chance: the share of each wait that is waited. Default: chance. */
  readonly chance?: number
  /** So many milliseconds pass before the panel has even begun, as on a slow page. Default 0. */
  readonly lateMs?: number
}

export interface World {
  readonly time: StoryTime
  readonly server: MockServer
  /** The programs, where the server has no script of its own. */
  readonly shops: Shops
  readonly connect: Connect
  /** The youngest connection of a panel, and what its program has printed. */
  youngest(): { readonly connection: Connection; readonly text: string }
  /** The page believes this, whatever the network does. */
  feel(mood: Partial<PageMood>): void
  /** The page is loaded again; as a copy, the page before stays open elsewhere. */
  reload(how?: 'copy'): void
  /** How often it was loaded. */
  loads(): number
  /** Another tab of this browser opens the terminal first. Resolves when it has it. */
  openElsewhere(allocationId: string, panelKey: string): Promise<void>
  condition(): Condition
  /** Switches a fault on or off. */
  hurt(fault: Fault, on?: boolean): void
  mend(): void
  /** Tells of every change of the condition. */
  watch(listener: () => void): () => void
  end(): void
}

/** What a program printed last, as far as a story may ask for it. */
const KEPT_TEXT = 100_000

/** A bad line, as the toolbar's words have it. */
const SLOW = { latencyMs: 600, bytesPerSecond: 4_000 }

export function createWorld({ server: options = {}, shop, client, chance, lateMs = 0 }: WorldOptions): World {
  const time = storyTime()
  const scripted = typeof options.script === 'string' || options.backend !== undefined
  const shops = shopBackend(shop)
  const server = createMockServer({ ...options, clock: time, ...(!scripted && { backend: shops }) })
  const store = storeInMemory()
  const tabLock = locksInMemory(time)
  const others: Connection[] = []
  const listeners = new Set<() => void>()
  const hurts = new Set<Fault>()
  let mood: PageMood = { hidden: false, offline: false }
  let loads = 0
  let youngest: { readonly connection: Connection; text: string } | null = null

  const tell = (): void => {
    for (const listener of [...listeners]) listener()
  }
  time.watch(tell)

  function put(fault: Fault): void {
    switch (fault) {
      case 'cut':
        return server.network.cut()
      case 'stall':
        return server.network.stall()
      case 'slow':
        return server.network.slow(SLOW)
      case 'offline':
        // The wire is out, and the browser knows.
        return server.network.stall()
      case 'hidden':
        return
    }
  }

  function become(): void {
    server.network.mend()
    for (const fault of hurts) put(fault)
    feel({ hidden: hurts.has('hidden'), offline: hurts.has('offline') })
  }

  function feel(change: Partial<PageMood>): void {
    mood = { ...mood, ...change }
    setPageMood(mood)
    tell()
  }

  const open: Connect = (asked) => {
    const random = chance === undefined ? undefined : () => chance
    const ports = { openSocket: server.openSocket, clock: time, store, tabLock, ...(random && { random }) }
    return connect({ ...asked, ...client, getToken: server.getToken, ports })
  }

  const connectHere: Connect = (asked) => {
    const connection = open(asked)
    const entry = { connection, text: '' }
    youngest = entry
    const subscribe: typeof connection.subscribe = (listener) => {
      if (lateMs > 0) time.leap(lateMs)
      const stopWatching = time.watch(listener)
      const unsubscribe = connection.subscribe(listener)
      return () => {
        stopWatching()
        unsubscribe()
      }
    }
    const openChannel: Connection['open'] = (options) => {
      const channel = connection.open(options)
      const decoder = new TextDecoder()
      channel.on('data', ({ bytes }) => (entry.text = (entry.text + decoder.decode(bytes, { stream: true })).slice(-KEPT_TEXT)))
      channel.on('reset', () => (entry.text = ''))
      return channel
    }
    // Whoever watches the connection also hears when time was moved by hand: what it shows may be another thing now.
    return new Proxy(connection, {
      get(target, name) {
        if (name === 'subscribe') return subscribe
        if (name === 'open') return openChannel
        // A tab that was duplicated goes on behind its copy.
        if (name === 'dispose' && others.includes(connection)) return () => undefined
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }

  return {
    time,
    server,
    shops,
    connect: connectHere,
    youngest() {
      if (youngest === null) throw new Error('No panel has connected yet.')
      return youngest
    },
    feel,
    reload(how) {
      if (how === 'copy' && youngest !== null) others.push(youngest.connection)
      loads++
      tell()
    },
    loads: () => loads,
    openElsewhere: (allocationId, panelKey) =>
      new Promise((resolve) => {
        const other = open({ allocationId, panelKey })
        others.push(other)
        other.open({ size: { cols: 80, rows: 24 } })
        other.on('ready', () => resolve())
      }),
    condition: () => ({ faults: faults.filter((fault) => hurts.has(fault)), stopped: time.stopped }),
    hurt(fault, on = !hurts.has(fault)) {
      if (on) hurts.add(fault)
      else hurts.delete(fault)
      become()
    },
    mend() {
      hurts.clear()
      become()
    },
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    end() {
      setPageMood({ hidden: false, offline: false })
      listeners.clear()
      for (const other of others) other.dispose()
      void server.close()
      time.end()
    },
  }
}
