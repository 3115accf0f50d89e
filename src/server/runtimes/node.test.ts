import { createServer, request as httpRequest, type Server } from 'node:http'
import { connect as tcp, type AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { ControlMessage, HelloResume } from '../../protocol/messages.ts'
import { nimbusV1 } from '../../protocol/profiles/nimbusV1.ts'
import { decodeUtf8, encodeUtf8 } from '../../protocol/utf8.ts'
import { echoBackend } from '../backends/echo.ts'
import type { ServerEvent } from '../events.ts'
import { attachTerminal, type AttachedTerminal, type AttachOptions } from './node.ts'

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

async function site(options: Partial<AttachOptions> = {}): Promise<Site> {
  const http = createServer()
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
  return response.body.token
}

interface Posted {
  readonly status: number
  readonly headers: Headers
  // What the endpoint says is what is tested.
  readonly body: any
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
        resolve({ status: response.statusCode ?? 0, headers: new Headers(names), body: text === '' ? null : JSON.parse(text) })
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
    if (decoded.frame.kind === 'data') this.output += decodeUtf8(decoded.frame.payload)
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
})
