/** The mount through msw: handlers that bring what a page sends to a token endpoint and a socket to the fake server. */
import { http, type HttpHandler, HttpResponse, WebSocketHandler } from 'msw'
import type { WireMessage } from '../../src/protocol/wireProfile.ts'
import type { TerminalHost } from '../../src/server/host.ts'
import type { ServerSocket, SocketEvents } from '../../src/server/ports.ts'
import type { TokenHttpRequest, TokenHttpResponse } from '../../src/server/tokenEndpoint.ts'

export interface TerminalHandlersOptions {
  /** What the client has as its `endpoint`: other hosts are let be. Default: any address with the paths of a terminal server. */
  readonly endpoint?: string
  /** The origin that the server is told, because no page may say its own to msw. Default: the page's, in Node that of the request. */
  readonly origin?: string
}

/** For `setupWorker(...)`, `setupServer(...)` and `interceptPage(...)`. */
export function terminalHandlers(
  { host }: { readonly host: TerminalHost },
  options: TerminalHandlersOptions = {},
): [HttpHandler, WebSocketHandler] {
  return [
    tokenHandler(host, options),
    new TerminalSocketHandler(addressesOf(options, SOCKET_PATH, 'ws'), (client) => admit(host, client, options)),
  ]
}

// ---- tokens ----

const TOKEN_PATH = '/api/v1/allocations/'
const SOCKET_PATH = '/ws/terminal/'

function tokenHandler(host: TerminalHost, options: TerminalHandlersOptions): HttpHandler {
  return http.all(addressesOf(options, TOKEN_PATH, 'http'), async ({ request }) => {
    const asked = await readRequest(request, options)
    try {
      return responseOf(await host.answerToken(asked))
    } catch {
      // Nobody answers: what `fetch` does about a network that is not there.
      return HttpResponse.error()
    }
  })
}

async function readRequest(request: Request, options: TerminalHandlersOptions): Promise<TokenHttpRequest> {
  const url = new URL(request.url)
  const own = originOf(url, options)
  return {
    method: request.method,
    path: url.pathname.slice(url.pathname.indexOf(TOKEN_PATH)),
    query: url.search.slice(1),
    header: (name) => (name === 'origin' ? own : (request.headers.get(name) ?? undefined)),
    own,
    body: await request.text(),
    // The fake server knows who is there.
    principal: () => null,
  }
}

function responseOf({ status, headers, body }: TokenHttpResponse): Response {
  return new HttpResponse(status === 204 ? null : body, { status, headers })
}

// ---- sockets ----

type Connection = Parameters<WebSocketHandler['run']>[0]
type Context = Parameters<WebSocketHandler['run']>[1]
type Matched = Awaited<ReturnType<WebSocketHandler['run']>>

/**
 * msw opens a socket once its handler has run. This one runs until the server has said whether there is to be a socket at all, so that a
 * page sees a slow, a refused and a swallowed connection as it would see them on a network. It is what `ws.link` makes, without the
 * list of all clients that a link keeps in the browser's database, and without a line in the console for each message.
 */
class TerminalSocketHandler extends WebSocketHandler {
  readonly #admit: (client: Connection['client']) => Promise<void>

  constructor(addresses: RegExp, admit: (client: Connection['client']) => Promise<void>) {
    super(addresses)
    this.#admit = admit
  }

  override async run(connection: Connection, context?: Context): Promise<Matched> {
    const matched = await super.run(connection, context)
    if (matched !== null) await this.#admit(matched.client)
    return matched
  }
}

async function admit(host: TerminalHost, client: Connection['client'], options: TerminalHandlersOptions): Promise<void> {
  let server: SocketEvents | null = null
  let over = false
  client.addEventListener('close', ({ code, reason }) => {
    over = true
    server?.closed(code, reason)
  })
  const { url } = client
  const own = originOf(url, options)
  const path = url.pathname.slice(url.pathname.indexOf(SOCKET_PATH))
  const verdict = await host.checkUpgrade({ path, query: url.search.slice(1), origin: own, own })
  if (over) return
  if (!verdict.ok) return client.close(1006)
  server = host.accept(socketOf(client), verdict)
  const { message } = server
  client.addEventListener('message', ({ data }) => message(toWire(data)))
}

function socketOf(client: Connection['client']): ServerSocket {
  const opened = new Promise<void>((resolve) => client.addEventListener('open', () => resolve(), { once: true }))
  // msw forgets what was sent and not yet delivered when a socket closes. What was sent before takes one turn, this takes one more.
  const close = (code: number, reason: string): void => void opened.then(() => client.close(code, reason))
  return {
    send: (message) => client.send(typeof message === 'string' ? message : exactBuffer(message)),
    close,
    terminate: () => close(1006, ''),
    // What a page hands over is there at once.
    bufferedAmount: () => 0,
  }
}

/** As a socket with `binaryType` `arraybuffer` delivers it: msw passes on whatever object it is given. */
function exactBuffer({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): ArrayBuffer {
  return buffer.slice(byteOffset, byteOffset + byteLength)
}

/** A copy: the sender may use its bytes again. */
function toWire(data: unknown): WireMessage {
  if (typeof data === 'string') return data
  if (data instanceof ArrayBuffer) return new Uint8Array(data.slice(0))
  if (ArrayBuffer.isView(data))
    return new Uint8Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer)
  throw new TypeError('The fake server takes strings and bytes; whoever opened this socket sent something else.')
}

// ---- addresses ----

function addressesOf({ endpoint }: TerminalHandlersOptions, path: string, scheme: 'http' | 'ws'): RegExp {
  const host = endpoint === undefined ? '[^/?#]+' : literally(hostOf(endpoint))
  return new RegExp(`^${scheme}s?://${host}(?:/[^?#]*)?${path}[^?#]+`)
}

function hostOf(endpoint: string): string {
  return new URL(endpoint, typeof location === 'undefined' ? undefined : location.href).host
}

function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}

function originOf(url: URL, { origin }: TerminalHandlersOptions): string {
  if (origin !== undefined) return origin
  return typeof location === 'undefined' ? url.origin.replace(/^ws/, 'http') : location.origin
}
