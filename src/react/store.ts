/** Which sessions a page has: a panel that mounts again at once finds its own, and a second panel gets one of its own. */
import type { Connection } from '../client/api.ts'
import { connect as connectClient } from '../client/index.ts'
import type { GetToken } from '../client/ports.ts'
import { loadAddons } from './addons/addons.ts'
import { Scheduler } from './feed.ts'
import type { PanelHandlers } from './session/handlers.ts'
import { Session, type SessionPorts } from './session/session.ts'
import { createEmulator } from './xterm/emulator.ts'
import { blocksStyles } from './xterm/stylePolicy.ts'

/** How a panel reaches its allocation. A change of any of these is another session. */
export interface PanelTarget {
  /** What the terminal is for, as the service knows it. */
  readonly allocationId: string
  /** Base URL of the service; the page's own origin if absent. */
  readonly endpoint?: string
  /** Tells panels of one allocation apart, also across reloads. */
  readonly panelKey?: string
  /** Where the resume token lies between page loads; the page's session storage if absent. */
  readonly storage?: 'session' | 'memory' | 'none'
  /** What happens to output while the page is hidden: the program goes on and the page catches up, if absent. */
  readonly hidden?: 'pause' | 'trickle' | 'continue'
  /** The wire profile, where the service has several. */
  readonly profile?: string
  /** Connects here without asking for a token. */
  readonly url?: string
}

/** What the headless client is asked for. */
export interface PanelConnectOptions extends PanelTarget {
  readonly getToken?: GetToken
}

export type Connect = (options: PanelConnectOptions) => Connection

/** The page paints its frame before xterm.js is there. */
const loadXterm: SessionPorts['loadEmulator'] = async (options, events) => {
  const [library, giveAddons, styles] = await Promise.all([
    import('./xterm/library.ts'),
    loadAddons(options, events.failed),
    blocksStyles(options.host) ? import('./xterm/styles.ts') : undefined,
  ])
  const emulator = createEmulator({ ...library, keepStyles: styles?.keepStyles }, options, events)
  giveAddons(emulator)
  return emulator
}

interface Entry {
  readonly session: Session
  readonly index: number
  users: number
}

const entries = new Map<string, Entry[]>()
let page: { readonly scheduler: Scheduler; readonly close: () => void } | null = null

/** One for all panels of the page, made with the first: a module must not touch the page while it is imported. */
function pageScheduler(): Scheduler {
  if (page !== null) return page.scheduler
  const { port1, port2 } = new MessageChannel()
  const tasks: (() => void)[] = []
  port1.addEventListener('message', () => tasks.shift()?.())
  port1.start()
  const scheduler = new Scheduler({
    now: () => performance.now(),
    hop(task) {
      tasks.push(task)
      port2.postMessage(null)
    },
  })
  page = {
    scheduler,
    close() {
      port1.close()
      // Their moments never come.
      tasks.length = 0
    },
  }
  return scheduler
}

/** A port that is open would be kept, with all that it refers to, by a page without panels. */
function closeUnusedScheduler(): void {
  if (count() > 0) return
  page?.close()
  page = null
}

export interface Claim {
  /** Null once it was released. */
  readonly session: Session | null
  /** Lets go. The session ends with the task unless somebody claims it before: StrictMode and moves in the tree do. */
  release(): void
}

export interface ClaimOptions {
  readonly target: PanelTarget
  readonly handlers: PanelHandlers
  readonly mount: HTMLElement
  readonly connect?: Connect
  /** Milliseconds that the panel has been there already. */
  readonly waitedMs: number
}

/** Throws an `Error` where the connection could not even be made. */
export function claim(options: ClaimOptions): Claim {
  const key = JSON.stringify(options.target)
  const siblings = entries.get(key) ?? []
  const entry = siblings.find(({ users }) => users === 0) ?? create(key, siblings, options)
  entry.users++
  entry.session.attach(options.mount)
  entry.session.handlers(options.handlers)
  return claimOf(key, entry)
}

/** React keeps the last state of a component that is gone until some other event comes: a released claim holds nothing. */
function claimOf(key: string, entry: Entry): Claim {
  let mine: Entry | null = entry
  const claim: { session: Session | null; release(): void } = {
    session: entry.session,
    release() {
      const released = mine
      if (released === null) return
      mine = claim.session = null
      released.users--
      queueMicrotask(() => drop(key, released))
    },
  }
  return claim
}

function create(key: string, siblings: readonly Entry[], options: ClaimOptions): Entry {
  const { target, handlers, mount, connect = connectClient, waitedMs } = options
  let index = 0
  while (siblings.some((sibling) => sibling.index === index)) index++
  // Two panels of one allocation must not share what is stored for a reload.
  const panelKey = index === 0 ? target.panelKey : `${target.panelKey ?? ''}#${index + 1}`
  const ports: SessionPorts = {
    name: key,
    connect: (newest) =>
      connect({ ...target, ...(panelKey !== undefined && { panelKey }), ...newestRequest(handlers.getToken, newest) }),
    loadEmulator: loadXterm,
    loadLate: () => import('./lateSlots.tsx'),
    scheduler: pageScheduler(),
    neighbours: () => count() - 1,
    waitedMs,
  }
  try {
    const entry: Entry = { session: new Session(target.allocationId, ports, handlers, mount), index, users: 0 }
    entries.set(key, [...siblings, entry])
    return entry
  } catch (cause) {
    throw cause instanceof Error ? cause : new Error('The terminal could not start.', { cause })
  } finally {
    closeUnusedScheduler()
  }
}

/** A host's way to a token may be a new function with each render: the newest one is asked. */
function newestRequest(first: GetToken | undefined, newest: () => PanelHandlers): { readonly getToken?: GetToken } {
  if (first === undefined) return {}
  let known = first
  return { getToken: (request) => (known = newest().getToken ?? known)(request) }
}

function drop(key: string, entry: Entry): void {
  const siblings = entries.get(key) ?? []
  if (entry.users > 0 || !siblings.includes(entry)) return
  const left = siblings.filter((sibling) => sibling !== entry)
  if (left.length === 0) entries.delete(key)
  else entries.set(key, left)
  entry.session.dispose()
  closeUnusedScheduler()
}

/** Sessions that the page holds now. */
export function count(): number {
  let sessions = 0
  for (const siblings of entries.values()) sessions += siblings.length
  return sessions
}
