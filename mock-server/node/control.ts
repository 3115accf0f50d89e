/**
 * The small endpoint by which a fake server on a port is told what to do. It obeys programs on the same machine and pages of its own.
 *
 * - `GET /mock` says what plays, what could, and how large the server is.
 * - `GET /mock/trace` is what passed between client and server so far.
 * - `POST /mock` with `Content-Type: application/json` has one thing done: `{"do":"cut"}`, `{"do":"script","name":"flood"}`,
 *   `{"do":"advance","ms":1000}` (virtual time only), or any other action that a script may hold. It answers what plays now and how
 *   large the server is.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { MockServer, MockServerOptions } from '../mockServer.ts'
import { scripts } from '../scripts.ts'
import { orderNames, readOrder, type Order } from './orders.ts'

const CONTROL = '/mock'
const LONGEST_ORDER = 8192

/** What takes the orders. */
export interface Controlled {
  /** What plays now; another one after `choose`. */
  readonly mock: MockServer
  /** Starts anew, with another script or another seed. Connections that stand are broken. Throws for a script that nobody knows. */
  choose(change: Pick<MockServerOptions, 'script' | 'seed'>): MockServer
  /** Moves virtual time, and lets what that causes happen. Rejects where time is real. */
  advance(ms: number): Promise<void>
}

/** Answers a request that is not the terminal's. */
export function serveControl(
  controlled: Controlled,
  isOurs: boolean,
  origins: readonly string[],
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { origin } = request.headers
  if (!isOurs) return send(response, 421, { problem: 'This server answers to localhost only.' })
  // A page names its origin when it sends something, and wherever it is not our own.
  if (origin !== undefined && !origins.includes(origin)) return send(response, 403, { problem: 'Another page asked.' })
  void answer(controlled, request).then(
    ([status, body]) => send(response, status, body),
    (error: unknown) => send(response, 400, { problem: error instanceof Error ? error.message : 'It did not work.' }),
  )
}

async function answer(controlled: Controlled, request: IncomingMessage): Promise<readonly [number, object]> {
  const path = (request.url ?? '').split('?')[0]
  if (path === `${CONTROL}/trace`) return [200, controlled.mock.trace()]
  if (path !== CONTROL) return [404, { problem: `The terminal is at /api and /ws; what this server does is at ${CONTROL}.` }]
  if (request.method === 'GET') return [200, { ...playing(controlled), ...choices }]
  if (request.method !== 'POST') return [405, { problem: 'Read with GET, give orders with POST.' }]
  // Pages of others can send anything but this without being asked first.
  if (request.headers['content-type']?.split(';')[0] !== 'application/json')
    return [415, { problem: 'Send orders as application/json.' }]
  const order = readOrder(await readBody(request))
  if (!order.ok) return [400, { problem: order.problem }]
  await obey(controlled, order.order)
  return [200, playing(controlled)]
}

async function obey(controlled: Controlled, order: Order): Promise<void> {
  switch (order.do) {
    case 'script':
      // A name that nobody knows throws a sentence that says so.
      return void controlled.choose({ script: order.name as (typeof scripts)[number]['name'], seed: order.seed })
    case 'advance':
      return controlled.advance(order.ms)
    default:
      return controlled.mock.act(order)
  }
}

function playing({ mock }: Controlled): object {
  const { script } = mock
  return { script: script === null ? null : { name: script.name, sentence: script.sentence }, stats: mock.core.stats() }
}

/** What else could be had. It is long, so that it is told only to who asks. */
const choices = { orders: orderNames, scripts: scripts.map(({ name, sentence }) => ({ name, sentence })) }

async function readBody(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > LONGEST_ORDER) throw new Error(`An order has at most ${LONGEST_ORDER} characters.`)
  }
  return text
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.destroyed) return
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  })
  response.end(`${JSON.stringify(body, null, 2)}\n`)
}
