/** The demo answers on one loopback origin, to nobody else, and leaves nothing behind. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { echoBackend } from '../../src/server/backends/echo.ts'
import { startDemo, type Demo } from './start.ts'

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** `fetch` cannot choose the Host header. */
async function ask(demo: Demo, path: string, options: { method?: string; headers?: Record<string, string>; body?: string } = {}) {
  const { port } = new URL(demo.url)
  const outgoing = request({
    host: '127.0.0.1',
    port,
    path,
    method: options.method ?? 'GET',
    headers: { host: `localhost:${port}`, ...options.headers },
  })
  outgoing.end(options.body)
  const [incoming] = await once(outgoing, 'response')
  let body = ''
  for await (const chunk of incoming) body += String(chunk)
  return { status: incoming.statusCode, headers: incoming.headers, body } as Answer
}

describe('the demo', () => {
  let demo: Demo
  beforeAll(async () => {
    demo = await startDemo({ port: 0, backend: echoBackend() })
  }, 30_000)
  afterAll(() => demo.close())

  const own = () => ({ origin: new URL(demo.url).origin, 'content-type': 'application/json' })
  const mint = (id: string, headers: Record<string, string>) =>
    ask(demo, `/api/v1/allocations/${id}/terminal-token`, { method: 'POST', headers, body: '{}' })

  it('serves its page and every file that the page names, under a strict policy', async () => {
    const page = await ask(demo, '/')
    expect(page.status).toBe(200)
    expect(page.headers['content-security-policy']).toContain("script-src 'self';")
    const files = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '')
    expect(files.length).toBeGreaterThan(2)
    for (const file of files) expect((await ask(demo, file)).status, file).toBe(200)
  })

  it('gives tokens for plain names only, to its own page only', async () => {
    expect((await mint('box-1', own())).status).toBe(201)
    expect((await mint('box_1', own())).status).toBe(404)
    expect((await mint('box-1', { ...own(), origin: 'http://evil.example' })).status).toBe(403)
    expect((await mint('box-1', { 'content-type': 'application/json' })).status).toBe(403)
  })

  it('answers to its own names only, so that no other name can be bound to it', async () => {
    const { port } = new URL(demo.url)
    for (const host of [`evil.example:${port}`, 'localhost', `localhost.evil.example:${port}`]) {
      expect((await ask(demo, '/', { headers: { host } })).status, host).toBe(421)
      expect((await mint('box-1', { ...own(), host })).status, host).toBe(421)
    }
    expect((await ask(demo, '/', { headers: { host: `127.0.0.1:${port}` } })).status).toBe(200)
  })

  it('breaks and mends networks for its own page only', async () => {
    const fault = (headers: Record<string, string>, body: string) =>
      ask(demo, '/demo/networks/box-2', { method: 'POST', headers, body })
    expect((await fault({ origin: 'http://evil.example' }, '{"fault":"gone"}')).status).toBe(403)
    expect((await fault({}, '{"fault":"gone"}')).status).toBe(403)
    expect((await ask(demo, '/demo/networks/box-2')).body).toBe('{"standing":"none"}')
    expect((await fault(own(), '{"fault":"stall"}')).body).toBe('{"standing":"stall"}')
    expect((await ask(demo, '/demo/networks/box-2')).body).toBe('{"standing":"stall"}')
    expect((await fault(own(), '{"fault":"restore"}')).body).toBe('{"standing":"none"}')
    expect((await fault(own(), '{"fault":"no such"}')).status).toBe(400)
    expect((await fault(own(), 'x'.repeat(1_000))).status).toBe(400)
  })

  it('upgrades its own page only, and has room for so many names only', async () => {
    const { port } = new URL(demo.url)
    const upgrade = (id: string, origin: string): Promise<number> =>
      new Promise((resolve, reject) => {
        const headers = {
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
        }
        const outgoing = request({
          host: '127.0.0.1',
          port,
          path: `/ws/terminal/${id}`,
          headers: { ...headers, host: `localhost:${port}`, origin, 'sec-websocket-protocol': 'nimbus.ssh.v1' },
        })
        const done = (status: number | undefined, close: () => void): void => {
          close()
          resolve(status ?? 0)
        }
        outgoing.on('upgrade', (incoming, socket) => done(incoming.statusCode, () => socket.destroy()))
        outgoing.on('response', (incoming) => done(incoming.statusCode, () => incoming.resume()))
        outgoing.on('error', reject).end()
      })
    expect(await upgrade('box-1', own().origin)).toBe(101)
    expect(await upgrade('box-1', 'http://evil.example')).toBe(403)
    expect(await upgrade('a_b', own().origin)).toBe(404)
    for (let index = 0; index < 256; index++) await upgrade(`made-up-${index}`, own().origin)
    expect(await upgrade('one-more', own().origin)).toBe(503)
    expect(await upgrade('box-1', own().origin)).toBe(101)
  })

  it('has no other paths', async () => {
    for (const path of ['/nothing', '/../package.json', '/demo/networks/', '/demo/networks/a_b', '/index.html/']) {
      expect((await ask(demo, path)).status, path).toBe(404)
    }
  })
})

describe('npm start', () => {
  const start = (port: string) =>
    spawn(process.execPath, [join(import.meta.dirname, 'server.ts')], {
      env: { ...process.env, PORT: port },
      stdio: ['ignore', 'pipe', 'pipe'],
    })

  async function output(child: ReturnType<typeof start>): Promise<{ text: string; code: number | null }> {
    let text = ''
    child.stdout?.on('data', (chunk) => (text += String(chunk)))
    child.stderr?.on('data', (chunk) => (text += String(chunk)))
    const [code] = (await once(child, 'close')) as [number | null]
    return { text, code }
  }

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'names its address when it answers, and ends at %s',
    async (signal) => {
      const child = start('0')
      const [line] = (await once(child.stdout, 'data')) as [Buffer]
      const url = /http:\/\/localhost:\d+\//.exec(String(line))?.[0] ?? 'no address'
      expect((await fetch(url)).status).toBe(200)
      child.kill(signal)
      expect((await output(child)).code).toBe(0)
    },
    30_000,
  )

  it('says in a sentence that its port is taken', async () => {
    const taken = createServer()
    taken.listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const { text, code } = await output(start(String(port)))
    await new Promise((resolve) => taken.close(resolve))
    expect(code).toBe(1)
    expect(text).toBe(`Port ${port} is taken. Choose another one: PORT=${port + 1} npm start\n`)
  }, 30_000)

  it('says in a sentence that PORT is no port', async () => {
    const { text, code } = await output(start('many'))
    expect([code, text]).toEqual([1, 'PORT must be a number from 0 to 65535; it is "many".\n'])
  }, 30_000)
})
