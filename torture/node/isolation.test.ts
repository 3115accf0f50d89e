/** What must never come out, who must never come in: secrets and payload in what is told, one-time tokens used twice, old tokens replayed. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ClientPorts } from '../../src/client/ports.ts'
import { echoBackend } from '../../src/server/backends/echo.ts'
import { LENGTH } from '../length.ts'
import { RawSocket } from './rawSocket.ts'
import { startRemote, type RemoteSite } from './remote.ts'
import { startSite, type Site } from './site.ts'
import { until } from './until.ts'

const closing: (() => Promise<void> | void)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

function opened<T extends { close(): Promise<void> | void }>(what: T): T {
  closing.push(() => what.close())
  return what
}

interface Minted {
  readonly token: string
  readonly websocket_url: string
}

async function mint(endpoint: string, allocation: string, query = ''): Promise<Minted> {
  const response = await fetch(`${endpoint}/api/v1/allocations/${allocation}/terminal-token${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  // The endpoint's own tests hold its answers to this shape.
  return (await response.json()) as Minted
}

describe('nothing secret and nothing typed or printed is told (section 7, the last sentence)', () => {
  const CANARY = 'c4n4ry'
  const TYPED = `${CANARY}-typed-payload`
  /** Tokens and proofs as they went over the wire. */
  const secrets = new Set<string>()
  let wire = ''
  let printed = ''

  beforeEach(() => {
    secrets.clear()
    wire = printed = ''
    for (const name of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) {
      vi.spyOn(console, name).mockImplementation((...words: unknown[]) => void (printed += `${words.map(String).join(' ')}\n`))
    }
  })

  function overhear(data: unknown): void {
    if (typeof data !== 'string') return void (data instanceof Uint8Array && (wire += Buffer.from(data).toString('latin1')))
    wire += data
    JSON.parse(data, (key: string, value: unknown) => {
      if (['token', 'proof', 'resumeKey'].includes(key) && typeof value === 'string') secrets.add(value)
      return value
    })
  }

  class Overheard extends WebSocket {
    constructor(url: string, protocol: string) {
      super(url, protocol)
      this.addEventListener('message', ({ data }) => overhear(data))
    }

    override send(data: string | Uint8Array<ArrayBuffer>): void {
      overhear(data)
      super.send(data)
    }
  }

  /** Every way to be refused, with a canary wherever something can be said. */
  async function misbehave(at: RemoteSite, base: string): Promise<void> {
    const attempts: ((socket: RawSocket) => void)[] = [
      (socket) => socket.hello({ auth: { scheme: 'bearer', token: `${CANARY}-token-that-is-none-at-all` } }),
      (socket) => socket.hello({ resume: { token: `${CANARY}-resume-token-that-is-none`, attempt: 1, channels: [] } }),
      (socket) => socket.hello({ resume: { token: [...secrets][0], proof: `${CANARY}-proof`, attempt: 99, channels: [] } }),
      (socket) => socket.send(`{"t":"hello","${CANARY}": broken`),
      (socket) => socket.send({ t: `${CANARY}`, proto: 1 }),
      (socket) => socket.send({ t: 'hello', proto: 1, caps: { profile: `${CANARY}.v1` } }),
      (socket) => socket.send({ t: 'hello', proto: 1, caps: `${CANARY}` }),
      (socket) => socket.send(`${CANARY}`.repeat(200_000)),
    ]
    for (const attempt of attempts) {
      const socket = opened(await new RawSocket(`${base}/misbehaved`).opened())
      attempt(socket)
      await until(() => socket.closed !== null, `the server sends away ${attempt.toString()}`)
    }
    const refused = opened(new RawSocket(`${base}/misbehaved?token=${CANARY}`))
    await until(() => refused.closed !== null, 'a secret in the address is refused')
    expect(await mint(at.endpoint, 'misbehaved', `?token=${CANARY}`)).toEqual({ code: 'bad_request' })
    expect(await mint(at.endpoint, `..%2f${CANARY}`)).not.toHaveProperty('token')
    // Let in, and then out of line.
    const outOfLine = [{ t: CANARY }, { t: 'flow', id: 1, credit: CANARY }, { t: 'open', id: 1, target: { allocation: CANARY } }]
    for (const [i, message] of outOfLine.entries()) {
      const { token } = await mint(at.endpoint, `out${i}`)
      secrets.add(token)
      const socket = opened(await new RawSocket(`${base}/out${i}`).opened())
      socket.hello({ auth: { scheme: 'bearer', token } })
      await socket.decided()
      expect(socket.has('hello_ok')).toBe(true)
      socket.send(message)
      await until(() => socket.closed !== null || socket.has('open_err'), 'the server refuses')
      socket.send({ t: 'close', id: 0, reason: 'user_closed' })
      await until(() => socket.closed !== null, 'it is over')
    }
  }

  test('whatever happens', async () => {
    const at = opened(await startRemote())
    const visitor = at.visit({ allocationId: 'told', WebSocket: Overheard })
    const told: unknown[] = []
    for (const event of ['diagnostic', 'policy', 'close'] as const) visitor.connection.on(event, (value) => told.push(value))
    await visitor.ready()
    visitor.type(`${TYPED}\r`)
    await visitor.reads(`${TYPED}\r`)
    for (let i = 0; i < 3; i++) {
      at.link.cut()
      visitor.type(`${TYPED} ${i}\r`)
      await visitor.resumedAfter(i)
    }
    await visitor.reads(`${TYPED} 2\r`)
    await misbehave(at, `${at.endpoint.replace('http', 'ws')}/ws/terminal`)
    // Away for good, with something typed that nobody took.
    at.link.refuse(true)
    at.link.cut()
    await visitor.until(() => !visitor.isReady, 'the page is away')
    visitor.type(`${TYPED} held\r`)
    visitor.channel.write(new Uint8Array(5000))
    visitor.connection.disconnect()
    const { events } = await at.report()

    const errors = visitor.errors.map((error) => `${error.stack}`)
    const all = [
      JSON.stringify(events),
      at.printed(),
      printed,
      JSON.stringify(told),
      JSON.stringify(visitor.diagnostics),
      ...errors,
    ]
    all.push(JSON.stringify([visitor.connection.snapshot(), visitor.connection.stats(), visitor.end]))
    const said = all.join('\n')
    // There was something to hear, and something to say.
    expect(wire).toContain(TYPED)
    expect(secrets.size).toBeGreaterThanOrEqual(8)
    expect(new Set(events.map(({ code }) => code)).size).toBeGreaterThanOrEqual(8)
    expect(visitor.codes.size).toBeGreaterThanOrEqual(3)
    // A session's token begins with the session's name, which is no secret.
    for (const secret of [TYPED, CANARY, ...[...secrets].map((token) => token.split('.').at(-1) ?? token)]) {
      for (const form of [
        secret,
        Buffer.from(secret).toString('base64').replace(/=+$/, ''),
        Buffer.from(secret).toString('hex'),
      ]) {
        // Half a secret is a secret.
        expect(said).not.toContain(form.slice(0, Math.max(6, Math.min(form.length, 12))))
      }
    }
  })
})

describe('a token admits once (invariant 5)', () => {
  async function start(): Promise<Site> {
    return opened(await startSite({ backend: echoBackend() }))
  }

  test(`100 who present one one-time token at once: one wins, ${LENGTH.real.presenters} times`, async () => {
    const at = await start()
    for (let round = 0; round < LENGTH.real.presenters; round++) {
      const { token, websocket_url } = await mint(at.endpoint, `once${round}`)
      const sockets = await Promise.all(Array.from({ length: 100 }, () => opened(new RawSocket(websocket_url)).opened()))
      for (const socket of sockets) socket.hello({ auth: { scheme: 'bearer', token } })
      await Promise.all(sockets.map((socket) => socket.decided()))
      const winners = sockets.filter((socket) => socket.has('hello_ok'))
      expect(winners).toHaveLength(1)
      const losers = sockets.filter((socket) => socket.closed !== null)
      expect(losers).toHaveLength(99)
      expect(new Set(losers.map(({ closed }) => `${closed?.code} ${closed?.reason}`))).toEqual(new Set(['4003 auth_failed']))
      expect(at.server.stats()).toMatchObject({ sessions: round + 1, attached: round + 1 })
      // The winner has a terminal.
      winners[0]?.send({ t: 'open', id: 1, target: { allocation: `once${round}` } })
      await until(() => winners[0]?.has('open_ok') === true, 'the winner opens its terminal')
    }
  })

  test('a session token that was used up is refused as often as it comes, and the live session goes on', async () => {
    const at = await start()
    const storage = new Map<string, string>()
    const store: ClientPorts['store'] = {
      read: (key) => storage.get(key) ?? null,
      write: (key, value) => void storage.set(key, value),
      remove: (key) => void storage.delete(key),
    }
    const stored = (): string | undefined => /"token":"([^"]+)"/.exec([...storage.values()].join())?.[1]
    const page = { allocationId: 'rotated', ports: { store } }
    const first = at.visit(page)
    await first.ready()
    first.type('before\r')
    await first.reads('before\r')
    const old = stored()
    first.leave()
    const second = at.visit(page)
    await second.reads('before\r')
    await second.until(() => stored() !== old, 'the page has another token')
    second.type('mine\r')
    await second.reads('mine\r')
    for (let attempt = 1; attempt <= 20; attempt++) {
      const thief = opened(await new RawSocket(`${at.endpoint.replace('http', 'ws')}/ws/terminal/rotated`).opened())
      thief.hello({ resume: { token: old, attempt, channels: [] } })
      await until(() => thief.closed !== null, 'the thief is sent away')
      expect(thief.closed).toEqual({ code: 4011, reason: 'reused' })
      expect(thief.has('hello_ok')).toBe(false)
      second.type(`still mine ${attempt}\r`)
      await second.reads(`still mine ${attempt}\r`)
    }
    expect(second.reconnects).toBe(0)
    expect(second.count('socket-lost')).toBe(0)
    expect(at.server.stats()).toMatchObject({ sessions: 1, attached: 1, opened: 1 })
    expect(at.events.filter(({ bus }) => bus === 'policy').length).toBeGreaterThanOrEqual(20)
  })

  test('a proof that was replaced is refused too, and so is a number that was used', async () => {
    const at = await start()
    const hellos: { readonly resume?: object }[] = []
    class Overheard extends WebSocket {
      override send(data: string | Uint8Array<ArrayBuffer>): void {
        // In the default profile a text is one JSON object.
        if (typeof data === 'string' && data.includes('"hello"')) hellos.push(JSON.parse(data) as { readonly resume?: object })
        super.send(data)
      }
    }
    const visitor = at.visit({ allocationId: 'proven', WebSocket: Overheard })
    await visitor.ready()
    for (let i = 0; i < 3; i++) {
      at.link.cut()
      await visitor.resumedAfter(i)
      visitor.type(`again ${i}\r`)
      await visitor.reads(`again ${i}\r`)
    }
    const resumes = hellos.flatMap(({ resume }) => (resume === undefined ? [] : [resume]))
    expect(resumes).toHaveLength(3)
    const replays = [resumes[0], { ...resumes[0], attempt: 1000 }, { ...resumes[1], attempt: 1000 }, resumes[2]]
    for (const resume of replays) {
      const thief = opened(await new RawSocket(`${at.endpoint.replace('http', 'ws')}/ws/terminal/proven`).opened())
      thief.hello({ resume })
      await until(() => thief.closed !== null || thief.has('hello_ok'), 'the server decides')
      expect(thief.closed).toEqual({ code: 4011, reason: 'reused' })
    }
    visitor.type('undisturbed\r')
    await visitor.reads('undisturbed\r')
    expect(visitor.count('socket-lost')).toBe(3)
  })
})
