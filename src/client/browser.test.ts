// @vitest-environment jsdom
/** The platform's ports in a page: storage that is forbidden, addresses, sockets of every make, and the page's own events. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { browserPorts } from './browser.ts'
import { freeForAll } from './browserTabLock.ts'
import type { PageEvent } from './ports.ts'

function ports(patch: Partial<Parameters<typeof browserPorts>[0]> = {}) {
  return browserPorts({ endpoint: '', storage: 'session', ...patch })
}

beforeEach(() => sessionStorage.clear())
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

describe('storage', () => {
  test('session storage is used, and only by those who ask for it', () => {
    ports().store.write('k', 'v')
    expect(sessionStorage.getItem('k')).toBe('v')
    expect(ports({ storage: 'memory' }).store.read('k')).toBeNull()
    ports({ storage: 'none' }).store.write('k', 'other')
    expect(ports({ storage: 'none' }).store.read('k')).toBeNull()
    ports().store.remove('k')
    expect(ports().store.read('k')).toBeNull()
  })

  test('where its very name throws, memory takes its place for the life of the page', () => {
    const forbidden = vi.spyOn(globalThis, 'sessionStorage', 'get').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError')
    })
    ports().store.write('forbidden', 'v')
    expect(ports().store.read('forbidden')).toBe('v')
    expect(forbidden).toHaveBeenCalled()
    ports().store.remove('forbidden')
  })

  test('what no other tab can copy needs no lock between tabs', () => {
    expect(ports({ storage: 'memory' }).tabLock).toBe(freeForAll)
    expect(ports({ storage: 'none' }).tabLock).toBe(freeForAll)
  })
})

describe('the token endpoint', () => {
  interface Asked {
    readonly url: string
    readonly init: RequestInit
  }

  function answering(status: number, body: unknown): Asked[] {
    const asked: Asked[] = []
    vi.stubGlobal('fetch', (url: URL, init: RequestInit) => {
      asked.push({ url: String(url), init })
      return Promise.resolve(new Response(typeof body === 'string' ? body : JSON.stringify(body), { status }))
    })
    return asked
  }

  test('is asked on the page’s own origin, with its cookies, and its address becomes absolute', async () => {
    const asked = answering(201, { token: 't', expires_at: '', websocket_url: '/ws/terminal/a%2Fb' })
    const answer = await ports().getToken({ allocation: 'a/b', takeOver: false })
    expect(answer).toEqual({ ok: true, token: 't', url: `ws://${location.host}/ws/terminal/a%2Fb` })
    expect(asked[0]?.url).toBe(`${location.origin}/api/v1/allocations/a%2Fb/terminal-token`)
    expect(asked[0]?.init).toMatchObject({ method: 'POST', body: '{}', credentials: 'same-origin', cache: 'no-store' })
  })

  test('a take-over says so', async () => {
    const asked = answering(201, { token: 't', websocket_url: '/ws' })
    await ports().getToken({ allocation: 'a', takeOver: true })
    expect(asked[0]?.init.body).toBe('{"take_over":true}')
  })

  test.each([
    ['https://api.example.test', '/ws/x', 'https://api.example.test/api', 'wss://api.example.test/ws/x'],
    ['https://api.example.test/base/', 'ws/x', 'https://api.example.test/base/api', 'wss://api.example.test/base/ws/x'],
    ['https://api.example.test/base', 'wss://other.test/ws', 'https://api.example.test/base/api', 'wss://other.test/ws'],
    ['http://api.example.test', 'https://other.test/ws', 'http://api.example.test/api', 'wss://other.test/ws'],
    ['https://api.example.test//', '/ws/x', 'https://api.example.test/api', 'wss://api.example.test/ws/x'],
    ['https://api.example.test//base/?a=b#c', '/ws/x', 'https://api.example.test//base/api', 'wss://api.example.test/ws/x'],
    ['/proxy', '/ws/x', 'http://localhost:3000/proxy/api', 'ws://localhost:3000/ws/x'],
  ])('at %s, %s: asked at %s…, connected to %s', async (endpoint, address, prefix, url) => {
    const asked = answering(201, { token: 't', websocket_url: address })
    expect(await ports({ endpoint }).getToken({ allocation: 'a', takeOver: false })).toMatchObject({ ok: true, url })
    expect(asked[0]?.url).toBe(`${prefix}/v1/allocations/a/terminal-token`)
    expect(asked[0]?.init.credentials).toBe('include')
  })

  test.each([
    [401, {}, { code: 'auth_failed' }],
    [403, {}, { code: 'policy_denied' }],
    [404, {}, { code: 'not_found' }],
    [409, { code: 'allocation_busy', state: 'detached' }, { code: 'allocation_busy', state: 'detached', canTakeOver: true }],
    [409, { state: 'attached', can_take_over: false }, { code: 'allocation_busy', state: 'attached', canTakeOver: false }],
    [429, { retry_ms: 700 }, { code: 'rate_limited', retryMs: 700 }],
    [500, 'oops', { code: 'unreachable' }],
    [503, {}, { code: 'unreachable' }],
    [400, {}, { code: 'bad_answer' }],
    [200, '<html>sign in</html>', { code: 'bad_answer' }],
    [201, { token: 't' }, { code: 'bad_answer' }],
    [201, { token: '', websocket_url: '/ws' }, { code: 'bad_answer' }],
    [201, { token: 't', websocket_url: 'javascript:alert(1)' }, { code: 'bad_answer' }],
    [201, { token: 't', websocket_url: 'http://[' }, { code: 'bad_answer' }],
  ])('%i with %j means %j', async (status, body, answer) => {
    answering(status, body)
    expect(await ports().getToken({ allocation: 'a', takeOver: false })).toEqual({ ok: false, ...answer })
  })
})

describe('sockets', () => {
  /** Any WebSocket class: events by name, data in whatever form. */
  class AnySocket extends EventTarget {
    static last: AnySocket
    binaryType = 'blob'
    bufferedAmount = 7
    readonly calls: unknown[] = []

    constructor(url: string, protocol: string) {
      super()
      this.calls.push([url, protocol])
      AnySocket.last = this
    }

    send(data: unknown): void {
      this.calls.push(data)
    }

    close(code: number, reason: string): void {
      this.calls.push([code, reason])
    }
  }

  function opened() {
    const heard: unknown[] = []
    const socket = ports({ WebSocket: AnySocket }).openSocket('ws://x/', 'nimbus.ssh.v1', {
      opened: () => heard.push('opened'),
      message: (message) => heard.push(message),
      closed: (code, reason) => heard.push([code, reason]),
    })
    return { heard, socket, raw: AnySocket.last }
  }

  test('text, buffers and views arrive as what they hold', () => {
    const { heard, raw } = opened()
    raw.dispatchEvent(new Event('open'))
    const bytes = new Uint8Array([0, 1, 2, 3])
    for (const data of ['text', bytes.buffer, bytes.subarray(1, 3)]) raw.dispatchEvent(new MessageEvent('message', { data }))
    expect(heard).toEqual(['opened', 'text', bytes, new Uint8Array([1, 2])])
    expect(raw.binaryType).toBe('arraybuffer')
  })

  test('an error is told by the close that follows it', () => {
    const { heard, raw } = opened()
    raw.dispatchEvent(new Event('error'))
    raw.dispatchEvent(new CloseEvent('close', { code: 1006 }))
    expect(heard).toEqual([[1006, '']])
  })

  test('what is sent and how it is closed reach the socket', () => {
    const { socket, raw } = opened()
    socket.send('x')
    socket.close(3000, 'bye')
    expect(raw.calls).toEqual([['ws://x/', 'nimbus.ssh.v1'], 'x', [3000, 'bye']])
    expect(socket.bufferedAmount()).toBe(7)
  })

  test('a runtime without WebSocket says what to do', () => {
    vi.stubGlobal('WebSocket', undefined)
    expect(() => ports().openSocket('ws://x/', 'p', { opened() {}, message() {}, closed() {} })).toThrow(/option `WebSocket`/)
  })
})

describe('the page', () => {
  function heard(): { readonly events: PageEvent[]; readonly stop: () => void } {
    const events: PageEvent[] = []
    return { events, stop: ports().page.watch((event) => events.push(event)) }
  }

  test('every event that a terminal must hear of', () => {
    const { events, stop } = heard()
    const hidden = vi.spyOn(document, 'hidden', 'get')
    for (const value of [true, false]) {
      hidden.mockReturnValue(value)
      document.dispatchEvent(new Event('visibilitychange'))
    }
    document.dispatchEvent(new Event('resume'))
    for (const type of ['offline', 'online', 'pagehide']) window.dispatchEvent(new Event(type))
    expect(events).toEqual(['hidden', 'visible', 'wake', 'offline', 'online', 'leave'])
    stop()
    window.dispatchEvent(new Event('online'))
    expect(events).toHaveLength(6)
  })

  test('only a page that was kept returns; the first pageshow just finds it awake', () => {
    const { events, stop } = heard()
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }))
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
    stop()
    expect(events).toEqual(['wake', 'return'])
  })

  test('hidden and offline are what the browser says', () => {
    const { page } = ports()
    expect([page.isHidden(), page.isOffline()]).toEqual([document.hidden, false])
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
    expect(page.isOffline()).toBe(true)
  })
})

test('a wait that no timer can hold does not fire at once', () => {
  vi.useFakeTimers()
  let fired = false
  const cancel = ports().clock.after(2 ** 40, () => (fired = true))
  vi.advanceTimersByTime(60_000)
  expect(fired).toBe(false)
  cancel()
  vi.useRealTimers()
})
