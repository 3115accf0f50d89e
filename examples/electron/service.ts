/** The terminal service of the app, in its main process: on loopback, for one page, with a key that no page ever has. */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { attachTerminal, type AttachOptions } from '@nimbus/terminal/server/node'

export interface Service {
  /** `ws://127.0.0.1:4711`, for the page's content security policy. */
  readonly socketOrigin: string
  /** Answers a request of the page for a one-time token. */
  token(request: Request): Promise<Response>
  close(): Promise<void>
}

const KEY = 'x-terminal-key'

/** `origin` is the page's, as a browser says it. Only what `token` answers admits to a terminal. */
export async function startService(origin: string, backend: AttachOptions['backend']): Promise<Service> {
  const key = randomBytes(32).toString('hex')
  const http = createServer((_request, response) => response.writeHead(404).end())
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  // A TCP server that listens has an address of this shape.
  const { port } = http.address() as AddressInfo
  const socketOrigin = `ws://127.0.0.1:${port}`
  const terminal = attachTerminal(http, {
    backend,
    origins: [origin],
    authenticate: (request) => (isSame(request.headers[KEY], key) ? { id: 'person' } : null),
    authorize: () => 'allow',
    socketUrl: (allocation) => `${socketOrigin}/ws/terminal/${encodeURIComponent(allocation)}`,
  })
  return {
    socketOrigin,
    async token(request) {
      const { pathname } = new URL(request.url)
      const headers = { 'content-type': 'application/json', origin, [KEY]: key }
      const answer = await fetch(`http://127.0.0.1:${port}${pathname}`, { method: 'POST', headers, body: await request.text() })
      return new Response(answer.body, { status: answer.status, headers: { 'content-type': 'application/json' } })
    },
    async close() {
      await terminal.close()
      http.closeAllConnections()
      await new Promise<void>((resolve) => http.close(() => resolve()))
    },
  }
}

function isSame(given: string | readonly string[] | undefined, key: string): boolean {
  return typeof given === 'string' && given.length === key.length && timingSafeEqual(Buffer.from(given), Buffer.from(key))
}
