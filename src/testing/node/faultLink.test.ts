/** The proxy passes bytes unchanged, breaks at the byte it is told, and leaves no socket behind. */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { seededRandom } from '../seededRandom.ts'
import { startFaultLink, type FaultLink } from './faultLink.ts'

/** One end of a connection, and all that was heard there. */
interface Heard {
  readonly socket: Socket
  readonly bytes: Buffer
  length: number
  ended: boolean
  error: string | null
  closed: boolean
}

function listenTo(socket: Socket): Heard {
  const chunks: Buffer[] = []
  const heard: Heard = {
    socket,
    get bytes() {
      return Buffer.concat(chunks)
    },
    length: 0,
    ended: false,
    error: null,
    closed: false,
  }
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    heard.length += chunk.length
  })
  socket.on('end', () => {
    heard.ended = true
  })
  socket.on('error', (error: NodeJS.ErrnoException) => {
    heard.error = error.code ?? error.message
  })
  socket.on('close', () => {
    heard.closed = true
  })
  return heard
}

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

/** A server that only listens, the link before it, and a way to connect through. */
async function world() {
  const accepted: Heard[] = []
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => accepted.push(listenTo(socket)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const link = await startFaultLink({ target: { port } })
  const clients: Heard[] = []
  cleanups.push(async () => {
    for (const { socket } of [...clients, ...accepted]) socket.destroy()
    await link.close()
    await new Promise((resolve) => server.close(resolve))
    expect(link.connections()).toBe(0)
  })
  async function open(): Promise<{ client: Heard; server: Heard }> {
    const index = accepted.length
    const client = listenTo(connect({ port: link.port, allowHalfOpen: true, noDelay: true }))
    clients.push(client)
    await until(() => accepted.length > index || client.closed)
    const server = accepted[index]
    if (!server) throw new Error(`Refused: ${client.error}`)
    return { client, server }
  }
  return { link, open, clients, server }
}

const payload = (length: number): Buffer => Buffer.from(seededRandom(length).bytes(length))

describe('a link that holds', () => {
  it('passes two megabytes each way unchanged and counts them', async () => {
    const { link, open } = await world()
    const { client, server } = await open()
    const [there, back] = [payload(2_000_001), payload(2_000_003)]
    client.socket.write(there)
    server.socket.write(back)
    await until(() => server.length === there.length && client.length === back.length)
    expect(server.bytes.equals(there)).toBe(true)
    expect(client.bytes.equals(back)).toBe(true)
    expect([link.passed('up'), link.passed('down')]).toEqual([2_000_001, 2_000_003])
  })

  it('passes an end of one direction after its bytes, and the other direction goes on', async () => {
    const { link, open } = await world()
    const { client, server } = await open()
    client.socket.end('question')
    await until(() => server.ended)
    expect(server.bytes.toString()).toBe('question')
    server.socket.end('answer')
    await until(() => client.closed && server.closed)
    expect(client.bytes.toString()).toBe('answer')
    expect(client.error).toBeNull()
    await until(() => link.connections() === 0)
  })

  it('passes a reset on', async () => {
    const { open } = await world()
    const { client, server } = await open()
    client.socket.resetAndDestroy()
    await until(() => server.closed)
    expect(server.error).toBe('ECONNRESET')
  })

  it('resets the client when nobody listens behind it', async () => {
    const gone = createServer()
    gone.listen(0, '127.0.0.1')
    await once(gone, 'listening')
    const { port } = gone.address() as AddressInfo
    await new Promise((resolve) => gone.close(resolve))
    const link = await startFaultLink({ target: { port } })
    cleanups.push(() => link.close())
    const client = listenTo(connect({ port: link.port }))
    await until(() => client.closed)
    expect(client.error).toBe('ECONNRESET')
  })
})

describe('cuts', () => {
  it('lets exactly the asked bytes pass, in either direction, by reset or by end', async () => {
    const { link, open } = await world()
    for (const how of ['rst', 'fin'] as const) {
      for (const direction of ['up', 'down'] as const) {
        for (const after of [0, 1, 7, 100, 70_000]) {
          link.cutNext({ direction, after, how })
          const cutsBefore = link.cuts()
          const { client, server } = await open().catch(() => ({ client: null, server: null }))
          if (!client || !server) continue
          const [sender, receiver] = direction === 'up' ? [client, server] : [server, client]
          const bytes = payload(80_000)
          sender.socket.write(bytes)
          await until(() => link.cuts() === cutsBefore + 1 && (receiver.ended || receiver.closed))
          expect(receiver.bytes.equals(bytes.subarray(0, after)), `${how} ${direction} ${after}`).toBe(true)
          // A reset right behind data is read as an end; writing tells the two apart.
          receiver.socket.write('still there?')
          if (how === 'rst') await until(() => receiver.error !== null)
          else await new Promise((resolve) => receiver.socket.end(() => resolve(undefined)))
          expect(receiver.error === null, `${how} ${direction} ${after}`).toBe(how === 'fin')
          client.socket.destroy()
          server.socket.destroy()
        }
      }
    }
    expect(link.cuts()).toBe(20)
    await until(() => link.connections() === 0)
  })

  it('counts from now on for connections that stand', async () => {
    const { link, open } = await world()
    const { client, server } = await open()
    server.socket.write('12345')
    await until(() => client.length === 5)
    link.cut({ direction: 'down', after: 3 })
    server.socket.write('abcdef')
    await until(() => client.closed || client.ended)
    expect(client.bytes.toString()).toBe('12345abc')
  })

  it('leaves the end that was not told with a socket that stands and is never answered', async () => {
    const { link, open } = await world()
    const { client, server } = await open()
    link.cut({ noticedBy: 'client' })
    await until(() => client.closed)
    server.socket.write(payload(1_000_000))
    await until(() => server.socket.writableLength === 0)
    expect([server.closed, server.ended, server.length]).toEqual([false, false, 0])
    server.socket.end()
    await until(() => link.connections() === 0)
  })

  it('plans for the next connections in their order, and leaves the rest alone', async () => {
    const { link, open } = await world()
    link.cutNext({ direction: 'up', after: 2 })
    link.cutNext({ direction: 'up', after: 4 })
    const heard: string[] = []
    for (let i = 0; i < 3; i++) {
      const { client, server } = await open()
      client.socket.end('123456')
      await until(() => server.closed || server.ended)
      heard.push(server.bytes.toString())
    }
    expect(heard).toEqual(['12', '1234', '123456'])
  })
})

describe('a link that does not hold', () => {
  it('stalls one direction, passes the other, and loses nothing', async () => {
    const { link, open } = await world()
    const { client, server } = await open()
    link.hold('up')
    client.socket.write('held')
    server.socket.write('passes')
    await until(() => client.bytes.toString() === 'passes')
    // A second round trip gives the held bytes every chance to slip through.
    server.socket.write('!')
    await until(() => client.bytes.toString() === 'passes!')
    expect(server.length).toBe(0)
    link.release('up')
    await until(() => server.bytes.toString() === 'held')
  })

  it('stops reading from a sender once its own lane is full, and delivers all of it later', async () => {
    const { link, open } = await world()
    const { client, server } = await open()
    const bytes = payload(20_000_000)
    link.hold('down')
    for (let at = 0; at < bytes.length; at += 65_536) server.socket.write(bytes.subarray(at, at + 65_536))
    // While twice as much goes the other way a lane without a bound would have taken everything.
    client.socket.write(Buffer.alloc(40_000_000))
    await until(() => server.length === 40_000_000)
    expect(server.socket.writableLength).toBeGreaterThan(0)
    expect(client.length).toBe(0)
    link.release('down')
    await until(() => client.length === bytes.length)
    expect(client.bytes.equals(bytes)).toBe(true)
  })

  it('tells nobody of an end or a reset while it stalls', async () => {
    const { link, open } = await world()
    for (const leave of ['end', 'resetAndDestroy'] as const) {
      const { client, server } = await open()
      const other = await open()
      link.hold('up')
      client.socket[leave]()
      other.server.socket.write('round')
      await until(() => other.client.bytes.toString() === 'round')
      expect([server.ended, server.closed]).toEqual([false, false])
      link.release('up')
      await until(() => (leave === 'end' ? server.ended : server.closed))
    }
  })

  it('loses what falls into a black hole, and resets that connection when the network is restored', async () => {
    const { link, open } = await world()
    const { client, server } = await open()
    link.blackHole('up')
    client.socket.write('lost')
    server.socket.write('passes')
    await until(() => client.bytes.toString() === 'passes')
    link.restore()
    await until(() => client.closed && server.closed)
    expect(server.length).toBe(0)
    const fresh = await open()
    fresh.client.socket.write('again')
    await until(() => fresh.server.bytes.toString() === 'again')
  })

  it('loses what was held when the black hole came, and an end that falls into it', async () => {
    const { link, open } = await world()
    const { client, server } = await open()
    const other = await open()
    link.hold('up')
    client.socket.end('held')
    other.client.socket.write('held too')
    server.socket.write('round')
    await until(() => client.bytes.toString() === 'round')
    link.blackHole('up')
    link.release('up')
    server.socket.write('!')
    await until(() => client.bytes.toString() === 'round!')
    expect([server.length, server.ended, other.server.length]).toEqual([0, false, 0])
    link.restore()
    await until(() => server.closed && other.server.closed)
    expect([server.length, server.ended]).toEqual([0, false])
  })

  it('writes one byte at a time where asked, and all of them', async () => {
    const { link, open } = await world()
    const { client, server } = await open()
    link.segment(1)
    const bytes = payload(2_000)
    client.socket.write(bytes)
    const chunks: number[] = []
    server.socket.on('data', (chunk: Buffer) => chunks.push(chunk.length))
    await until(() => server.length === bytes.length)
    expect(server.bytes.equals(bytes)).toBe(true)
    expect(chunks.length).toBeGreaterThan(500)
  })

  it('takes at least as long as latency and throughput demand', async () => {
    const { link, open } = await world()
    const { client, server } = await open()
    link.latency(30, 'up')
    link.throttle(100_000, 'up')
    const started = performance.now()
    client.socket.write(payload(5_000))
    await until(() => server.length === 5_000)
    // 30 ms of latency and four and more of five 10 ms pieces.
    expect(performance.now() - started).toBeGreaterThan(65)
    link.restore()
  })

  it('refuses while the server is gone, and connects again afterwards', async () => {
    const { link, open } = await world()
    link.refuse(true)
    await expect(open()).rejects.toThrow('ECONNRESET')
    link.refuse(false)
    const { client, server } = await open()
    client.socket.write('x')
    await until(() => server.length === 1)
  })

  it('carries sockets that somebody else has connected', async () => {
    const { link, server: target } = await world()
    const front = createServer({ allowHalfOpen: true }, (socket) => {
      link.carry(socket, connect({ port: (target.address() as AddressInfo).port, allowHalfOpen: true }))
    })
    front.listen(0, '127.0.0.1')
    await once(front, 'listening')
    const client = listenTo(connect((front.address() as AddressInfo).port, '127.0.0.1'))
    client.socket.write('through')
    await until(() => link.passed('up') === 7)
    link.cut()
    await until(() => client.closed)
    expect(client.error).toBe('ECONNRESET')
    await new Promise((resolve) => front.close(resolve))
  })
})

it('leaves no socket behind when it closes in the middle of everything', async () => {
  const { link, open } = await world()
  const ends = [await open(), await open(), await open()]
  link.hold('down')
  ends[0]?.server.socket.write(payload(1_000_000))
  ends[1]?.client.socket.write('x')
  link.cut({ noticedBy: 'client', after: 10 })
  const closing: FaultLink = link
  await closing.close()
  expect(closing.connections()).toBe(0)
  await until(() => ends.every(({ client, server }) => [client, server].every((end) => end.closed || end.ended)))
})
