/** The platform's own ports: WebSocket, storage, tab locks, the token endpoint and the page, in browsers and in Node. */
import type { WireMessage } from '../protocol/wireProfile.ts'
import { browserTabLock, freeForAll } from './browserTabLock.ts'
import { tokenAnswer } from './tokenAnswer.ts'
import type { ClientPorts, ClientSocket, Clock, GetToken, OpenSocket, Page, PageEvent, SessionStore } from './ports.ts'

interface PlatformOptions {
  readonly endpoint: string
  readonly storage: 'session' | 'memory' | 'none'
  readonly WebSocket?: new (url: string, protocol: string) => unknown
}

export function browserPorts({ endpoint, storage, WebSocket }: PlatformOptions): ClientPorts {
  return {
    openSocket: openWith(WebSocket),
    clock,
    random: Math.random,
    store: storeFor(storage),
    // Only what lies in a tab's storage can be copied into another tab.
    tabLock: storage === 'session' ? browserTabLock() : freeForAll,
    getToken: requestFrom(endpoint),
    page: typeof document === 'undefined' ? alwaysThere : page,
  }
}

// ---- time ----

/** A longer delay would overflow and fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

const clock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, Math.min(delayMs, LONGEST_TIMER_MS))
    return () => clearTimeout(timer)
  },
}

// ---- socket ----

/** What all WebSocket classes share: the platform's, and `ws`. */
interface AnyWebSocket {
  binaryType: string
  readonly bufferedAmount: number
  addEventListener(type: 'open' | 'error', listener: () => void): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  addEventListener(type: 'close', listener: (event: { readonly code: number; readonly reason: string }) => void): void
  send(data: string | Uint8Array<ArrayBuffer>): void
  close(code?: number, reason?: string): void
}

function openWith(given: PlatformOptions['WebSocket']): OpenSocket {
  return (url, subprotocol, events): ClientSocket => {
    const Constructor = given ?? globalThis.WebSocket
    if (Constructor === undefined) throw new Error('This runtime has no WebSocket: pass one as the option `WebSocket`.')
    // Every WebSocket class has these members; their event types differ only in what is not read here.
    const socket = new Constructor(url, subprotocol) as AnyWebSocket
    let stage: 'connecting' | 'open' | 'over' = 'connecting'
    const closed = (code: number, reason: string): void => {
      if (stage === 'over') return
      stage = 'over'
      events.closed(code, reason)
    }
    socket.binaryType = 'arraybuffer'
    socket.addEventListener('open', () => {
      stage = 'open'
      events.opened()
    })
    socket.addEventListener('message', ({ data }) => events.message(toWire(data)))
    socket.addEventListener('close', ({ code, reason }) => closed(code, String(reason)))
    socket.addEventListener('error', () => {
      // The close event that follows says all that may be known. Node's own class sends none when the connection failed.
      if (stage === 'connecting') setTimeout(() => closed(1006, ''))
    })
    return {
      send: (message) => socket.send(message),
      close: (code, reason) => socket.close(code, reason),
      bufferedAmount: () => socket.bufferedAmount,
    }
  }
}

/** The message as it came. Interceptors deliver views where the platform delivers buffers. */
function toWire(data: unknown): WireMessage {
  if (typeof data === 'string') return data
  if (data instanceof ArrayBuffer) return new Uint8Array(data)
  // Nobody delivers messages in shared memory.
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength)
  return new Uint8Array()
}

// ---- token ----

/** The base address of the service. Throws for what is none: a host and its port alone are read as a scheme. */
export function serviceAt(endpoint: string): URL {
  const page = typeof location === 'undefined' ? undefined : location.href
  const address = endpoint === '' ? '/' : endpoint
  const base = URL.canParse(address, page) ? new URL(address, page) : null
  if (base === null || base.host === '' || /^wss?:$/.test(base.protocol))
    throw new TypeError(`The endpoint “${endpoint}” is no base address: it should look like https://terminals.example.com.`)
  return base
}

/** Asks the token endpoint of PROTOCOL.md section 1, with the page's own cookies. */
function requestFrom(endpoint: string): GetToken {
  return async ({ allocation, takeOver }) => {
    const base = serviceAt(endpoint)
    const asked = new URL(base)
    asked.pathname = `${base.pathname.replace(/\/*$/, '')}/api/v1/allocations/${encodeURIComponent(allocation)}/terminal-token`
    asked.search = asked.hash = ''
    const request = fetch(asked, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(takeOver ? { take_over: true } : {}),
      credentials: endpoint === '' ? 'same-origin' : 'include',
      cache: 'no-store',
    })
    // That the network is away is no mistake of anybody, and the browser says more of it in its console than it tells the page.
    const response = await request.catch(() => null)
    if (response === null) return { ok: false, code: 'unreachable' }
    const body: unknown = await response.json().catch(() => null)
    return tokenAnswer(response.status, body, (address) => socketAddress(address, base))
  }
}

/** The socket's address, absolute, with the scheme of a socket; null if it is no address. */
function socketAddress(address: string, base: URL): string | null {
  try {
    const url = new URL(address, base)
    url.protocol = url.protocol.replace(/^http/, 'ws')
    return url.protocol === 'ws:' || url.protocol === 'wss:' ? url.href : null
  } catch {
    return null
  }
}

// ---- storage ----

/** Shared by all connections of a page, so that a panel that is mounted again finds its session. */
const memory = new Map<string, string>()

const memoryStore: SessionStore = {
  read: (key) => memory.get(key) ?? null,
  write: (key, value) => void memory.set(key, value),
  remove: (key) => void memory.delete(key),
}

const noStore: SessionStore = { read: () => null, write: () => undefined, remove: () => undefined }

function storeFor(storage: PlatformOptions['storage']): SessionStore {
  switch (storage) {
    case 'session':
      return sessionStorageOrNull() ?? memoryStore
    case 'memory':
      return memoryStore
    case 'none':
      return noStore
  }
}

/** Null where storage is forbidden; reading the very name may throw there. */
function sessionStorageOrNull(): SessionStore | null {
  try {
    const storage = globalThis.sessionStorage
    if (storage === undefined || typeof document === 'undefined') return null
    return {
      read: (key) => storage.getItem(key),
      write: (key, value) => storage.setItem(key, value),
      remove: (key) => storage.removeItem(key),
    }
  } catch {
    return null
  }
}

// ---- page ----

const alwaysThere: Page = { isHidden: () => false, isOffline: () => false, watch: () => () => undefined }

const page: Page = {
  isHidden: () => document.hidden,
  isOffline: () => navigator.onLine === false,
  watch(listener) {
    const stops = [
      listen(document, 'visibilitychange', () => listener(document.hidden ? 'hidden' : 'visible')),
      listen(document, 'resume', () => listener('wake')),
      listen(window, 'online', () => listener('online')),
      listen(window, 'offline', () => listener('offline')),
      listen(window, 'pagehide', () => listener('leave')),
      listen(window, 'pageshow', (event) => listener(returned(event))),
    ]
    return () => stops.forEach((stop) => stop())
  },
}

/** Only a page that was kept comes back; the first `pageshow` of a page just finds it awake. */
function returned(event: Event): PageEvent {
  return event instanceof PageTransitionEvent && event.persisted ? 'return' : 'wake'
}

function listen(target: EventTarget, type: string, listener: (event: Event) => void): () => void {
  target.addEventListener(type, listener)
  return () => target.removeEventListener(type, listener)
}
