/** The server under measurement, in a process of its own: page, token endpoint, terminal socket, a raw echo socket and payload files. */
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { echoBackend } from '../src/server/backends/echo.ts'
import { ptyBackend } from '../src/server/backends/pty.ts'
import type { Backend } from '../src/server/ports.ts'
import { attachTerminal } from '../src/server/runtimes/node.ts'
import { bareFlood } from './bareFlood.ts'
import { serveParent, type Served } from './child.ts'
import { peerAt } from './peerSockets.ts'
import type { Answer, Order, Setup, Usage } from './server.ts'
import { SHELL } from './shell.ts'
import { sourceBackend } from './source.ts'
import { KeyWatch } from './watchedBackend.ts'

const BACKENDS: Readonly<Record<Setup['backend'], () => Backend>> = {
  pty: () => ptyBackend({ command: () => SHELL, graceMs: 200 }),
  echo: () => echoBackend(),
  // What a PTY gives at once at most.
  source: () => sourceBackend(32 * 1024),
  mixed() {
    const [shells, others] = [BACKENDS.pty(), BACKENDS.source()]
    return { open: (request, events) => (request.allocation.startsWith('shell') ? shells : others).open(request, events) }
  },
}

const TYPES: Readonly<Record<string, string>> = { html: 'text/html; charset=utf-8', js: 'text/javascript', css: 'text/css' }

serveParent<Setup, Order, Answer>(serve, (order) => order === 'close')

async function serve({ backend, page, payloads, watched = false }: Setup): Promise<Served<Order, Answer>> {
  const watch = watched ? new KeyWatch() : null
  const programs = BACKENDS[backend]()
  const http = createServer()
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo // it listens on a port
  const origin = `http://localhost:${port}`
  const terminal = attachTerminal(http, {
    backend: watch?.backend(programs) ?? programs,
    authenticate: () => ({ id: 'bench' }),
    authorize: () => 'allow',
    limits: {
      mint: { perSecond: 10_000, burst: 10_000 },
      maxSessionsPerPrincipal: 10_000,
      maxConnectionsPerPrincipal: 10_000,
      maxSessions: 10_000,
    },
  })
  const sockets = new Set<Duplex>()

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    const payload = /^\/payload\/(\w+)$/.exec(path)?.[1]
    // Only this machine's own benchmark asks, and a path with dots is none that it asks for.
    const file = payload === undefined ? join(page, path === '/' ? 'index.html' : path) : join(payloads ?? '', payload)
    if (path.includes('..') || !existsSync(file)) return void response.writeHead(404).end()
    // Isolation makes the page's clock finer: 5 µs instead of 100.
    const isolated = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }
    const type = TYPES[path === '/' ? 'html' : (path.split('.').at(-1) ?? '')] ?? 'application/octet-stream'
    response.writeHead(200, { 'Content-Length': statSync(file).size, 'Content-Type': type, ...isolated })
    createReadStream(file).pipe(response)
  }
  http.on('request', (request, response) => {
    if (!request.url?.startsWith('/api/')) answer(request, response)
  })

  const raw = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  http.on('upgrade', (request, socket, head) => {
    sockets.add(socket)
    watch?.socket(socket)
    socket.once('close', () => sockets.delete(socket))
    if (request.url === '/raw')
      raw.handleUpgrade(request, socket, head, (accepted) => accepted.on('message', (data) => accepted.send(data)))
    const peer = peerAt(request)
    if (peer !== undefined) raw.handleUpgrade(request, socket, head, peer)
    if (request.url === '/flood') raw.handleUpgrade(request, socket, head, bareFlood)
  })

  function usage(): Usage {
    const { rss, heapUsed, arrayBuffers } = process.memoryUsage()
    const { user, system } = process.cpuUsage()
    return { rss, heapUsed, arrayBuffers, cpuMs: (user + system) / 1000, stats: terminal.server.stats() }
  }

  async function obey(order: Order): Promise<Answer> {
    switch (order) {
      case 'usage':
        return usage()
      case 'collect':
        globalThis.gc?.()
        globalThis.gc?.()
        return usage()
      case 'cut':
        // What is in the network then is lost, as with a cable.
        for (const socket of sockets) (socket as Socket).resetAndDestroy() // upgrades of plain HTTP are TCP sockets
        return null
      case 'keys':
        return { keys: watch?.take() ?? [] }
      case 'close':
        await terminal.close()
        for (const socket of sockets) socket.destroy()
        http.closeAllConnections()
        await new Promise((resolve) => http.close(resolve))
        return null
    }
  }

  return { first: { url: `${origin}/` }, obey }
}
