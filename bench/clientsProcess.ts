/** The process of the headless clients. */
import { WebSocket } from 'ws'
import { connect } from '../src/client/index.ts'
import { consume, due, flush, receive, receiverAt } from '../src/protocol/credit.ts'
import { OUTPUT_WINDOW } from '../src/protocol/limits.ts'
import { SUBPROTOCOL } from '../src/protocol/messages.ts'
import { nimbusV1 } from '../src/protocol/profiles/nimbusV1.ts'
import { serveParent } from './child.ts'
import type { ClientAnswer, ClientKind, ClientOrder } from './clients.ts'

interface Client {
  bytes: number
  frames: number
  /** Hears of every piece of output. */
  heard: (() => void) | null
  type(text: string): void
  close(): void
}

serveParent<{ readonly url: string }, ClientOrder, ClientAnswer>(
  async ({ url }) => {
    const clients = new Map<string, Client[]>()
    const of = (name: string): Client[] => clients.get(name) ?? []

    function answer(name: string, echoes: readonly number[] = []): ClientAnswer {
      const { user, system } = process.cpuUsage()
      const frames = of(name).reduce((sum, client) => sum + client.frames, 0)
      return { bytes: of(name).map(({ bytes }) => bytes), frames, echoes, cpuMs: (user + system) / 1000, at: performance.now() }
    }

    async function obey(order: ClientOrder): Promise<ClientAnswer> {
      switch (order.to) {
        case 'open': {
          // A few at a time.
          for (let from = 0; from < order.count; from += 20) {
            const length = Math.min(20, order.count - from)
            const opened = await Promise.all(Array.from({ length }, (_, i) => OPEN[order.kind](url, `${order.name}-${from + i}`)))
            clients.set(order.name, [...of(order.name), ...opened])
          }
          return answer(order.name)
        }
        case 'type':
          for (const client of order.index === undefined ? of(order.name) : of(order.name).slice(order.index, order.index + 1))
            client.type(order.text)
          return answer(order.name)
        case 'echo':
          return answer(order.name, await echoes(of(order.name)[order.index], order.keys, order.everyMs))
        case 'count':
          return answer(order.name)
        case 'drop':
          for (const client of of(order.name)) client.close()
          clients.delete(order.name)
          await new Promise((resolve) => setTimeout(resolve, 200))
          return answer(order.name)
        case 'end':
          for (const all of clients.values()) for (const client of all) client.close()
          return answer('')
      }
    }
    return { first: answer(''), obey }
  },
  (order) => order.to === 'end',
)

async function echoes(client: Client | undefined, keys: number, everyMs: number): Promise<number[]> {
  if (client === undefined) throw new Error('There is no such client.')
  const times: number[] = []
  for (let key = 0; key < keys; key++) {
    const since = performance.now()
    await new Promise<void>((resolve) => {
      client.heard = resolve
      client.type('x')
    })
    times.push(performance.now() - since)
    client.heard = null
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
  return times
}

const OPEN: Readonly<Record<ClientKind, (url: string, allocation: string) => Promise<Client>>> = { page, wire, bare }

async function tokenOf(url: string, allocation: string): Promise<string> {
  const origin = new URL(url).origin
  const response = await fetch(`${url}api/v1/allocations/${allocation}/terminal-token`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: '{}',
  })
  return ((await response.json()) as { token: string }).token // our own server answers
}

function socketUrl(url: string, path: string): string {
  return `${url.replace('http', 'ws')}${path}`
}

function page(url: string, allocationId: string): Promise<Client> {
  const { origin } = new URL(url)
  class OwnSocket extends WebSocket {
    constructor(address: string, protocol: string) {
      super(address, protocol, { origin })
    }
  }
  const connection = connect({
    allocationId,
    storage: 'none',
    WebSocket: OwnSocket,
    getToken: async ({ allocation }) => ({
      ok: true,
      token: await tokenOf(url, allocation),
      url: socketUrl(url, `ws/terminal/${allocation}`),
    }),
  })
  const channel = connection.open()
  const client: Client = {
    bytes: 0,
    frames: 0,
    heard: null,
    type: (text) => channel.write(text),
    close() {
      connection.disconnect()
      connection.dispose()
    },
  }
  channel.on('data', ({ bytes, end }) => {
    client.bytes += bytes.byteLength
    client.frames++
    channel.consumed(end)
    client.heard?.()
  })
  return new Promise((resolve) => channel.on('ready', () => resolve(client)))
}

const CHANNEL = 1

async function wire(url: string, allocation: string): Promise<Client> {
  const token = await tokenOf(url, allocation)
  const socket = new WebSocket(socketUrl(url, `ws/terminal/${allocation}`), SUBPROTOCOL, { origin: new URL(url).origin })
  const client: Client = {
    bytes: 0,
    frames: 0,
    heard: null,
    type: (text) => socket.send(nimbusV1.encodeData(1, CHANNEL, new Uint8Array(Buffer.from(text)))),
    close() {
      say({ t: 'close', id: 0 })
      socket.close(1000)
    },
  }
  const say = (message: Parameters<typeof nimbusV1.encodeControl>[0]): void => socket.send(nimbusV1.encodeControl(message))
  let receiver = receiverAt(0, OUTPUT_WINDOW.max)
  const took = (bytes: number): void => {
    client.bytes += bytes
    client.frames++
    const received = receive(receiver, bytes)
    if (!received.ok) throw new Error('More came than was granted.')
    receiver = consume(received.receiver, received.receiver.received)
    const flow = due(receiver, false)
    if (flow !== null) {
      receiver = flow.receiver
      say({ t: 'flow', id: CHANNEL, ...flow.flow })
    }
    client.heard?.()
  }
  await new Promise<void>((resolve) => socket.once('open', () => resolve()))
  const caps = { profile: nimbusV1.name, resume: 1 } as const
  say({ t: 'hello', proto: 1, auth: { scheme: 'bearer', token }, caps })
  return new Promise((resolve) =>
    socket.on('message', (data: Buffer<ArrayBuffer>, isBinary) => {
      if (isBinary) return took(data.byteLength - nimbusV1.encodeData(1, CHANNEL, NOTHING).length)
      const decoded = nimbusV1.decode(data.toString())
      if (!decoded.ok || decoded.frame.kind !== 'control') return
      const { message } = decoded.frame
      if (message.t === 'ping') say({ t: 'pong', ts: message.ts })
      if (message.t === 'hello_ok') say({ t: 'open', id: CHANNEL, target: { allocation } })
      if (message.t !== 'open_ok') return
      const flow = flush(receiver, { paused: false, topUp: true })
      receiver = flow.receiver
      say({ t: 'flow', id: CHANNEL, ...flow.flow })
      resolve(client)
    }),
  )
}

const NOTHING = new Uint8Array(0)

async function bare(url: string): Promise<Client> {
  const socket = new WebSocket(socketUrl(url, 'flood'))
  const client: Client = {
    bytes: 0,
    frames: 0,
    heard: null,
    type: (text) => socket.send(text),
    close: () => socket.terminate(),
  }
  socket.on('message', (data: Buffer) => {
    client.bytes += data.byteLength
    client.frames++
    client.heard?.()
  })
  await new Promise<void>((resolve) => socket.once('open', () => resolve()))
  return client
}
