/** The network of the fake server: simulated links that can be broken, held up and slowed by hand while they carry. */
import type { OpenSocket } from '../src/client/ports.ts'
import type { Clock, ServerSocket, SocketEvents, UpgradeRequest } from '../src/server/ports.ts'
import type { SeededRandom } from '../src/testing/seededRandom.ts'
import { simulatedLink, type ConnectionPlan, type Direction } from '../src/testing/simulatedLink.ts'
import type { Line } from './script.ts'

/** What a person could do to the cable. */
export interface MockNetwork {
  /** Breaks every connection; both ends hear of it, save those named. Further connections go through. */
  drop(unnoticedBy?: 'client' | 'server' | 'both'): void
  /** Breaks every connection at once; both ends hear of it. Further ones are refused until `mend`. */
  cut(): void
  /** Nothing arrives any more, and nobody is told, until `mend`. */
  stall(direction?: Direction | 'both'): void
  /** Another line from now on. */
  slow(line: Line): void
  /** Gives the line back as it was in the beginning. */
  mend(): void
}

export interface NetworkOptions {
  readonly clock: Clock
  readonly random: SeededRandom
  readonly line: Line
  /** What becomes of the nth try to connect, from 0, while the network is whole. */
  readonly plan: (index: number) => ConnectionPlan
  readonly accept: (socket: ServerSocket, request: UpgradeRequest) => SocketEvents
}

export interface Network {
  readonly hands: MockNetwork
  /** Carries a message from one end to the other that belongs to no connection. Rejects where nobody is there. */
  travel(): Promise<void>
  /** Whether a try to connect reaches the server. */
  knock(): Promise<boolean>
  /** Opens a connection that `knock` let through. `request` is what `accept` gets. */
  open(request: UpgradeRequest, events: Parameters<OpenSocket>[2]): ReturnType<OpenSocket> & { drop(): void }
}

const DEFAULT_LATENCY_MS = 5

export function createNetwork({ clock, random, line, plan, accept }: NetworkOptions): Network {
  let now = line
  let refusing = false
  let stalled: Direction | 'both' | null = null
  let tries = 0
  const requests: UpgradeRequest[] = []
  const plans: ConnectionPlan[] = []
  /** What waits for `mend`. */
  let waiting: (() => void)[] = []

  const latency = (): number => (now.latencyMs ?? DEFAULT_LATENCY_MS) + (now.jitterMs ?? 0) * random.next()

  const link = simulatedLink({
    clock,
    // Read for each message, so that a line can change while it carries.
    get latencyMs() {
      return latency()
    },
    get bytesPerSecond() {
      return now.bytesPerSecond
    },
    plan: (index) => ({
      ...plans[index],
      ...(stalled !== null && { stalled: stalled === 'both' ? (['up', 'down'] as const) : [stalled] }),
    }),
    accept: (socket, { allocation }) => {
      // The link passes on the last part of the address: here the number of the connection.
      const request = requests[Number(allocation)]
      if (request === undefined) throw new Error('A connection that nobody asked for.')
      return accept(socket, request)
    },
  })

  const mended = (): Promise<void> => new Promise((resolve) => void waiting.push(resolve))
  const after = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve))

  async function arrive(): Promise<void> {
    await after(latency())
    if (stalled !== null) await mended()
  }

  function breakAll(noticed: { readonly client: number | null; readonly server: number | null }): void {
    for (const connection of link.connections) if (!connection.isCut()) connection.cut({ noticed })
  }

  return {
    hands: {
      drop: (unnoticedBy) => {
        const deaf = (end: 'client' | 'server'): boolean => unnoticedBy === end || unnoticedBy === 'both'
        breakAll({ client: deaf('client') ? null : 0, server: deaf('server') ? null : 0 })
      },
      cut() {
        refusing = true
        breakAll({ client: 0, server: 0 })
      },
      stall(direction = 'both') {
        stalled = direction
        for (const connection of link.connections) connection.stall(direction)
      },
      slow(line) {
        now = line
      },
      mend() {
        now = line
        refusing = false
        stalled = null
        for (const connection of link.connections) connection.release('both')
        const due = waiting
        waiting = []
        for (const resume of due) resume()
      },
    },
    async travel() {
      if (refusing) {
        await after(2 * latency())
        throw new Error('Nobody can be reached.')
      }
      await arrive()
    },
    async knock() {
      if (stalled !== null) await mended()
      const own = plan(tries++)
      const refusal = refusing ? 'unreachable' : own.refuse
      if (refusal === 'hang') await mended()
      else if (refusal !== undefined) await after(2 * latency())
      if (refusal !== undefined) return false
      plans.push(own)
      return true
    },
    open(request, events) {
      const index = requests.push(request) - 1
      const socket = link.openSocket(`ws://mock/${index}`, '', events)
      return { ...socket, drop: () => link.connections[index]?.cut({ noticed: { client: 0, server: 0 } }) }
    },
  }
}
