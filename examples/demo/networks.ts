/** One breakable network for each allocation, and the small endpoint by which the page breaks and mends it. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { faultNetwork, type FaultNetwork } from '../../src/testing/node/faultLink.ts'
import { FAULTS, SLOW, type Fault, type Standing } from './faults.ts'

/** Names can be made up, so their networks are counted. */
const MOST_NETWORKS = 256

export interface Networks {
  /** The network of an allocation. Throws if there are too many. */
  of(allocation: string): FaultNetwork
  /** Answers `GET` and `POST {"fault"}` for an allocation. The caller has checked where the request comes from. */
  answer(allocation: string, request: IncomingMessage, response: ServerResponse): Promise<void>
  /** Carries an upgrade request and its socket through the allocation's network to a server on loopback. False if there is no room for another network. */
  carry(allocation: string, request: IncomingMessage, socket: Socket, head: Buffer, port: number): boolean
  close(): Promise<void>
}

export function createNetworks(): Networks {
  const networks = new Map<string, { readonly network: FaultNetwork; standing: Standing }>()

  function entry(allocation: string) {
    const known = networks.get(allocation)
    if (known) return known
    if (networks.size >= MOST_NETWORKS) throw new Error(`The demo keeps at most ${MOST_NETWORKS} networks.`)
    const made = { network: faultNetwork(), standing: 'none' as Standing }
    networks.set(allocation, made)
    return made
  }

  function apply(allocation: string, fault: Fault): void {
    const one = entry(allocation)
    if (fault !== 'cut') one.network.restore()
    switch (fault) {
      case 'cut':
        return one.network.cut()
      case 'restore':
        one.standing = 'none'
        return
      case 'stall':
        one.network.hold()
        break
      case 'slow':
        one.network.throttle(SLOW.bytesPerSecond)
        one.network.latency(SLOW.latencyMs)
        break
      case 'gone':
        one.network.refuse(true)
        one.network.cut()
        break
    }
    one.standing = fault
  }

  const standing = (allocation: string): Standing => networks.get(allocation)?.standing ?? 'none'

  return {
    of: (allocation) => entry(allocation).network,
    async answer(allocation, request, response) {
      if (request.method === 'POST') {
        const fault = await readFault(request)
        if (fault === null)
          return send(response, 400, { error: `fault is one of ${FAULTS.map(({ fault }) => fault).join(', ')}` })
        apply(allocation, fault)
      }
      send(response, 200, { standing: standing(allocation) })
    },
    carry(allocation, request, socket, head, port) {
      if (!networks.has(allocation) && networks.size >= MOST_NETWORKS) return false
      const server = connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true })
      server.write(headOf(request))
      server.write(head)
      entry(allocation).network.carry(socket, server)
      return true
    },
    async close() {
      await Promise.all([...networks.values()].map(({ network }) => network.close()))
    },
  }
}

/** The request as it came, for the server behind the network. */
function headOf({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let i = 0; i < rawHeaders.length; i += 2) lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}

async function readFault(request: IncomingMessage): Promise<Fault | null> {
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > 100) return null
  }
  return FAULTS.find(({ fault }) => text === JSON.stringify({ fault }))?.fault ?? null
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
  response.end(JSON.stringify(body))
}
