/** Somebody else at the same terminal: a real client of its own, on a good line that no script breaks. */
import { connect, type Connection } from '../src/client/index.ts'
import type { ClientPorts } from '../src/client/ports.ts'
import type { Clock } from '../src/server/ports.ts'
import type { TerminalServer } from '../src/server/server.ts'
import type { SeededRandom } from '../src/testing/seededRandom.ts'
import { simulatedLink } from '../src/testing/simulatedLink.ts'

export interface VisitorOptions {
  readonly core: TerminalServer
  readonly clock: Clock
  readonly random: SeededRandom
  readonly principal: string
  readonly allocation: string
  readonly takeOver: boolean
}

export interface Visitor {
  /** Resolves when it has the terminal, or was refused. */
  readonly arrived: Promise<void>
  leave(): void
}

export function createVisitor(options: VisitorOptions): Visitor {
  const { allocation, takeOver } = options
  const connection = connect({ allocationId: allocation, ports: portsOf(options) })
  const channel = connection.open({ size: { cols: 80, rows: 24 } })
  channel.on('data', ({ end }) => channel.consumed(end))
  const arrived = new Promise<void>((resolve) => {
    const look = (): void => {
      const { phase } = connection.snapshot().status
      if (phase === 'elsewhere' && takeOver) takeOverOnce()
      else if (phase !== 'starting' && phase !== 'idle') resolve()
    }
    let asked = false
    const takeOverOnce = (): void => {
      if (asked) resolve()
      else connection.takeOver()
      asked = true
    }
    connection.subscribe(look)
    look()
  })
  return { arrived, leave: () => leave(connection) }
}

/** Ends its session, so that the terminal is free. */
function leave(connection: Connection): void {
  connection.disconnect()
  connection.dispose()
}

function portsOf({ core, clock, random, principal }: VisitorOptions): ClientPorts {
  const link = simulatedLink({ clock, latencyMs: 1, accept: core.accept })
  return {
    openSocket: link.openSocket,
    clock,
    random: random.next,
    store: { read: () => null, write: () => undefined, remove: () => undefined },
    tabLock: { claim: () => ({ granted: true, release: () => undefined }) },
    page: { isHidden: () => false, isOffline: () => false, watch: () => () => undefined },
    async getToken({ allocation, takeOver }) {
      const answer = await core.mintToken({ principal: { id: principal }, allocation, origin: null, takeOver })
      return answer.ok ? { ...answer, url: `ws://mock/${allocation}` } : answer
    },
  }
}
