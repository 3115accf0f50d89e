/** The server on real sockets of Node: attaching, admitting, back-pressure and closing. */
import { createHash } from 'node:crypto'
import { createServer, request as httpRequest, type RequestListener, type Server } from 'node:http'
import { connect as tcp, type AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { ControlMessage, HelloResume } from '../../protocol/messages.ts'
import { nimbusV1 } from '../../protocol/profiles/nimbusV1.ts'
import { decodeUtf8, encodeUtf8 } from '../../protocol/utf8.ts'
import { FOREIGN_ORIGINS } from '../../testing/foreignOrigins.ts'
import { echoBackend, floodPattern } from '../backends/echo.ts'
import type { ServerEvent } from '../events.ts'
import { attachTerminal, nodeIndexOf, type AttachedTerminal, type AttachOptions } from './node.ts'

interface Site {
  readonly http: Server
  readonly terminal: AttachedTerminal
  readonly port: number
  readonly origin: string
  readonly events: ServerEvent[]
}

const cleanups: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function site(options: Partial<AttachOptions> = {}, app?: RequestListener): Promise<Site> {
  const http = createServer(app)
  const terminal = attachTerminal(http, {
    backend: echoBackend(),
    authorize: () => 'allow',
    authenticate: (request) => (request.headers.cookie === 'nobody' ? null : { id: request.headers.cookie ?? 'ann' }),
    ...options,
  })
  const events: ServerEvent[] = []
  terminal.server.on((event) => events.push(event))
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  cleanups.push(async () => {
    await terminal.close()
    const closed = new Promise((resolve) => http.close(resolve))
    http.closeAllConnections()
    await closed
  })
  return { http, terminal, port, origin: `http://127.0.0.1:${port}`, events }
}

async function mint(at: Site, { allocation = 'a', takeOver = false, cookie = 'ann' } = {}): Promise<string> {
  const response = await post(at, {
    path: `/api/v1/allocations/${allocation}/terminal-token`,
    body: takeOver ? '{"take_over":true}' : '{}',
    cookie,
  })
  expect(response.status).toBe(201)
  return String(response.body['token'])
}

interface Posted {
  readonly status: number
  readonly headers: Headers
  readonly body: Readonly<Record<string, unknown>>
}

async function post(
  at: Site,
  {
    path = '/api/v1/allocations/a/terminal-token',
    body = '{}',
    cookie = 'ann',
    headers = {} as Record<string, string>,
    method = 'POST',
  } = {},
): Promise<Posted> {
  return new Promise((resolve, reject) => {
    const all = { origin: at.origin, 'content-type': 'application/json', cookie, ...headers }
    const sent = httpRequest({ port: at.port, host: '127.0.0.1', path, method, headers: all, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('end', () => {
        const names = Object.entries(response.headers).map(([name, value]): [string, string] => [name, String(value)])
        resolve({
          status: response.statusCode ?? 0,
          headers: new Headers(names),
          body: text.startsWith('{') ? JSON.parse(text) : {},
        })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

class Client {
  readonly socket: WebSocket
  readonly messages: ControlMessage[] = []
  output = ''
  onData: ((bytes: Uint8Array) => void) | null = null
  closed: { code: number; reason: string } | null = null
  #wake: (() => void)[] = []

  constructor(at: Site, allocation = 'a', origin = at.origin) {
    this.socket = new WebSocket(`ws://127.0.0.1:${at.port}/ws/terminal/${allocation}`, 'nimbus.ssh.v1', { headers: { origin } })
    this.socket.on('error', () => {})
    this.socket.on('open', () => this.#changed())
    this.socket.on('message', (data: Buffer<ArrayBuffer>, isBinary) => this.#heard(data, isBinary))
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() }
      this.#changed()
    })
  }

  #heard(data: Buffer<ArrayBuffer>, isBinary: boolean): void {
    const decoded = nimbusV1.decode(isBinary ? new Uint8Array(data) : data.toString())
    if (!decoded.ok) throw new Error(decoded.detail)
    if (decoded.frame.kind === 'control') this.messages.push(decoded.frame.message)
    if (decoded.frame.kind === 'data') {
      if (this.onData !== null) this.onData(decoded.frame.payload)
      else this.output += decodeUtf8(decoded.frame.payload)
    }
    this.#changed()
  }

  #changed(): void {
    for (const wake of this.#wake.splice(0)) wake()
  }

  async until(what: () => boolean): Promise<void> {
    while (!what()) await new Promise<void>((resolve) => this.#wake.push(resolve))
  }

  async message<T extends ControlMessage['t']>(t: T): Promise<Extract<ControlMessage, { t: T }>> {
    const found = () => this.messages.find((message): message is Extract<ControlMessage, { t: T }> => message.t === t)
    await this.until(() => found() !== undefined || this.closed !== null)
    const message = found()
    if (message === undefined) throw new Error(`No ${t}: ${JSON.stringify(this.closed)}`)
    return message
  }

  async opened(): Promise<this> {
    await this.until(() => this.socket.readyState !== WebSocket.CONNECTING)
    return this
  }

  send(message: ControlMessage): void {
    this.socket.send(nimbusV1.encodeControl(message))
  }

  type(text: string): void {
    this.socket.send(nimbusV1.encodeData(1, 1, encodeUtf8(text)))
  }

  hello(token: string): void {
    this.send({ t: 'hello', proto: 1, auth: { scheme: 'bearer', token }, caps: { profile: 'nimbus.v1', resume: 1 } })
  }

  resume(resume: HelloResume): void {
    this.send({ t: 'hello', proto: 1, caps: { profile: 'nimbus.v1', resume: 1 }, resume })
  }
}

async function ready(at: Site, allocation = 'a'): Promise<Client> {
  const client = await new Client(at, allocation).opened()
  client.hello(await mint(at, { allocation }))
  await client.message('hello_ok')
  client.send({ t: 'open', id: 1, target: { allocation }, term: { cols: 80, rows: 24 } })
  await client.message('open_ok')
  client.send({ t: 'flow', id: 1, credit: 1_000_000, ack: 0 })
  return client
}

describe('the Node runtime', () => {
  it('serves a terminal over a real socket, and the same one again after a cut', async () => {
    const at = await site()
    const client = await ready(at)
    client.type('hello')
    await client.until(() => client.output === 'hello')
    const { session, proof } = await client.message('hello_ok')
    client.socket.terminate()
    const again = await new Client(at).opened()
    again.resume({ token: session!.token, proof, attempt: 1, channels: [{ id: 1, received: 3, sent: 5 }] })
    expect((await again.message('hello_ok')).resume).toMatchObject({ warm: true, channels: [{ id: 1, from: 3, received: 5 }] })
    again.send({ t: 'flow', id: 1, credit: 1_000_000, ack: 3 })
    again.type(' you')
    await again.until(() => again.output === 'lo you')
    again.type('\r/exit 4\r')
    expect(await again.message('exit')).toMatchObject({ code: 4 })
    again.send({ t: 'close', id: 1 })
    await again.until(() => again.closed !== null)
    expect(again.closed).toEqual({ code: 1000, reason: 'shell_exit' })
    expect(at.terminal.server.stats()).toMatchObject({ sessions: 0, programs: 0 })
  })

  it('carries a flood byte for byte, as fast as it is granted', async () => {
    const at = await site()
    const client = await ready(at)
    const length = 16 * 1024 * 1024
    const hash = createHash('sha256')
    let received = 0
    let acked = 0
    client.onData = (bytes) => {
      received += bytes.byteLength
      hash.update(bytes)
      if (received - acked < 128 * 1024) return
      client.send({ t: 'flow', id: 1, credit: received - acked, ack: received })
      acked = received
    }
    const command = `/flood ${length}\r`
    client.type(command)
    const expected = createHash('sha256').update(`${command}\r\n`).update(floodPattern(0, length)).digest('hex')
    await client.until(() => received >= length + command.length + 2)
    expect(hash.digest('hex')).toBe(expected)
    expect(at.terminal.server.stats().held).toBeLessThan(8 * 1024 * 1024)
  })
})

/** A request as raw bytes, and what came back: the status, or '' where the server said nothing. */
function raw(at: Site, lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = tcp(at.port, '127.0.0.1')
    let answer = ''
    socket.setEncoding('latin1')
    socket.on('error', reject)
    socket.on('data', (text: string) => {
      answer += text
      if (answer.includes('\r\n')) socket.destroy()
    })
    socket.on('close', () => resolve(answer.split(' ')[1] ?? ''))
    if (lines.length > 0) socket.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'utf8'))
  })
}

function upgrade(at: Site, { path = '/ws/terminal/a', origin = at.origin, protocol = 'nimbus.ssh.v1' } = {}): Promise<string> {
  return raw(at, [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${at.port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    `Sec-WebSocket-Protocol: ${protocol}`,
    `Origin: ${origin}`,
  ])
}

describe('before the upgrade', () => {
  it('refuses foreign, absent, null and look-alike origins with 403, and no token is touched', async () => {
    const at = await site({ origins: ['https://example.com'] })
    const headers = { origin: 'https://example.com' }
    const { body } = await post(at, { headers })
    // HTTP itself takes white space around a value away.
    const sendable = FOREIGN_ORIGINS.filter((origin) => origin === undefined || origin === origin.trim())
    expect(sendable.length).toBeGreaterThanOrEqual(24)
    for (const origin of sendable) {
      expect(await (origin === undefined ? withoutOrigin(at) : upgrade(at, { origin })), String(origin)).toBe('403')
    }
    expect(at.terminal.server.stats()).toMatchObject({ accepted: 0, connections: 0 })
    const client = await new Client(at, 'a', 'https://example.com').opened()
    client.hello(String(body['token']))
    expect((await client.message('hello_ok')).t).toBe('hello_ok')
  })

  it('refuses a secret in the query with 400, other paths with 404 and other subprotocols with 400', async () => {
    const at = await site()
    expect(await upgrade(at, { path: '/ws/terminal/a?token=abc' })).toBe('400')
    expect(await upgrade(at, { path: '/ws/terminal/a/b' })).toBe('404')
    expect(await upgrade(at, { path: '/elsewhere' })).toBe('404')
    expect(await upgrade(at, { protocol: 'chat' })).toBe('400')
    expect(await upgrade(at, { protocol: 'chat, nimbus.ssh.v1' })).toBe('101')
  })

  it('drops connections that do not come to the point, and lets only so many try', async () => {
    const at = await site({ http: { requestMs: 60, maxPending: 2 } })
    const slow = ['GET /ws/terminal/a HTTP/1.1', 'X: slow'].join('\r\n')
    const begin = Date.now()
    const answers = await Promise.all([hang(at, slow), hang(at, ''), hang(at, slow), hang(at, slow)])
    expect(answers).toEqual(['', '', '', ''])
    expect(Date.now() - begin).toBeLessThan(10_000)
    expect(await upgrade(at)).toBe('101')
  })

  it('leaves what it does not know to the application, and hands the server back when it closes', async () => {
    const at = await site({}, (_request, response) => void response.end('{"from":"app"}'))
    expect((await post(at, { path: '/app' })).body).toEqual({ from: 'app' })
    expect((await post(at)).status).toBe(201)
    await at.terminal.close()
    expect((await post(at)).body).toEqual({ from: 'app' })
    expect(at.http.listenerCount('upgrade')).toBe(0)
    expect(at.http.listenerCount('request')).toBe(1)
  })

  it('serves below a base path, and nothing above it', async () => {
    const at = await site({ basePath: '/terminals' })
    expect((await post(at)).status).toBe(404)
    const { status, body } = await post(at, { path: '/terminals/api/v1/allocations/a/terminal-token' })
    expect(status).toBe(201)
    expect(body['websocket_url']).toBe('/terminals/ws/terminal/a')
    expect(await upgrade(at)).toBe('404')
    expect(await upgrade(at, { path: '/terminals/ws/terminal/a' })).toBe('101')
  })
})

/** Begins a request and never ends it; what came back until the server dropped the connection. */
function hang(at: Site, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = tcp(at.port, '127.0.0.1', () => socket.write(text))
    let answer = ''
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')))
    socket.on('error', () => {})
    socket.on('close', () => resolve(answer))
  })
}

function withoutOrigin(at: Site): Promise<string> {
  return raw(at, [
    'GET /ws/terminal/a HTTP/1.1',
    `Host: 127.0.0.1:${at.port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    'Sec-WebSocket-Protocol: nimbus.ssh.v1',
  ])
}

describe('the token endpoint on Node', () => {
  it('says no to bodies that are too long, to nobody and to a host that throws', async () => {
    const at = await site({
      authenticate: ({ headers }) => {
        if (headers.cookie === 'broken') throw new Error('canary')
        return headers.cookie === 'nobody' ? null : { id: 'ann' }
      },
    })
    expect((await post(at, { body: JSON.stringify({ take_over: false, x: 'x'.repeat(2000) }) })).status).toBe(413)
    expect((await post(at, { cookie: 'nobody' })).status).toBe(401)
    const broken = await post(at, { cookie: 'broken' })
    expect(broken).toMatchObject({ status: 500, body: { code: 'internal_error' } })
    expect((await post(at)).headers.get('cache-control')).toBe('no-store')
  })

  it('admits one of a hundred that show the same token at once', async () => {
    const at = await site()
    const token = await mint(at)
    const clients = await Promise.all(Array.from({ length: 100 }, () => new Client(at).opened()))
    for (const client of clients) client.hello(token)
    await Promise.all(
      clients.map((client) => client.until(() => client.closed !== null || client.messages.some(({ t }) => t === 'hello_ok'))),
    )
    expect(clients.filter(({ closed }) => closed === null)).toHaveLength(1)
    expect(clients.filter(({ closed }) => closed?.code === 4003)).toHaveLength(99)
  })
})

describe('a peer that misbehaves is closed by name, and its neighbour notices nothing', () => {
  const misdeeds: Readonly<Record<string, { code: number; act: (client: Client) => void }>> = {
    'a flood of hellos': {
      code: 4002,
      act: (client) => {
        for (let i = 0; i < 100; i++) client.send({ t: 'hello', proto: 1, caps: { profile: 'nimbus.v1' } })
      },
    },
    'a frame that is too large': { code: 4008, act: ({ socket }) => socket.send(new Uint8Array(1024 * 1024 + 100)) },
    'a frame that is far too large': { code: 1009, act: ({ socket }) => socket.send(new Uint8Array(3 * 1024 * 1024)) },
    'more input than was granted': {
      code: 4007,
      act: ({ socket }) => socket.send(nimbusV1.encodeData(1, 1, new Uint8Array(70_000))),
    },
    'an ack of what was never sent': { code: 4007, act: (client) => client.send({ t: 'flow', id: 1, credit: 0, ack: 999 }) },
    'a message in thousands of fragments': {
      code: 1008,
      act: ({ socket }) => {
        for (let i = 0; i < 2000; i++) socket.send('x', { fin: false })
      },
    },
    'text that is no text': { code: 1007, act: ({ socket }) => socket.send(Buffer.from([0xc3, 0x28]), { binary: false }) },
    nonsense: { code: 4014, act: ({ socket }) => socket.send('nonsense') },
  }

  it.each(Object.entries(misdeeds))('%s', async (_name, { code, act }) => {
    const at = await site()
    const neighbour = await ready(at, 'neighbour')
    const client = await ready(at)
    act(client)
    await client.until(() => client.closed !== null)
    expect(client.closed!.code).toBe(code)
    neighbour.type('hello')
    await neighbour.until(() => neighbour.output === 'hello')
    expect(at.terminal.server.stats()).toMatchObject({ sessions: code === 4002 ? 1 : 2 })
  })
})

it('the end of the terminal ends every program and connection, and leaves the HTTP server alone', async () => {
  const at = await site()
  const client = await ready(at)
  const pending = await new Client(at).opened()
  await at.terminal.close()
  await Promise.all([client, pending].map((one) => one.until(() => one.closed !== null)))
  expect(client.closed).toEqual({ code: 4018, reason: 'gateway_restart' })
  expect(at.terminal.server.stats()).toMatchObject({ sessions: 0, programs: 0, connections: 0 })
  expect(at.http.listening).toBe(true)
})

it('the search for a byte finds what the language finds, in part of a memory too', () => {
  const memory = Uint8Array.from({ length: 600 }, (_, index) => (index * 7919) % 251)
  const part = memory.subarray(100, 400)
  for (let byte = 0; byte < 256; byte++)
    for (const from of [0, 1, 24, 299, 300]) expect(nodeIndexOf(part, byte, from)).toBe(part.indexOf(byte, from))
})
