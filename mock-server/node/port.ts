/** The mount on a real port: the fake server behind the Node runtime of the real one, with an endpoint by which it is told what to do. */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TerminalHost } from '../../src/server/host.ts'
import { attachHost, nodeClock } from '../../src/server/runtimes/node.ts'
import { virtualClock, type VirtualClock } from '../../src/testing/virtualClock.ts'
import { createMockServer, type MockServerOptions } from '../mockServer.ts'
import { serveControl, type Controlled } from './control.ts'

export interface StartOptions extends MockServerOptions {
  /** 0 takes a free one. */
  readonly port: number
  /** Time stands still and moves by `advance` alone. Takes the place of `clock`. */
  readonly virtual?: boolean
}

export interface StartedMockServer extends Controlled {
  /** `http://127.0.0.1:8788`: the client's `endpoint`. */
  readonly url: string
  /** Ends every session and connection, and gives the port back. */
  close(): Promise<void>
}

/** Resolves when the port answers. Rejects where it is taken, and for a script that nobody knows. */
export async function startMockServer({ port, virtual = false, ...options }: StartOptions): Promise<StartedMockServer> {
  const time = virtual ? virtualClock({ settle: turns }) : null
  const clock = time ?? options.clock ?? nodeClock
  const server = createServer()
  let settings: MockServerOptions = { ...options, clock }
  let mock = createMockServer(settings)
  const bound = await listen(server, port)
  const hosts = [`127.0.0.1:${bound}`, `localhost:${bound}`]
  const owns = hosts.map((host) => `http://${host}`)
  settings = { ...settings, origins: [...owns, ...(options.origins ?? [])] }
  mock = createMockServer(settings)

  const started: StartedMockServer = {
    url: `http://127.0.0.1:${bound}`,
    get mock() {
      return mock
    },
    choose(change) {
      const before = mock
      settings = { ...settings, ...change }
      mock = createMockServer(settings)
      before.network.drop()
      void before.close()
      return mock
    },
    async advance(ms) {
      if (time === null) throw new Error('Time is real here: start with --virtual to move it by hand.')
      await time.settleUntil(time.now() + ms)
    },
    async close() {
      await attached.close()
      await end(server)
    },
  }

  /** A page of another name that resolves to this address (DNS rebinding) gets nothing. */
  const isOurs = (request: IncomingMessage): boolean => hosts.includes(request.headers.host ?? '')
  server.on('request', (request, response) => serveControl(started, isOurs(request), owns, request, response))
  // Whichever script plays answers, and only those who asked for one of our names.
  const host: TerminalHost = {
    answerToken: (request) =>
      owns.includes(request.own ?? '')
        ? mock.host.answerToken(request)
        : { status: 421, headers: {}, body: '{"code":"bad_request"}' },
    checkUpgrade: (facts) => (owns.includes(facts.own ?? '') ? mock.host.checkUpgrade(facts) : { ok: false, status: 403 }),
    accept: (socket, request) => mock.host.accept(socket, request),
    maxFrame: mock.host.maxFrame,
    close: () => settled(mock.close(), time),
  }
  const attached = attachHost(server, host, { authenticate: () => ({ id: 'visitor' }) })
  return started
}

/** Lets real sockets move while virtual time stands. */
async function turns(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise<void>((resolve) => void setImmediate(resolve))
}

/** What ends takes time, which somebody has to let pass. */
async function settled(promise: Promise<void>, time: VirtualClock | null): Promise<void> {
  if (time !== null) await time.settleUntil(time.now() + 60_000)
  await promise
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  // A server that listens on a port has an address of this shape.
  return (server.address() as AddressInfo).port
}

async function end(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
}
