/** A terminal server as a process of its own, so that its memory and what it prints are its own. Asked by messages of its parent. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { echoBackend } from '../../src/server/backends/echo.ts'
import { attachTerminal } from '../../src/server/runtimes/node.ts'
import type { ServerEvent } from '../../src/server/events.ts'
import { personOf } from './site.ts'
import { witnessed } from './witness.ts'

const http = createServer()
await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
const programs = witnessed(echoBackend())
// A TCP server that listens has an address of this shape; only pipes have a string.
const { port } = http.address() as AddressInfo
let socketPort = port
const terminal = attachTerminal(http, {
  backend: programs,
  authorize: () => 'allow',
  authenticate: (request) => personOf(request.url),
  dangerouslyAllowMissingOrigin: true,
  socketUrl: (allocation) => `ws://127.0.0.1:${socketPort}/ws/terminal/${allocation}`,
  limits: { mint: { perSecond: 10_000, burst: 10_000 }, maxHandshakes: 1000 },
})
const events: ServerEvent[] = []
terminal.server.on((event) => events.push(event))
let highest = 0
const watch = setInterval(() => (highest = Math.max(highest, process.memoryUsage.rss())), 20)

function report() {
  const sums = programs.seen.map(({ allocation, input, output }) => ({ allocation, input: input.sum(), output: output.sum() }))
  const rss = { now: process.memoryUsage.rss(), highest }
  return { stats: terminal.server.stats(), sums, rss, events, handles: process.getActiveResourcesInfo() }
}

export type Report = ReturnType<typeof report>

async function close(): Promise<void> {
  clearInterval(watch)
  await terminal.close()
  const closed = new Promise((resolve) => http.close(resolve))
  http.closeAllConnections()
  await closed
  // Nothing is left that would keep the process: it ends by itself.
  process.disconnect?.()
}

process.on(
  'message',
  (message: { readonly ask: 'report' | 'close' | 'forget highest'; readonly number: number; readonly port?: number }) => {
    if (message.port !== undefined) socketPort = message.port
    if (message.ask === 'close') return void close()
    if (message.ask === 'forget highest') highest = process.memoryUsage.rss()
    process.send?.({ number: message.number, report: report() })
  },
)
process.send?.({ number: 0, port })
