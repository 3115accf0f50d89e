/** The client as it is, over msw in Node: a real token endpoint, a real handshake, real close codes, and not a byte changed. */
import { getResponse } from 'msw'
import { setupServer } from 'msw/node'
import { afterEach, describe, expect, it } from 'vitest'
import { connect, type ConnectOptions } from '../../src/client/index.ts'
import { nimbusV1 } from '../../src/protocol/profiles/nimbusV1.ts'
import type { TerminalHost } from '../../src/server/host.ts'
import type { SocketEvents } from '../../src/server/ports.ts'
import { until } from '../../src/testing/page/until.ts'
import { createMockServer, type MockServerOptions } from '../mockServer.ts'
import { terminalHandlers, type TerminalHandlersOptions } from './msw.ts'

const endpoint = 'http://terminals.test/base'
const endings: (() => unknown)[] = []

afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

function serve(host: TerminalHost, options: TerminalHandlersOptions = { endpoint }): void {
  const network = setupServer(...terminalHandlers({ host }, options))
  network.listen({ onUnhandledFrame: 'error' })
  endings.push(() => network.close())
}

function mockServer(options: MockServerOptions = {}) {
  const server = createMockServer({ latencyMs: 0, ...options })
  endings.push(() => server.close())
  serve(server.host)
  return server
}

function terminal(options: Partial<ConnectOptions> = {}) {
  const connection = connect({ allocationId: 'a-1', endpoint, storage: 'none', ...options })
  endings.push(() => connection.dispose())
  const shell = connection.open({ size: { cols: 80, rows: 24 } })
  const parts: Uint8Array[] = []
  shell.on('data', ({ bytes, end }) => {
    parts.push(bytes.slice())
    shell.consumed(end)
  })
  const bytes = (): Uint8Array => new Uint8Array(Buffer.concat(parts))
  const phase = (): string => connection.snapshot().status.phase
  return { connection, shell, bytes, text: () => new TextDecoder().decode(bytes()), phase }
}

const sees = (what: string, look: () => string) => until(what, look, (seen) => seen.includes(what))

describe('the client over msw in Node', () => {
  it('gets its token, opens and hears every byte that it sent, by its own fetch and WebSocket', async () => {
    mockServer()
    const { shell, text } = terminal()
    shell.write('naïve ✓ ')
    await sees('naïve ✓', text)
  })

  it('passes on binary frames exactly as they are, whatever buffer they lie in', async () => {
    const received: unknown[] = []
    const frame = nimbusV1.encodeData(1, 1, new Uint8Array([0, 255, 128, 7]))
    if (typeof frame === 'string') throw new Error('This profile has binary frames.')
    const inBigger = new Uint8Array(frame.byteLength + 9)
    inBigger.set(frame, 5)
    serve(
      hostWith((send) => ({
        message(message) {
          received.push(message)
          send(inBigger.subarray(5, 5 + frame.byteLength))
        },
      })),
    )
    const socket = new WebSocket('ws://terminals.test/base/ws/terminal/a-1', 'nimbus.v1')
    socket.binaryType = 'arraybuffer'
    const answer = new Promise<MessageEvent>((resolve) => socket.addEventListener('message', resolve))
    socket.addEventListener('open', () => socket.send(inBigger.subarray(5, 5 + frame.byteLength)))
    const { data } = await answer
    expect(data).toBeInstanceOf(ArrayBuffer)
    expect(new Uint8Array(data)).toEqual(frame)
    expect(received).toEqual([frame])
    expect(socket.protocol).toBe('nimbus.v1')
    socket.close()
  })

  it('delivers what was said before a close, and then the code and the reason', async () => {
    serve(
      hostWith((send, close) => ({
        message() {
          send('last words')
          close(4001, 'allocation_busy')
        },
      })),
    )
    const socket = new WebSocket('ws://terminals.test/base/ws/terminal/a-1')
    const told: unknown[] = []
    socket.addEventListener('message', ({ data }) => told.push(data))
    const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener('close', resolve))
    socket.addEventListener('open', () => socket.send('go'))
    const { code, reason } = await closed
    expect(told).toEqual(['last words'])
    expect([code, reason]).toEqual([4001, 'allocation_busy'])
  })

  it('tells the server which code the client closed with', async () => {
    const closes: unknown[] = []
    serve(hostWith(() => ({ closed: (code, reason) => void closes.push([code, reason]) })))
    const socket = new WebSocket('ws://terminals.test/base/ws/terminal/a-1')
    await new Promise((resolve) => socket.addEventListener('open', resolve))
    socket.close(4999, 'bye')
    await new Promise((resolve) => socket.addEventListener('close', resolve))
    expect(closes).toEqual([[4999, 'bye']])
  })

  it('never opens a socket that the server refuses, and calls it a drop as a browser does', async () => {
    serve({ ...hostWith(() => ({})), checkUpgrade: () => ({ ok: false, status: 403 }) })
    const socket = new WebSocket('ws://terminals.test/base/ws/terminal/a-1')
    let opened = false
    socket.addEventListener('open', () => (opened = true))
    const { code } = await new Promise<CloseEvent>((resolve) => socket.addEventListener('close', resolve))
    expect([opened, code]).toEqual([false, 1006])
  })

  it('leaves a socket without an answer connecting until the page gives it up', async () => {
    const accepted: unknown[] = []
    let answer: () => void = () => {}
    const hanging = new Promise<void>((resolve) => (answer = resolve))
    serve({
      ...hostWith(() => {
        accepted.push(1)
        return {}
      }),
      checkUpgrade: () => hanging.then(() => ({ ok: true, allocation: 'a-1', origin: null })),
    })
    const socket = new WebSocket('ws://terminals.test/base/ws/terminal/a-1')
    await new Promise((resolve) => setImmediate(resolve))
    expect(socket.readyState).toBe(WebSocket.CONNECTING)
    socket.close()
    await new Promise((resolve) => socket.addEventListener('close', resolve))
    answer()
    await new Promise((resolve) => setImmediate(resolve))
    expect(accepted).toEqual([])
  })

  it('comes back from a cut with every byte once', async () => {
    const server = mockServer()
    const { shell, text, connection } = terminal()
    shell.write('before ')
    await sees('before', text)
    server.network.cut()
    await sees('lost', () => connection.snapshot().status.phase)
    shell.write('during ')
    server.network.mend()
    connection.retry()
    await sees('before during ', text)
    expect(text()).toBe('before during ')
    expect(connection.stats().reconnects).toBe(1)
  })

  it('says what the endpoint says: refused, and nobody there', async () => {
    mockServer({ authorize: () => 'policy_denied' })
    const refused = terminal()
    await sees('ended', refused.phase)
    expect(refused.connection.snapshot().status).toMatchObject({ end: { reason: 'policy_denied' } })
  })

  it('looks like a network that is down where nobody answers', async () => {
    mockServer({ tokensUnreachable: true })
    const { phase, connection } = terminal({ reconnect: { tries: 1 } })
    await sees('ended', phase)
    expect(connection.snapshot().status).toMatchObject({ end: { reason: 'browser_disconnected' } })
  })

  it('lets other addresses be', async () => {
    const [tokens, sockets] = terminalHandlers({ host: hostWith(() => ({})) }, { endpoint })
    const request = (url: string) => new Request(url, { method: 'POST' })
    expect(await getResponse([tokens], request(`${endpoint}/api/v1/allocations/a/terminal-token`))).toBeDefined()
    expect(await getResponse([tokens], request('http://elsewhere.test/api/v1/allocations/a/terminal-token'))).toBeUndefined()
    expect(await getResponse([tokens], request(`${endpoint}/api/v1/allocations`))).toBeUndefined()
    expect(sockets.test('ws://terminals.test/ws/terminal/a')).toBe(true)
    expect(sockets.test('ws://elsewhere.test/ws/terminal/a')).toBe(false)
    expect(terminalHandlers({ host: hostWith(() => ({})) })[1].test('wss://elsewhere.test/x/ws/terminal/a')).toBe(true)
  })
})

type Answers = Partial<SocketEvents>

/** A host whose sockets do what a test says. */
function hostWith(
  open: (send: (message: string | Uint8Array<ArrayBuffer>) => void, close: (code: number, reason: string) => void) => Answers,
): TerminalHost {
  return {
    answerToken: () => ({ status: 404, headers: {}, body: '' }),
    checkUpgrade: ({ origin }) => ({ ok: true, allocation: 'a-1', origin: origin ?? null }),
    accept: (socket) => ({
      message: () => undefined,
      closed: () => undefined,
      drained: () => undefined,
      ...open(
        (message) => socket.send(message),
        (code, reason) => socket.close(code, reason),
      ),
    }),
    maxFrame: 65_536,
    close: async () => undefined,
  }
}
