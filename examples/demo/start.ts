/** Starts the demo: one loopback origin with the page, the token endpoint and the socket, whose every byte passes a breakable network. */
import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { ptyBackend } from '../../src/server/backends/pty.ts'
import type { Backend } from '../../src/server/ports.ts'
import { attachTerminal, type AttachOptions, type TerminalServer } from '../../src/server/runtimes/node.ts'
import type { FaultNetwork } from '../../src/testing/node/faultLink.ts'
import { createNetworks } from './networks.ts'
import { pageFiles, type PageFiles } from './page.ts'

export interface DemoOptions {
  /** 0 takes a free port. */
  readonly port: number
  /** Default: a login shell on a pseudo-terminal. */
  readonly backend?: Backend
  /** Serve React's development build. */
  readonly development?: boolean
  /** The page, if it is built already. */
  readonly files?: PageFiles
  /** Forbid style elements too. xterm.js writes some; the panel works without them, but the browser's console says each time. */
  readonly strictStyles?: boolean
  /** What the terminal server should do differently. */
  readonly terminal?: Partial<AttachOptions>
}

export interface Demo {
  /** Ends with a slash. */
  readonly url: string
  readonly server: TerminalServer
  /** The network under the socket of an allocation. */
  network(allocation: string): FaultNetwork
  /** Ends every program and every connection, and gives the port back. */
  close(): Promise<void>
}

const ID = /^[A-Za-z0-9-]{1,64}$/
const SOCKET = /^\/ws\/terminal\/([^/?#]+)$/
const NETWORK = /^\/demo\/networks\/([^/?#]+)$/

/** Resolves when the address answers. Rejects where the port is taken. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const files = options.files ?? (await pageFiles({ development: options.development }))
  const front = createServer()
  const port = await listen(front, options.port)
  const hosts = [`localhost:${port}`, `127.0.0.1:${port}`]
  const origins = hosts.map((host) => `http://${host}`)

  // The terminal's own server has a port of its own, so that a real TCP connection lies between it and the page.
  const inner = createServer()
  const innerPort = await listen(inner, 0)
  const terminal = attachTerminal(inner, {
    backend: options.backend ?? ptyBackend(),
    origins,
    authenticate: () => ({ id: 'demo' }),
    // Whoever can reach loopback may use the demo, and only allocations that are a plain name exist.
    authorize: ({ allocation }) => (ID.test(allocation) ? 'allow' : 'not_found'),
    ...options.terminal,
  })
  const networks = createNetworks()
  const security = securityHeaders(options.strictStyles ?? false)

  front.on('request', (request, response) => {
    // A page of another name that resolves to this address (DNS rebinding) gets nothing.
    if (!hosts.includes(request.headers.host ?? '')) return refuse(response, 421, 'This demo answers to localhost only.')
    route(request, response)
  })

  function route(request: IncomingMessage, response: ServerResponse): void {
    const path = pathOf(request)
    const network = NETWORK.exec(path)?.[1]
    if (path.startsWith('/api/')) return void inner.emit('request', request, response)
    if (network === undefined) return serveFile(files, security, path, request, response)
    if (!ID.test(network)) return refuse(response, 404, 'There is no such allocation.')
    if (request.method === 'POST' && !origins.includes(request.headers.origin ?? ''))
      return refuse(response, 403, 'Another page asked.')
    void networks.answer(network, request, response).catch(() => response.destroy())
  }

  front.on('upgrade', (request, duplex, head) => {
    // A plain HTTP server hands over the TCP socket itself.
    const socket = duplex as Socket
    const allocation = SOCKET.exec(pathOf(request))?.[1]
    if (!hosts.includes(request.headers.host ?? '') || allocation === undefined || !ID.test(allocation))
      return refuseSocket(socket, 404)
    // The terminal's own server checks this too; here it keeps strangers from making networks.
    if (!origins.includes(request.headers.origin ?? '')) return refuseSocket(socket, 403)
    if (!networks.carry(allocation, request, socket, head, innerPort)) refuseSocket(socket, 503)
  })

  return {
    url: `http://localhost:${port}/`,
    server: terminal.server,
    network: networks.of,
    async close() {
      await terminal.close()
      await networks.close()
      await Promise.all([end(front), end(inner)])
    },
  }
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?')[0] ?? '/'
}

/** The page needs nothing from anywhere else, and no script but its own files. */
function securityHeaders(strictStyles: boolean): Readonly<Record<string, string>> {
  const policy = {
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': strictStyles ? "'self'" : "'self' 'unsafe-inline'",
    'img-src': "'self'",
    'connect-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
    'require-trusted-types-for': "'script'",
  }
  return {
    'Content-Security-Policy': Object.entries(policy)
      .map(([directive, value]) => `${directive} ${value}`)
      .join('; '),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
  }
}

function serveFile(
  files: PageFiles,
  security: Readonly<Record<string, string>>,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const file = files.get(path === '/' ? '/index.html' : path)
  if (!file) return refuse(response, 404, 'There is no such page.')
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'This page can only be read.')
  // no-cache, not no-store: a page that must not be stored is kept out of the back/forward cache.
  response.writeHead(200, { 'Content-Type': file.type, 'Cache-Control': 'no-cache', ...security })
  response.end(request.method === 'HEAD' ? undefined : file.body)
}

function refuse(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' })
  response.end(`${sentence}\n`)
}

function refuseSocket(socket: Socket, status: number): void {
  // Whether the answer arrives concerns nobody.
  socket.on('error', () => undefined)
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () =>
    socket.destroy(),
  )
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
