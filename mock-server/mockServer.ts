/**
 * The fake server: the real server core behind a network that can be broken, played by a script.
 *
 * client ‖ mount ‖ front → network → saboteur → core → shell. A mount is whatever carries requests and sockets to `host`: the page's
 * own memory (`openSocket`, `getToken`), msw, or a real port. Whatever breaks lies behind the mount, so it breaks the same everywhere.
 */
import type { GetToken, OpenSocket } from '../src/client/ports.ts'
import { unreachable } from '../src/protocol/unreachable.ts'
import { echoBackend } from '../src/server/backends/echo.ts'
import type { TerminalHost } from '../src/server/host.ts'
import { after } from '../src/server/maybePromise.ts'
import type { AuthorizeRequest, ServerLimits, Verdict } from '../src/server/options.ts'
import type { Backend, Clock, MaybePromise } from '../src/server/ports.ts'
import type { TerminalServer } from '../src/server/server.ts'
import type { TokenHttpResponse } from '../src/server/tokenEndpoint.ts'
import { seededRandom } from '../src/testing/seededRandom.ts'
import type { ConnectionPlan } from '../src/testing/simulatedLink.ts'
import { createCore } from './core.ts'
import { directMount } from './direct.ts'
import { createDirector } from './director.ts'
import { createFront } from './front.ts'
import { createNetwork, type MockNetwork } from './network.ts'
import { platformClock } from './platformClock.ts'
import { createSaboteur } from './saboteur.ts'
import type { Action, Line, Script, ServerPlan, TokenMood } from './script.ts'
import { scriptNamed, type ScriptName } from './scripts.ts'
import { createRecorder, type TraceEntry } from './trace.ts'
import { scriptedShell, type ShellProgram } from './shell/shell.ts'
import { createVisitor, type Visitor } from './visitor.ts'

export type { MockNetwork } from './network.ts'

export interface MockServerOptions {
  /** What it plays: the name of a script, or one of your own. Default: nothing happens by itself. */
  readonly script?: ScriptName | Script
  /** Chance: secrets, jitter, what the shell makes up. The same seed gives the same trace. Default 1. */
  readonly seed?: string | number
  /** Default: the page's own. */
  readonly clock?: Clock
  /** Default: the scripted shell, where there is a script; else the echo backend. */
  readonly backend?: Backend
  /** On top of those of the script. */
  readonly limits?: Partial<ServerLimits>
  /** Asked before the script is. Default: everybody may do everything. */
  readonly authorize?: (request: AuthorizeRequest) => MaybePromise<Verdict>
  /** Origins that may connect besides the page's own. */
  readonly origins?: readonly string[]
  /** Who is signed in. Default `visitor`. */
  readonly principal?: string
  /** On top of that of the script. */
  readonly line?: Line
  /** One way, in milliseconds. Default 5. */
  readonly latencyMs?: number
  /** What becomes of each further try to connect, instead of what the script says. */
  readonly plan?: ConnectionPlan
  /** Nobody answers at the token endpoint. */
  readonly tokensUnreachable?: boolean
}

export interface MockServer {
  /** For the client: `connect({ getToken, ports: { openSocket } })`. */
  readonly openSocket: OpenSocket
  readonly getToken: GetToken
  /** For any other mount: what a runtime needs. */
  readonly host: TerminalHost
  readonly network: MockNetwork
  /** Has something done now that a script would do. */
  act(action: Action): Promise<void>
  /** The real server behind it; another one after a restart. */
  readonly core: TerminalServer
  readonly script: Script | null
  /** What passed between client and server so far. */
  trace(): readonly TraceEntry[]
  /** Ends every session. */
  close(): Promise<void>
}

const NO_SCRIPT: Script = { name: 'none', sentence: 'Nothing happens by itself.' }

/** Creates a server of its own, with no connection to any other. Throws for a script that nobody knows. */
export function createMockServer(options: MockServerOptions = {}): MockServer {
  const named = typeof options.script === 'string' ? scriptNamed(options.script) : (options.script ?? null)
  const script = named ?? NO_SCRIPT
  const { clock = platformClock, principal = 'visitor' } = options
  const random = seededRandom(options.seed ?? 1)
  const shell = scriptedShell({ clock, random: random.fork('shell'), plan: script.program })
  const backend = options.backend ?? (named === null ? echoBackend({ clock }) : shell.backend)
  let verdicts = script.server?.verdicts ?? {}
  let tokenMood: TokenMood = options.tokensUnreachable ? 'unreachable' : (script.tokens ?? 'core')
  let allocation: string | null = null
  let started: Promise<void> | null = null
  let visitor: Visitor | null = null
  let servers = 0
  let core = startCore(script.server ?? {})

  function startCore(plan: ServerPlan): TerminalServer {
    return createCore({
      clock,
      random: random.fork(`secrets ${++servers}`),
      backend,
      plan,
      limits: options.limits,
      authorize,
    })
  }

  function authorize(request: AuthorizeRequest): MaybePromise<Verdict> {
    return after(options.authorize?.(request) ?? 'allow', (own) =>
      own === 'allow' && request.principal.id === principal ? (verdicts[request.purpose] ?? 'allow') : own,
    )
  }

  const recorder = createRecorder(clock.now)
  const director = createDirector(clock, script.steps ?? [], act)
  const saboteur = createSaboteur(clock, () => script)
  const network = createNetwork({
    clock,
    random: random.fork('network'),
    line: { latencyMs: options.latencyMs, ...script.line, ...options.line },
    plan: (index) => options.plan ?? script.connections?.[index] ?? script.everyConnection ?? {},
    accept: (socket, request) => saboteur.between(socket, (socket) => core.accept(socket, request)),
  })

  async function beforeTokens(answer: () => Promise<TokenHttpResponse>): Promise<TokenHttpResponse> {
    switch (tokenMood) {
      case 'core':
        return answer()
      case 'unreachable':
        throw new Error('Nobody answers.')
      case 'silent':
        return new Promise(() => undefined)
      case 'garbage':
        return garbage(await answer())
      default:
        await new Promise<void>((resolve) => void clock.after(Number(tokenMood), resolve))
        return answer()
    }
  }

  function began(name: string): Promise<void> {
    allocation ??= name
    started ??= director.happened('start')
    return started
  }

  function act(action: Action): void | Promise<void> {
    switch (action.do) {
      case 'drop':
        return network.hands.drop(action.unnoticedBy)
      case 'cut':
        return network.hands.cut()
      case 'stall':
        return network.hands.stall(action.direction)
      case 'slow':
        return network.hands.slow(action.line)
      case 'mend':
        return network.hands.mend()
      case 'tokens':
        tokenMood = action.are
        return
      case 'restart':
        return restart(action.how, action.server)
      case 'revoke':
        return core.revoke({ principal })
      case 'verdicts':
        verdicts = action.are
        return
      case 'end-program':
        return each((program) => program.finish(action.exit))
      case 'type':
        return each((program) => program.type(action.text))
      case 'print':
        return each((program) => program.print(action.text))
      case 'visit':
        return visit(action.as === 'same-person' ? principal : 'somebody-else', action.takeOver ?? false)
      case 'visitor-leaves':
        visitor?.leave()
        visitor = null
        return
      case 'close':
        return saboteur.close(action.code, action.reason, action.retryMs)
      case 'say':
        return saboteur.say(action.text)
      default:
        return unreachable(action)
    }
  }

  function each(tell: (program: ShellProgram) => void): void {
    for (const program of shell.running()) tell(program)
  }

  function restart(how: 'graceful' | 'crash', plan: ServerPlan | undefined): void {
    const before = core
    if (how === 'crash') network.hands.drop()
    if (plan !== undefined) verdicts = plan.verdicts ?? {}
    core = startCore(plan ?? script.server ?? {})
    // A crash is not told to anybody: its connections are broken already.
    void before.close()
  }

  function visit(as: string, takeOver: boolean): Promise<void> {
    visitor?.leave()
    visitor = createVisitor({
      core,
      clock,
      random: random.fork('visitor'),
      principal: as,
      allocation: allocation ?? 'nowhere',
      takeOver,
    })
    return visitor.arrived
  }

  const front = createFront({
    network,
    recorder,
    director,
    core: () => core,
    beforeTokens,
    principal,
    origins: options.origins ?? [],
    began,
  })
  const host: TerminalHost = { ...front, maxFrame: core.limits.maxFrame, close }

  async function close(): Promise<void> {
    director.end()
    visitor?.leave()
    await core.close()
  }

  return {
    ...directMount(host),
    host,
    network: network.hands,
    act: async (action) => act(action),
    get core() {
      return core
    },
    script: named,
    trace: recorder.trace,
    close,
  }
}

/** A page for people, where a token was asked for. What lets a page of another origin read it stays. */
function garbage({ headers }: TokenHttpResponse): TokenHttpResponse {
  return { status: 200, headers: { ...headers, 'Content-Type': 'text/html' }, body: '<!doctype html><title>Sign in</title>' }
}
