/** The terminal service beside the app, on loopback: `next start` takes no sockets. Only who knows `TERMINALS_KEY` gets tokens, and only pages of `APP_ORIGIN` may use them. */
import { attachTerminal } from '@nimbus/terminal/server/node'
import { ptyBackend } from '@nimbus/terminal/server/pty'
import { timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'

const { TERMINALS_KEY: key = '', APP_ORIGIN: origin = 'http://localhost:3000', PORT: port = '4711' } = process.env
if (key.length < 32) throw new Error('TERMINALS_KEY is at least 32 characters, the same here and for the app.')

const http = createServer((_request, response) => response.writeHead(404).end())
http.listen(Number(port), '127.0.0.1', () => {
  const address = http.address()
  const here = `127.0.0.1:${typeof address === 'object' ? address?.port : port}`
  attachTerminal(http, {
    backend: ptyBackend(),
    origins: [origin],
    authenticate: (request) => (isKey(request.headers['x-terminals-key']) ? { id: 'ana' } : null),
    authorize: () => 'allow',
    socketUrl: (allocation) => `ws://${here}/ws/terminal/${encodeURIComponent(allocation)}`,
  })
  console.log(`http://${here}`)
})

/** @param {string | readonly string[] | undefined} given */
function isKey(given) {
  return typeof given === 'string' && given.length === key.length && timingSafeEqual(Buffer.from(given), Buffer.from(key))
}
