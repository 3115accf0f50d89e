/** The mount without anything between: a client in the same memory as the server, with the hops of a real one. */
import type { ClientPorts, TokenAnswer } from '../src/client/ports.ts'
import { tokenAnswer } from '../src/client/tokenAnswer.ts'
import type { TerminalHost } from '../src/server/host.ts'
import type { ServerSocket, SocketEvents } from '../src/server/ports.ts'

const ORIGIN = 'http://mock.test'

/** What `connect` needs: `connect({ getToken, ports: { openSocket } })`. */
export function directMount(host: TerminalHost): Pick<ClientPorts, 'openSocket' | 'getToken'> {
  return {
    getToken: ({ allocation, takeOver }) => getToken(host, allocation, takeOver),
    openSocket(url, _subprotocol, events) {
      const pipe = createPipe(events)
      void knock(host, new URL(url)).then((allocation) => {
        if (allocation === null) pipe.refuse()
        else pipe.join((socket) => host.accept(socket, { allocation, origin: ORIGIN }))
      })
      return pipe.client
    },
  }
}

async function getToken(host: TerminalHost, allocation: string, takeOver: boolean): Promise<TokenAnswer> {
  const { status, body } = await host.answerToken({
    method: 'POST',
    path: `/api/v1/allocations/${encodeURIComponent(allocation)}/terminal-token`,
    query: '',
    header: (name) => (name === 'origin' ? ORIGIN : name === 'content-type' ? 'application/json' : undefined),
    own: ORIGIN,
    body: JSON.stringify(takeOver ? { take_over: true } : {}),
    principal: () => null,
  })
  return tokenAnswer(status, parsed(body), (address) => new URL(address, 'ws://mock.test').href)
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

async function knock(host: TerminalHost, { pathname: path, search }: URL): Promise<string | null> {
  const verdict = await host.checkUpgrade({ path, query: search.slice(1), origin: ORIGIN, own: ORIGIN })
  return verdict.ok ? verdict.allocation : null
}

/** Two ends that hear of each other one hop later, as ends of a real socket do: never inside the call that caused it. */
function createPipe(events: Parameters<ClientPorts['openSocket']>[2]) {
  let stage: 'connecting' | 'open' | 'over' = 'connecting'
  let server: SocketEvents | null = null

  function toClient(tell: () => void): void {
    queueMicrotask(() => {
      if (stage === 'open') tell()
    })
  }

  function toServer(tell: (server: SocketEvents) => void): void {
    queueMicrotask(() => {
      if (server !== null) tell(server)
    })
  }

  /** The server, or the network, ended it. */
  function end(code: number, reason: string): void {
    toClient(() => {
      stage = 'over'
      toServer((server) => server.closed(code, reason))
      events.closed(code, reason)
    })
  }

  const serverSocket: ServerSocket = {
    send: (message) => toClient(() => events.message(message)),
    close: end,
    terminate: () => end(1006, ''),
    bufferedAmount: () => 0,
  }

  return {
    client: {
      send: (message: Parameters<ServerSocket['send']>[0]) => {
        if (stage === 'open') toServer((server) => server.message(message))
      },
      close(code: number, reason: string) {
        if (stage === 'over') return
        const wasOpen = stage === 'open'
        stage = 'over'
        toServer((server) => server.closed(code, reason))
        queueMicrotask(() => events.closed(wasOpen ? code : 1006, wasOpen ? reason : ''))
      },
      bufferedAmount: () => 0,
    },
    refuse() {
      if (stage !== 'connecting') return
      stage = 'over'
      events.closed(1006, '')
    },
    join(accept: (socket: ServerSocket) => SocketEvents) {
      if (stage !== 'connecting') return
      stage = 'open'
      server = accept(serverSocket)
      events.opened()
    },
  }
}
