/** The terminal server on Node: the token endpoint and the socket on an HTTP server of yours, over `ws`. */
import { createHash, randomBytes } from 'node:crypto'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { Server as TlsServer } from 'node:tls'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import { SUBPROTOCOL } from '../../protocol/messages.ts'
import type { WireMessage } from '../../protocol/wireProfile.ts'
import type { TokenStore } from '../authority.ts'
import { hostOf, type TerminalHost } from '../host.ts'
import { when } from '../maybePromise.ts'
import type { TerminalServerOptions } from '../options.ts'
import type { Clock, MaybePromise, Principal, Random, ServerSocket, SocketEvents, UpgradeRequest } from '../ports.ts'
import { createTerminalServer, type TerminalServer } from '../server.ts'
import { memoryTokenStore } from '../stores/memory.ts'
import type { IndexOfByte } from '../terminalModes.ts'
import { tokenPath, type TokenHttpResponse } from '../tokenEndpoint.ts'
import type { UpgradeVerdict } from '../upgrade.ts'

export type { TerminalHost } from '../host.ts'
export type { TerminalServer } from '../server.ts'

/** What `attachHost` is told. */
export interface AttachHostOptions {
  /** Who sends this request; null for nobody. Asked when a page wants a token, and nowhere else. */
  readonly authenticate: (request: IncomingMessage) => MaybePromise<Principal | null>
  /** What stands before `/api/…` and `/ws/…` in the paths, without a slash at its end. Default ''. */
  readonly basePath?: string
  readonly http?: Partial<HttpLimits>
}

/** What `attachTerminal` is told. Clock, chance, hashing and the token store have defaults. */
export interface AttachOptions
  extends AttachHostOptions, Omit<TerminalServerOptions, 'clock' | 'random' | 'digest' | 'indexOfByte' | 'tokens'> {
  readonly tokens?: TokenStore
  readonly clock?: Clock
  readonly random?: Random
  /** The socket's address for a page, where it is not on the page's own origin. */
  readonly socketUrl?: (allocation: string) => string
}

export interface HttpLimits {
  /** TCP connections that have not sent a whole request head yet. Default 200. */
  readonly maxPending: number
  /** Milliseconds for the head of a request, and for the body of a token request. Default 10 000. */
  readonly requestMs: number
  /** Bytes of a token request's body. Default 1024. */
  readonly maxBody: number
}

export interface AttachedHost {
  /** Ends every program and every connection of the terminal; the HTTP server goes on without it. */
  close(): Promise<void>
}

export interface AttachedTerminal extends AttachedHost {
  readonly server: TerminalServer
}

const HTTP_LIMITS: HttpLimits = { maxPending: 200, requestMs: 10_000, maxBody: 1024 }

/** A monotonic clock whose timers do not keep the process alive. */
export const nodeClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    timer.unref()
    return () => clearTimeout(timer)
  },
  soon(callback) {
    const immediate = setImmediate(callback)
    return () => clearImmediate(immediate)
  },
}

export const nodeRandom: Random = { bytes: (length) => new Uint8Array(randomBytes(length)) }

/** SHA-256 in hexadecimal. */
export function nodeDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Searches many bytes at once, as those of a typed array do not. */
export const nodeIndexOf: IndexOfByte = (bytes, byte, from) => Buffer.prototype.indexOf.call(bytes, byte, from)

/** Serves terminals on an HTTP or HTTPS server, beside whatever else it serves. */
export function attachTerminal(http: Server, options: AttachOptions): AttachedTerminal {
  const clock = options.clock ?? nodeClock
  const tokens = options.tokens ?? memoryTokenStore({ clock })
  const random = options.random ?? nodeRandom
  const server = createTerminalServer({ ...options, clock, random, tokens, digest: nodeDigest, indexOfByte: nodeIndexOf })
  return { server, ...attachHost(http, hostOf(server, { ...options, socketUrl: socketUrlOf(options) }), options) }
}

/** Serves whatever answers as a terminal server does: the core with something of yours before it. */
export function attachHost(http: Server, host: TerminalHost, options: AttachHostOptions): AttachedHost {
  const limits = { ...HTTP_LIMITS, ...options.http }
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: true,
    perMessageDeflate: false,
    // A little more than a frame may have, so that one slightly too large is refused by name.
    maxPayload: host.maxFrame + 64 * 1024,
    maxFragments: 1024,
    maxBufferedChunks: 8192,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  })
  const guard = guardPending(http, limits)
  const unserve = serveRequests(http, (request, response) => {
    guard.arrived(request.socket)
    return answerToken(host, options, limits, request, response)
  })
  /** Sockets whose upgrade waits for a verdict. */
  const waiting = new Set<Duplex>()
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    guard.arrived(request.socket)
    if (pathOf(options, request)?.path.startsWith('/ws/terminal/'))
      return upgradeSocket(host, options, { sockets, waiting }, request, socket, head)
    if (http.listenerCount('upgrade') === 1) refuseUpgrade(socket, 404)
  }
  http.on('upgrade', upgrade)
  return {
    async close() {
      guard.end()
      unserve()
      http.off('upgrade', upgrade)
      const closed = Promise.all([...sockets.clients].map(gone))
      for (const socket of waiting) socket.destroy()
      await host.close()
      await closed
      await new Promise<void>((resolve) => sockets.close(() => resolve()))
    },
  }
}

function gone(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()))
}

// The request

interface Location {
  readonly path: string
  readonly query: string
}

/** The path behind the base path; null for paths outside it. */
function pathOf({ basePath = '' }: AttachHostOptions, request: IncomingMessage): Location | null {
  const [path = '', ...query] = (request.url ?? '').split('?')
  return path.startsWith(`${basePath}/`) ? { path: path.slice(basePath.length), query: query.join('?') } : null
}

/** What a page of this server says as its origin: as far as Node itself knows, since forwarded headers mean nothing. */
function ownOrigin({ headers, socket }: IncomingMessage): string | undefined {
  const scheme = 'encrypted' in socket && socket.encrypted === true ? 'https' : 'http'
  return headers.host === undefined ? undefined : `${scheme}://${headers.host}`
}

/** A header that came twice is joined with a comma, so that it matches nothing. */
function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}

/** Drops TCP connections that do not come to the point, which Node's own timeouts notice half a minute late. */
function guardPending(http: Server, { maxPending, requestMs }: HttpLimits) {
  const pending = new Map<Duplex, () => void>()
  const event = http instanceof TlsServer ? 'secureConnection' : 'connection'
  const arrived = (socket: Duplex): void => {
    pending.get(socket)?.()
    pending.delete(socket)
  }
  const connected = (socket: Duplex): void => {
    if (pending.size >= maxPending) return void socket.destroy()
    const cancel = nodeClock.after(requestMs, () => socket.destroy())
    pending.set(socket, cancel)
    socket.once('close', () => arrived(socket))
  }
  http.on(event, connected)
  return {
    arrived,
    end() {
      http.off(event, connected)
      for (const cancel of pending.values()) cancel()
      pending.clear()
    },
  }
}

// The token endpoint

/** Stands before the listeners that were there: they get what `take` does not want. Where nobody is left it is a 404. */
function serveRequests(http: Server, take: (request: IncomingMessage, response: ServerResponse) => boolean): () => void {
  const before = http.listeners('request')
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    if (take(request, response)) return
    for (const other of before) other.call(http, request, response)
    if (before.length > 0 || http.listenerCount('request') > 1) return
    response.writeHead(404, { 'Content-Type': 'text/plain' }).end()
  }
  http.removeAllListeners('request')
  http.on('request', listener)
  return () => {
    http.off('request', listener)
    // Function is all that Node says of its listeners; they are what `on` was given.
    for (const other of before) http.on('request', other as typeof listener)
  }
}

function answerToken(
  host: TerminalHost,
  options: AttachHostOptions,
  limits: HttpLimits,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const location = pathOf(options, request)
  if (location === null || tokenPath(location.path) === null) return false
  void readBody(request, limits)
    .then((body) => {
      if (body === null) return { status: 413, headers: { Connection: 'close' }, body: '{"code":"bad_request"}' }
      return host.answerToken({
        method: request.method ?? '',
        path: location.path,
        query: location.query,
        header: (name) => headerOf(request, name),
        own: ownOrigin(request),
        body,
        principal: () => options.authenticate(request),
      })
    })
    .then(
      (answer) => write(response, answer),
      () => write(response, { status: 500, headers: { 'Cache-Control': 'no-store' }, body: '{"code":"internal_error"}' }),
    )
  return true
}

function socketUrlOf({
  socketUrl,
  basePath = '',
}: Pick<AttachOptions, 'socketUrl' | 'basePath'>): (allocation: string) => string {
  return socketUrl ?? ((allocation) => `${basePath}/ws/terminal/${allocation}`)
}

function write(response: ServerResponse, { status, headers, body }: TokenHttpResponse): void {
  if (response.destroyed) return
  response.writeHead(status, { ...headers }).end(body)
}

/** The body as text; null if it is too long. Rejects when the client goes away or dawdles. */
function readBody(request: IncomingMessage, { maxBody, requestMs }: HttpLimits): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    const cancel = nodeClock.after(requestMs, () => request.destroy())
    request.on('data', (chunk: Buffer) => {
      length += chunk.byteLength
      if (length > maxBody) {
        cancel()
        resolve(null)
      } else chunks.push(chunk)
    })
    request.on('end', () => {
      cancel()
      resolve(Buffer.concat(chunks).toString('utf8'))
    })
    request.on('error', reject)
    request.on('close', () => {
      cancel()
      reject(new Error('The client went away.'))
    })
  })
}

// The socket

function upgradeSocket(
  host: TerminalHost,
  options: AttachHostOptions,
  { sockets, waiting }: { readonly sockets: WebSocketServer; readonly waiting: Set<Duplex> },
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  socket.on('error', ignore)
  const location = pathOf(options, request) ?? { path: '', query: '' }
  const origin = headerOf(request, 'origin')
  const facts = { ...location, origin, own: ownOrigin(request) }
  waiting.add(socket)
  const answer = (verdict: UpgradeVerdict): void => {
    waiting.delete(socket)
    if (!verdict.ok) return refuseUpgrade(socket, verdict.status)
    const offered = (headerOf(request, 'sec-websocket-protocol') ?? '').split(',').map((name) => name.trim())
    if (!offered.includes(SUBPROTOCOL)) return refuseUpgrade(socket, 400)
    const { allocation } = verdict
    const remoteAddress = request.socket.remoteAddress
    sockets.handleUpgrade(request, socket, head, (accepted) => {
      socket.off('error', ignore)
      serve(host, accepted, { allocation, origin: verdict.origin, remoteAddress })
    })
  }
  when(
    () => host.checkUpgrade(facts),
    answer,
    () => {
      waiting.delete(socket)
      refuseUpgrade(socket, 503)
    },
  )
}

/** A socket that breaks before it is one concerns nobody. */
function ignore(): void {}

const STATUS = { 400: 'Bad Request', 403: 'Forbidden', 404: 'Not Found', 503: 'Service Unavailable' } as const

function refuseUpgrade(socket: Duplex, status: keyof typeof STATUS): void {
  socket.on('error', ignore)
  socket.end(`HTTP/1.1 ${status} ${STATUS[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy())
}

function serve(host: TerminalHost, socket: WebSocket, request: UpgradeRequest): void {
  let events: SocketEvents | null = null
  socket.binaryType = 'nodebuffer'
  // Its close follows, with the code that says why.
  socket.on('error', ignore)
  socket.on('message', (data, isBinary) => events?.message(wireMessage(data, isBinary)))
  socket.on('close', (code, reason) => events?.closed(code, reason.toString('utf8')))
  events = host.accept(
    serverSocket(socket, () => events?.drained()),
    request,
  )
}

/** Below this the socket is taken for empty: the kernel takes more than that in one piece. */
const WORTH_TELLING = 64 * 1024

function serverSocket(socket: WebSocket, drained: () => void): ServerSocket {
  let isFull = false
  const written = (): void => {
    if (!isFull) return
    isFull = socket.bufferedAmount > 0
    drained()
  }
  return {
    send(message, done) {
      socket.send(message, SEND, done === undefined ? written : () => (done(), written()))
      if (socket.bufferedAmount > WORTH_TELLING) isFull = true
    },
    close: (code, reason) => socket.close(code, reason),
    terminate: () => socket.terminate(),
    bufferedAmount: () => socket.bufferedAmount,
    pause: () => socket.pause(),
    resume: () => socket.resume(),
  }
}

const SEND = { compress: false }

function wireMessage(data: RawData, isBinary: boolean): WireMessage {
  // With binaryType `nodebuffer` a message is one Buffer; its memory is this message's or its TCP segment's.
  const buffer = data as Buffer<ArrayBuffer>
  return isBinary ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength) : buffer.toString('utf8')
}
