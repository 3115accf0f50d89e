/** Both ends of a terminal under one clock that a test moves: the real client, the real server core, and a network between that breaks where it is told. */
import { connect, type Connection, type ConnectOptions, type TokenAnswer } from '../src/client/index.ts'
import { echoBackend } from '../src/server/backends/echo.ts'
import type { ServerLimits } from '../src/server/options.ts'
import type { Backend } from '../src/server/ports.ts'
import type { TerminalServer } from '../src/server/server.ts'
import { seededRandom } from '../src/testing/seededRandom.ts'
import { simulatedLink, type SimulatedLink, type SimulatedLinkOptions } from '../src/testing/simulatedLink.ts'
import { virtualClock, type VirtualClock } from '../src/testing/virtualClock.ts'
import { createCore } from './core.ts'

export interface SocketPairOptions {
  /** Default: the echo backend. */
  readonly backend?: Backend
  readonly limits?: Partial<ServerLimits>
  /** How the network is and where it breaks. */
  readonly link?: Omit<SimulatedLinkOptions, 'clock' | 'accept' | 'origin'>
  /** The same seed gives the same run. Default 1. */
  readonly seed?: string | number
}

export interface SocketPair {
  /** Nothing happens unless it is moved: `await pair.clock.settleUntil(() => …)`. */
  readonly clock: VirtualClock
  readonly link: SimulatedLink
  readonly server: TerminalServer
  /** A client at the near end. Each call is another page. */
  connect(options?: Partial<ConnectOptions>): Connection
  /** Lets go of all clients and ends every session. Timers that are left belong to the clock and never run. */
  close(): Promise<void>
}

const PRINCIPAL = { id: 'visitor' }

/** Creates both ends at rest. */
export function socketPair(options: SocketPairOptions = {}): SocketPair {
  const clock = virtualClock()
  const random = seededRandom(options.seed ?? 1)
  const server = createCore({
    clock,
    random: random.fork('secrets'),
    backend: options.backend ?? echoBackend({ clock }),
    plan: {},
    limits: options.limits,
    authorize: () => 'allow',
  })
  const link = simulatedLink({
    ...options.link,
    clock,
    accept(socket, { allocation }) {
      const verdict = server.checkUpgrade({ path: `/ws/terminal/${allocation}`, query: '', origin: undefined, own: undefined })
      return verdict.ok ? server.accept(socket, verdict) : null
    },
  })
  const clients: Connection[] = []

  async function getToken(allocation: string, takeOver: boolean): Promise<TokenAnswer> {
    const answer = await server.mintToken({ principal: PRINCIPAL, allocation, origin: null, takeOver })
    return answer.ok ? { ok: true, token: answer.token, url: `ws://pair.test/ws/terminal/${allocation}` } : answer
  }

  return {
    clock,
    link,
    server,
    connect(own = {}) {
      const chance = random.fork(`client ${clients.length}`)
      const connection = connect({
        allocationId: 'pair',
        storage: 'none',
        getToken: ({ allocation, takeOver }) => getToken(allocation, takeOver),
        ...own,
        ports: {
          openSocket: link.openSocket,
          clock: { now: clock.now, wall: clock.wall, after: clock.after },
          random: chance.next,
          page: { isHidden: () => false, isOffline: () => false, watch: () => () => undefined },
          ...own.ports,
        },
      })
      clients.push(connection)
      return connection
    },
    async close() {
      for (const client of clients) client.dispose()
      await server.close()
    },
  }
}
