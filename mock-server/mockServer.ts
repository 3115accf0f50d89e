/** The real server core inside a page: echo programs, sockets in memory, and a network that can be broken by hand. */
import type { OpenSocket, RequestToken, TokenAnswer } from '../src/client/ports.ts'
import { echoBackend } from '../src/server/backends/echo.ts'
import type { MintAnswer } from '../src/server/mint.ts'
import type { AuthorizeRequest, ServerLimits, Verdict } from '../src/server/options.ts'
import type { Backend, ServerSocket, SocketEvents, UpgradeRequest } from '../src/server/ports.ts'
import { createTerminalServer, type TerminalServer } from '../src/server/server.ts'
import { memoryTokenStore } from '../src/server/stores/memory.ts'
import { type ConnectionPlan, simulatedLink } from '../src/testing/simulatedLink.ts'
import { digest, pageClock, random } from './pagePorts.ts'

export interface MockServerOptions {
  /** Default: the echo backend. */
  readonly backend?: Backend
  readonly limits?: Partial<ServerLimits>
  /** Default: everybody may do everything. */
  readonly authorize?: (request: AuthorizeRequest) => Verdict
  /** One way, in milliseconds. Default 5. */
  readonly latencyMs?: number
  /** What becomes of each further try to connect, until `network` says otherwise. */
  readonly plan?: ConnectionPlan
  /** Nobody answers at the token endpoint. */
  readonly tokensUnreachable?: boolean
}

/** What a person could do to the cable. */
export interface MockNetwork {
  /** Breaks every connection at once; both ends hear of it. Further ones are refused until `mend`. */
  cut(): void
  /** Nothing arrives any more, and nobody is told, until `mend`. */
  stall(): void
  mend(): void
}

export interface MockServer {
  /** For the client: `connect({ ...options, requestToken, ports: { openSocket } })`. */
  readonly openSocket: OpenSocket
  readonly requestToken: RequestToken
  readonly network: MockNetwork
  readonly core: TerminalServer
  /** Ends every session. */
  close(): Promise<void>
}

const principal = { id: 'visitor' }

/** Creates a server of its own, with no connection to any other. */
export function createMockServer(options: MockServerOptions = {}): MockServer {
  const origin = location.origin
  const core = createTerminalServer({
    backend: options.backend ?? echoBackend({ clock: pageClock }),
    authorize: options.authorize ?? (() => 'allow'),
    origins: [origin],
    tokens: memoryTokenStore({ clock: pageClock }),
    clock: pageClock,
    random,
    digest,
    limits: options.limits,
  })
  let plan = options.plan ?? {}
  const link = simulatedLink({
    clock: pageClock,
    latencyMs: options.latencyMs ?? 5,
    origin,
    plan: () => plan,
    accept: (socket, request) => accept(core, origin, socket, request),
  })
  const requestToken: RequestToken = async ({ allocation, takeOver }) => {
    if (options.tokensUnreachable) return { ok: false, code: 'unreachable' }
    const answer = await core.mintToken({ principal, allocation, origin, takeOver })
    return tokenAnswer(answer, allocation)
  }
  return {
    openSocket: link.openSocket,
    requestToken,
    core,
    network: {
      cut() {
        plan = { refuse: 'unreachable' }
        for (const connection of link.connections) if (!connection.isCut()) connection.cut()
      },
      stall() {
        plan = { refuse: 'hang' }
        for (const connection of link.connections) connection.stall('both')
      },
      mend() {
        plan = options.plan ?? {}
        for (const connection of link.connections) connection.release('both')
      },
    },
    close: () => core.close(),
  }
}

function accept(core: TerminalServer, own: string, socket: ServerSocket, request: UpgradeRequest): SocketEvents | null {
  const origin = request.origin ?? undefined
  const verdict = core.checkUpgrade({ path: `/ws/terminal/${request.allocation}`, query: '', origin, own })
  return verdict.ok ? core.accept(socket, verdict) : null
}

function tokenAnswer(answer: MintAnswer, allocation: string): TokenAnswer {
  if (!answer.ok) return answer
  return { ok: true, token: answer.token, url: `ws://${location.host}/ws/terminal/${allocation}` }
}
