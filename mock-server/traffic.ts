/** Counts what is under way between the two ends of a mount, so that virtual time moves only while nothing is. */
import type { ClientPorts, OpenSocket, SocketEvents as ClientEvents } from '../src/client/ports.ts'
import type { TerminalHost } from '../src/server/host.ts'
import type { ServerSocket, SocketEvents } from '../src/server/ports.ts'
import { platformClock } from './platformClock.ts'

/** The part of a client's world that a mount makes. */
export type MountPorts = Pick<ClientPorts, 'openSocket' | 'getToken'>

export interface Traffic {
  /** The server's end. */
  host(host: TerminalHost): TerminalHost
  /** The client's end. */
  ports(ports: MountPorts): MountPorts
  /** Resolves when whatever one end sent has reached the other, and neither answers any more. */
  quiet(): Promise<void>
}

/** One try to connect, as both ends know it. */
class Wire {
  /** `asked` and `answered` are under way; `asking` and `standing` are at rest; `given-up` waits for nobody. */
  stage: 'asked' | 'asking' | 'answered' | 'standing' | 'given-up' = 'asked'
  readonly sent = { up: 0, down: 0 }
  readonly heard = { up: 0, down: 0 }
  readonly closing = { client: false, server: false }
  readonly closed = { client: false, server: false }
  /** The server has a socket. */
  isServed = false

  isQuiet(): boolean {
    if (this.stage === 'asked' || this.stage === 'answered') return false
    const { sent, heard, closed } = this
    const isClosing = this.closing.client || this.closing.server
    if (isClosing && !(closed.client && (closed.server || !this.isServed))) return false
    return (closed.client || sent.down === heard.down) && (closed.server || !this.isServed || sent.up === heard.up)
  }
}

export function createTraffic(): Traffic {
  const wires = new Map<string, Wire>()
  /** Let in by the server, in this order, and not accepted yet. */
  const letIn: Wire[] = []
  const requests = new Set<{ isUnderWay: boolean }>()
  /** Those that the server has not heard of yet. */
  const askedFor: { isUnderWay: boolean }[] = []
  let wake: (() => void) | null = null

  const stirred = (): void => {
    wake?.()
    wake = null
  }

  const isQuiet = (): boolean =>
    [...requests].every(({ isUnderWay }) => !isUnderWay) && [...wires.values()].every((wire) => wire.isQuiet())

  return {
    host: (host) => ({
      ...host,
      async answerToken(request) {
        // Whichever it is: all that count is how many are on their way.
        const asked = askedFor.shift()
        if (asked !== undefined) asked.isUnderWay = false
        stirred()
        try {
          return await host.answerToken(request)
        } finally {
          if (asked !== undefined) asked.isUnderWay = true
          stirred()
        }
      },
      async checkUpgrade(facts) {
        const wire = wires.get(facts.query)
        if (wire === undefined || wire.stage === 'given-up') return host.checkUpgrade(facts)
        wire.stage = 'asking'
        stirred()
        const verdict = await host.checkUpgrade({ ...facts, query: '' })
        // It may have given up meanwhile, which the compiler does not expect.
        if ((wire.stage as Wire['stage']) !== 'given-up') {
          wire.stage = 'answered'
          if (verdict.ok) letIn.push(wire)
        }
        stirred()
        return verdict
      },
      accept(socket, request) {
        while (letIn[0]?.stage === 'given-up') letIn.shift()
        const wire = letIn.shift()
        return wire === undefined
          ? host.accept(socket, request)
          : serverEnd(wire, socket, (socket) => host.accept(socket, request), stirred)
      },
    }),
    ports: ({ openSocket, getToken }) => ({
      async getToken(request) {
        const asking = { isUnderWay: true }
        requests.add(asking)
        askedFor.push(asking)
        try {
          return await getToken(request)
        } finally {
          requests.delete(asking)
          stirred()
        }
      },
      openSocket(url, subprotocol, events) {
        const name = `try=${wires.size + 1}`
        const wire = new Wire()
        wires.set(name, wire)
        return clientEnd(wire, (events) => openSocket(`${url}?${name}`, subprotocol, events), events, stirred)
      },
    }),
    async quiet() {
      for (;;) {
        while (!isQuiet()) await new Promise<void>((resolve) => (wake = resolve))
        await turn()
        if (isQuiet()) return
      }
    },
  }
}

/** Lets everything run that waits for a promise, and what that makes others wait for. */
async function turn(): Promise<void> {
  for (let i = 0; i < 2; i++) await new Promise<void>((resolve) => void platformClock.soon(resolve))
}

function serverEnd(
  wire: Wire,
  socket: ServerSocket,
  accept: (socket: ServerSocket) => SocketEvents,
  stirred: () => void,
): SocketEvents {
  wire.isServed = true
  const events = accept({
    ...socket,
    send(message) {
      wire.sent.down++
      socket.send(message)
    },
    close(code, reason) {
      wire.closing.server = true
      socket.close(code, reason)
    },
    terminate() {
      wire.closing.server = true
      socket.terminate()
    },
  })
  return {
    message(message) {
      wire.heard.up++
      events.message(message)
      stirred()
    },
    closed(code, reason) {
      wire.closed.server = true
      events.closed(code, reason)
      stirred()
    },
    drained: () => events.drained(),
  }
}

function clientEnd(
  wire: Wire,
  open: (events: ClientEvents) => ReturnType<OpenSocket>,
  events: ClientEvents,
  stirred: () => void,
): ReturnType<OpenSocket> {
  const socket = open({
    opened() {
      wire.stage = 'standing'
      events.opened()
      stirred()
    },
    message(message) {
      wire.heard.down++
      events.message(message)
      stirred()
    },
    closed(code, reason) {
      wire.closed.client = true
      if (wire.stage !== 'standing') wire.stage = 'given-up'
      events.closed(code, reason)
      stirred()
    },
  })
  return {
    send(message) {
      wire.sent.up++
      socket.send(message)
    },
    close(code, reason) {
      if (wire.stage === 'standing') wire.closing.client = true
      else wire.stage = 'given-up'
      socket.close(code, reason)
      stirred()
    },
    bufferedAmount: () => socket.bufferedAmount(),
  }
}
