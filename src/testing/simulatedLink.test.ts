/** The link carries whole messages in order, counts every byte, and breaks exactly where it is told. */
import { describe, expect, it } from 'vitest'
import type { ClientSocket } from '../client/ports.ts'
import type { ServerSocket, UpgradeRequest } from '../server/ports.ts'
import type { WireMessage } from '../protocol/wireProfile.ts'
import { seededRandom } from './seededRandom.ts'
import { frameHeaderSize, simulatedLink, type SimulatedLinkOptions } from './simulatedLink.ts'
import { virtualClock } from './virtualClock.ts'

const text = (message: WireMessage): string => (typeof message === 'string' ? message : `[${[...message].join()}]`)

/** A client and a server that write down what they hear, with the instant. */
function world(options: Partial<SimulatedLinkOptions> = {}) {
  const clock = virtualClock({ startMs: 0 })
  const client: string[] = []
  const server: string[] = []
  const sockets: ServerSocket[] = []
  const requests: UpgradeRequest[] = []
  const note = (log: string[], what: string): void => void log.push(`${clock.now()} ${what}`)
  const link = simulatedLink({
    clock,
    accept(socket, request) {
      sockets.push(socket)
      requests.push(request)
      return {
        message: (message) => note(server, text(message)),
        closed: (code, reason) => note(server, `closed ${code} ${reason}`.trim()),
        drained: () => note(server, 'drained'),
      }
    },
    ...options,
  })
  const open = (url = 'ws://host/ws/terminal/box-1'): ClientSocket =>
    link.openSocket(url, 'p', {
      opened: () => note(client, 'opened'),
      message: (message) => note(client, text(message)),
      closed: (code, reason) => note(client, `closed ${code} ${reason}`.trim()),
    })
  const serverSocket = (): ServerSocket => {
    const socket = sockets.at(-1)
    if (!socket) throw new Error('Nothing was accepted.')
    return socket
  }
  return { clock, link, open, client, server, serverSocket, requests }
}

describe('a link that holds', () => {
  it('opens after a round trip and names the allocation and the origin to the server', () => {
    const w = world({ latencyMs: { up: 10, down: 15 }, origin: 'https://a.example' })
    w.open('wss://host/ws/terminal/build%2D7?x=1')
    w.clock.advance(10)
    expect(w.requests).toEqual([{ allocation: 'build-7', origin: 'https://a.example' }])
    expect(w.client).toEqual([])
    w.clock.advance(15)
    expect(w.client).toEqual(['25 opened'])
    expect([w.link.last().state('client'), w.link.last().state('server')]).toEqual(['open', 'open'])
  })

  it('delivers messages whole, in order, each in a callback of its own, after the latency', () => {
    const w = world({ latencyMs: 5 })
    const socket = w.open()
    w.clock.advance(10)
    socket.send('a')
    socket.send(new Uint8Array([1, 2]))
    w.serverSocket().send('x')
    expect(w.server).toEqual([])
    w.clock.advance(5)
    expect(w.server).toEqual(['15 a', '15 [1,2]'])
    expect(w.client).toEqual(['10 opened', '15 x'])
  })

  it('delivers what the server says while it accepts after the opening', () => {
    const clock = virtualClock({ startMs: 0 })
    const heard: string[] = []
    const link = simulatedLink({
      clock,
      latencyMs: 5,
      accept(socket) {
        socket.send('early')
        return { message: () => undefined, closed: () => undefined, drained: () => undefined }
      },
    })
    link.openSocket('ws://host/x', 'p', {
      opened: () => heard.push('opened'),
      message: (message) => heard.push(text(message)),
      closed: () => heard.push('closed'),
    })
    clock.advance(10)
    expect(heard).toEqual(['opened', 'early'])
  })

  it('takes as long as the throughput says, one message behind the other', () => {
    const w = world({ bytesPerSecond: 1_000 })
    const socket = w.open()
    w.clock.advance(0)
    socket.send('a'.repeat(94))
    socket.send('b'.repeat(44))
    w.clock.advance(1_000)
    expect(w.server.map((line) => line.slice(0, 5))).toEqual(['100 a', '150 b'])
  })

  it('copies bytes when they are handed over', () => {
    const w = world()
    const socket = w.open()
    w.clock.advance(0)
    const bytes = new Uint8Array([1])
    socket.send(bytes)
    bytes[0] = 9
    w.clock.advance(0)
    expect(w.server).toEqual(['0 [1]'])
  })

  it('counts the bytes of real WebSocket frames, the mask of the client included', () => {
    expect([125, 126, 65_535, 65_536].map((size) => frameHeaderSize(size, 'down'))).toEqual([2, 4, 4, 10])
    expect(frameHeaderSize(0, 'up')).toBe(6)
    const w = world()
    const socket = w.open()
    w.clock.advance(0)
    for (const message of ['é', 'plain', new Uint8Array(200)]) socket.send(message)
    expect(w.link.last().sent.up).toBe(2 + 6 + (5 + 6) + (200 + 8))
    expect(w.link.last().boundaries.up).toEqual([8, 19, 227])
    expect(w.link.last().arrived.up).toBe(0)
    w.clock.advance(0)
    expect(w.link.last().arrived.up).toBe(227)
  })

  it('keeps in the socket what the network cannot hold, and tells the server when it drained', () => {
    const w = world({ latencyMs: 10, inFlightBytes: 100 })
    w.open()
    w.clock.advance(20)
    const socket = w.serverSocket()
    socket.send('a'.repeat(78))
    expect(socket.bufferedAmount()).toBe(0)
    socket.send('b'.repeat(48))
    socket.send('c'.repeat(28))
    expect(socket.bufferedAmount()).toBe(80)
    w.clock.advance(10)
    expect(w.server).toEqual(['30 drained'])
    expect(socket.bufferedAmount()).toBe(0)
    w.clock.advance(10)
    expect(w.client.map((line) => line.slice(0, 4))).toEqual(['20 o', '30 a', '40 b', '40 c'])
  })

  it('lets a message through that is larger than the network by itself', () => {
    const w = world({ inFlightBytes: 10 })
    const socket = w.open()
    w.clock.advance(0)
    socket.send('x'.repeat(500))
    w.clock.advance(0)
    expect(w.server.length).toBe(1)
  })

  it('reads nothing for a server that paused, and goes on when it resumes', () => {
    const w = world()
    const socket = w.open()
    w.clock.advance(0)
    w.serverSocket().pause?.()
    socket.send('a')
    w.clock.advance(50)
    expect(w.server).toEqual([])
    w.serverSocket().resume?.()
    w.clock.advance(0)
    expect(w.server).toEqual(['50 a'])
  })

  it('refuses to send while it is still connecting, as a browser does', () => {
    const w = world({ latencyMs: 5 })
    expect(() => w.open().send('x')).toThrow('still connecting')
  })
})

describe('closing', () => {
  it('brings the code and reason after the data, and the echo back', () => {
    const w = world({ latencyMs: 5 })
    const socket = w.open()
    w.clock.advance(10)
    w.serverSocket().send('last')
    w.serverSocket().close(4016, 'superseded')
    w.clock.advance(5)
    expect(w.client).toEqual(['10 opened', '15 last', '15 closed 4016 superseded'])
    expect(w.server).toEqual([])
    w.clock.advance(5)
    expect(w.server).toEqual(['20 closed 4016 superseded'])
    socket.send('too late')
    w.clock.advance(100_000)
    expect(w.server.length).toBe(1)
    expect(w.clock.pending()).toBe(0)
  })

  it('gives a closing page no more messages, and a closing server the rest', () => {
    const w = world({ latencyMs: 5 })
    const socket = w.open()
    w.clock.advance(10)
    w.serverSocket().send('for the page')
    socket.close(1000, 'user_closed')
    w.clock.advance(20)
    expect(w.client).toEqual(['10 opened', '20 closed 1000 user_closed'])

    const v = world({ latencyMs: 5 })
    const other = v.open()
    v.clock.advance(10)
    other.send('for the server')
    v.serverSocket().close(1001, '')
    v.clock.advance(20)
    expect(v.server).toEqual(['15 for the server', '20 closed 1001'])
  })

  it('ends by a deadline of its own when the other end is silent', () => {
    const w = world({ closeTimeoutMs: 2_000 })
    const socket = w.open()
    w.clock.advance(0)
    w.link.last().stall('both')
    socket.close(1000, '')
    w.clock.advance(1_999)
    expect(w.client).toEqual(['0 opened'])
    w.clock.advance(1)
    expect(w.client).toEqual(['0 opened', '2000 closed 1006'])
  })

  it('drops at once: what the network holds still arrives, what waited is lost', () => {
    const w = world({ latencyMs: 5, inFlightBytes: 12 })
    const socket = w.open()
    w.clock.advance(10)
    w.serverSocket().send('0123456789')
    w.serverSocket().send('waits')
    socket.send('never read')
    w.serverSocket().terminate()
    w.clock.advance(50)
    expect(w.client).toEqual(['10 opened', '15 0123456789', '15 closed 1006'])
    expect(w.server).toEqual(['10 closed 1006'])
    expect(w.link.last().sent.down).toBe(12)
    expect(w.link.last().boundaries.down).toEqual([12])
  })

  it('gives up a connection that the page closes while it opens', () => {
    for (const waitMs of [0, 7]) {
      const w = world({ latencyMs: 5 })
      const socket = w.open()
      w.clock.advance(waitMs)
      socket.close(1000, '')
      w.clock.advance(50)
      expect(w.client).toEqual([`${waitMs} closed 1006`])
      expect(w.server).toEqual(waitMs === 0 ? [] : ['12 closed 1006'])
      expect(w.clock.pending()).toBe(0)
    }
  })
})

describe('refusals', () => {
  it('fails after a round trip when the upgrade is refused or nobody listens', () => {
    for (const refuse of ['status', 'unreachable'] as const) {
      const w = world({ latencyMs: 5, plan: () => ({ refuse }) })
      w.open()
      w.clock.advance(100)
      expect(w.client).toEqual(['10 closed 1006'])
      expect(w.requests).toEqual([])
    }
  })

  it('fails when the server does not accept', () => {
    const w = world({ latencyMs: 5, accept: () => null })
    w.open()
    w.clock.advance(100)
    expect(w.client).toEqual(['10 closed 1006'])
    expect([w.link.last().state('client'), w.link.last().state('server')]).toEqual(['closed', 'closed'])
  })

  it('hangs or throws where told, and only there', () => {
    const plans = [{ refuse: 'hang' }, { refuse: 'throw' }, {}] as const
    const w = world({ plan: (index) => plans[index] ?? {} })
    const hanging = w.open()
    w.clock.advance(60_000)
    expect(w.client).toEqual([])
    hanging.close(1000, '')
    w.clock.advance(0)
    expect(w.client).toEqual(['60000 closed 1006'])
    expect(() => w.open()).toThrow('constructor throws')
    w.open()
    w.clock.advance(0)
    expect(w.client.at(-1)).toBe('60000 opened')
    expect(w.link.connections.map(({ index }) => index)).toEqual([0, 1, 2])
  })
})

describe('cuts', () => {
  /** Sends three messages each way and reports what each end heard. */
  function trace(options: Partial<SimulatedLinkOptions>) {
    const w = world({ latencyMs: 3, ...options })
    const socket = w.open()
    w.clock.advance(6)
    for (const message of ['one', 'two', 'three']) {
      if (w.link.last().state('client') === 'open') socket.send(message)
      if (w.link.last().state('server') === 'open') w.serverSocket().send(message.toUpperCase())
      w.clock.advance(1)
    }
    w.clock.advance(1_000)
    return w
  }

  const words = (log: readonly string[]): string[] => log.map((line) => line.replace(/^[\d.]+ /, ''))

  it('delivers, for every byte position of both directions, exactly the messages that had fully arrived', () => {
    for (const direction of ['up', 'down'] as const) {
      const full = trace({}).link.last()
      const ends = full.boundaries[direction]
      expect(ends.length).toBe(3)
      expect(full.arrived[direction]).toBe(full.sent[direction])
      for (let after = 0; after <= full.sent[direction]; after++) {
        const w = trace({ plan: () => ({ cuts: [{ direction, after }] }) })
        const heard = words(direction === 'up' ? w.server : w.client).filter((word) => word !== 'opened')
        const whole = ['one', 'two', 'three'].slice(0, ends.filter((end) => end <= after).length)
        const expected = whole.map((word) => (direction === 'up' ? word : word.toUpperCase()))
        expect(heard).toEqual([...expected, 'closed 1006'])
        expect(words(w.client).at(-1)).toBe('closed 1006')
        expect(words(w.server).at(-1)).toBe('closed 1006')
        expect(w.link.last().isCut()).toBe(true)
        expect(w.clock.pending()).toBe(0)
      }
    }
  })

  it('does not cut where the position is never reached', () => {
    const w = trace({ plan: () => ({ cuts: [{ direction: 'up', after: 10_000 }] }) })
    expect(w.link.last().isCut()).toBe(false)
    expect(words(w.server)).toEqual(['one', 'two', 'three'])
  })

  it('gives the same trace for the same plan', () => {
    const once = () => trace({ plan: () => ({ cuts: [{ direction: 'down', after: 7 }] }) })
    const [a, b] = [once(), once()]
    expect([a.client, a.server]).toEqual([b.client, b.server])
  })

  it('tells each end when the plan says, or never', () => {
    const noticed = { client: null, server: 500 }
    const w = trace({ plan: () => ({ cuts: [{ direction: 'up', after: 9, noticed }] }) })
    expect(w.server).toEqual(['9 one', '509 closed 1006'])
    expect(words(w.client)).not.toContain('closed 1006')
    expect(w.link.last().state('client')).toBe('open')
    w.link.last().notice('client')
    expect(words(w.client).at(-1)).toBe('closed 1006')
  })

  it('swallows what a half-open end sends, and shows in its buffer what its kernel cannot hold', () => {
    const w = world({
      inFlightBytes: 100,
      plan: () => ({ cuts: [{ direction: 'up', after: 0, noticed: { client: null, server: 0 } }] }),
    })
    const socket = w.open()
    w.clock.advance(0)
    for (let i = 0; i < 4; i++) socket.send('x'.repeat(44))
    w.clock.advance(1_000)
    expect(w.server).toEqual(['0 closed 1006'])
    expect(socket.bufferedAmount()).toBe(100)
  })

  it('lets the other direction arrive first where the plan says so', () => {
    const run = (otherDirection: 'lost' | 'arrives', client: number | null = 0) => {
      const noticed = { client, server: 0 }
      const w = world({
        latencyMs: { up: 0, down: 20 },
        plan: () => ({ cuts: [{ direction: 'up', after: 3, noticed, otherDirection }] }),
      })
      const socket = w.open()
      w.clock.advance(20)
      w.serverSocket().send('under way')
      socket.send('cut')
      w.clock.advance(100)
      expect(w.server).toEqual(['20 closed 1006'])
      return w.client
    }
    expect(run('lost')).toEqual(['20 opened', '20 closed 1006'])
    expect(run('lost', null)).toEqual(['20 opened'])
    expect(run('arrives')).toEqual(['20 opened', '40 under way', '40 closed 1006'])
  })

  it('cuts now when asked without a position', () => {
    const w = world({ latencyMs: 5 })
    const socket = w.open()
    w.clock.advance(10)
    socket.send('lost')
    w.link.last().cut()
    w.clock.advance(50)
    expect(w.client).toEqual(['10 opened', '10 closed 1006'])
    expect(w.server).toEqual(['10 closed 1006'])
  })

  it('cuts during a close: the close frame is lost, and both ends hear 1006', () => {
    const w = world({ latencyMs: 5, plan: () => ({ cuts: [{ direction: 'up', after: 4 }] }) })
    const socket = w.open()
    w.clock.advance(10)
    socket.close(1000, 'user_closed')
    w.clock.advance(50)
    expect(w.client).toEqual(['10 opened', '15 closed 1006'])
    expect(w.server).toEqual(['15 closed 1006'])
    expect(w.clock.pending()).toBe(0)
  })
})

describe('stalls', () => {
  it('hold one direction and let the other go on, and lose nothing', () => {
    const w = world()
    const socket = w.open()
    w.clock.advance(0)
    w.link.last().stall('up')
    socket.send('a')
    socket.send('b')
    w.serverSocket().send('x')
    w.clock.advance(100)
    expect(w.server).toEqual([])
    expect(w.client).toEqual(['0 opened', '0 x'])
    w.link.last().release('up')
    w.clock.advance(0)
    expect(w.server).toEqual(['100 a', '100 b'])
  })

  it('can stand from the start, then not even the opening arrives', () => {
    const w = world({ plan: () => ({ stalled: ['down'] }) })
    w.open()
    w.clock.advance(1_000)
    expect(w.client).toEqual([])
    expect(w.requests.length).toBe(1)
    w.link.last().release('down')
    w.clock.advance(0)
    expect(w.client).toEqual(['1000 opened'])
  })
})

describe('any schedule', () => {
  it('delivers a prefix of what was sent, tells each end of one close, and leaves no timer: 500 random schedules', () => {
    for (let seed = 0; seed < 500; seed++) {
      const random = seededRandom(seed)
      const w = world({
        latencyMs: random.int(0, 20),
        bytesPerSecond: random.chance(0.5) ? 5_000 : Number.POSITIVE_INFINITY,
        inFlightBytes: random.pick([10, 200, 100_000]),
      })
      const socket = w.open()
      const sent = { up: [] as string[], down: [] as string[] }
      const connection = w.link.last()
      for (let i = 0; i < 40; i++) {
        const message = `${i}${'x'.repeat(random.int(0, 100))}`
        if (random.chance(0.5) && connection.state('client') === 'open') {
          socket.send(message)
          sent.up.push(message)
        }
        if (random.chance(0.5) && connection.state('server') === 'open') {
          w.serverSocket().send(message)
          sent.down.push(message)
        }
        const direction = random.pick(['up', 'down', 'both'] as const)
        if (random.chance(0.05)) connection.stall(direction)
        if (random.chance(0.1)) connection.release(direction)
        if (random.chance(0.01)) connection.cut({ noticed: { client: random.int(0, 9), server: random.int(0, 9) } })
        if (random.chance(0.01) && connection.state('client') !== 'connecting') socket.close(1000, '')
        if (random.chance(0.01) && connection.state('server') !== 'connecting') w.serverSocket().terminate()
        w.clock.advance(random.int(0, 10))
      }
      connection.release('both')
      w.clock.advance(100_000)
      const heard = (log: string[]) => log.map((line) => line.replace(/^[\d.]+ /, '')).filter((line) => /^\d/.test(line))
      const closes = (log: string[]) => log.filter((line) => line.includes('closed')).length
      expect(sent.up.slice(0, heard(w.server).length), `seed ${seed}`).toEqual(heard(w.server))
      expect(sent.down.slice(0, heard(w.client).length), `seed ${seed}`).toEqual(heard(w.client))
      expect(closes(w.client) <= 1 && closes(w.server) <= 1, `seed ${seed}`).toBe(true)
      expect(closes(w.client), `seed ${seed}`).toBe(closes(w.server))
      expect(w.clock.pending(), `seed ${seed}`).toBe(0)
      if (closes(w.client) === 0) {
        expect(heard(w.server), `seed ${seed}`).toEqual(sent.up)
        expect(heard(w.client), `seed ${seed}`).toEqual(sent.down)
      }
    }
  })
})
