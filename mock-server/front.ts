/** What stands at the seam between clients and the fake server: it writes down what passes, tells the director, and hands it to the network. */
import type { ControlMessage, Stream } from '../src/protocol/messages.ts'
import { nimbusV1 } from '../src/protocol/profiles/nimbusV1.ts'
import { createProfileRegistry } from '../src/protocol/profiles/registry.ts'
import { wireSize, type WireMessage, type WireProfile } from '../src/protocol/wireProfile.ts'
import type { TerminalHost } from '../src/server/host.ts'
import type { ServerSocket, SocketEvents, UpgradeRequest } from '../src/server/ports.ts'
import { tokenEndpoint, type TokenHttpRequest, type TokenHttpResponse } from '../src/server/tokenEndpoint.ts'
import type { TerminalServer } from '../src/server/server.ts'
import type { UpgradeFacts, UpgradeVerdict } from '../src/server/upgrade.ts'
import type { Director } from './director.ts'
import type { Network } from './network.ts'
import type { Recorder, Thread } from './trace.ts'

export interface FrontOptions {
  readonly network: Network
  readonly recorder: Recorder
  readonly director: Director
  /** The server behind it; another one after a restart. */
  readonly core: () => TerminalServer
  /** Puts itself before the token endpoint: lets it answer, later or not at all, and may spoil what it says. */
  readonly beforeTokens: (answer: () => Promise<TokenHttpResponse>) => Promise<TokenHttpResponse>
  /** Who is signed in. */
  readonly principal: string
  /** Pages of these are taken for the server's own. */
  readonly origins: readonly string[]
  /** The first request names the terminal that the script is about. */
  readonly began: (allocation: string) => Promise<void>
}

const UNREACHABLE = { ok: false, status: 503 } as const

export function createFront(options: FrontOptions): Omit<TerminalHost, 'maxFrame' | 'close'> {
  const { network, recorder, director, core } = options
  let tokens = 0
  let connections = 0
  const nextConnection = (): Thread => `connection ${++connections}`

  async function answerToken(request: TokenHttpRequest): Promise<TokenHttpResponse> {
    // What a browser asks first, for a page of another origin, belongs to no script.
    if (request.method !== 'POST') return realAnswer(request)
    const thread: Thread = `token ${++tokens}`
    recorder.record(thread, { what: 'token-asked', takeOver: request.body.includes('take_over') })
    try {
      await options.began(request.path.split('/').at(-2) ?? '')
      await director.happened('token')
      await network.travel()
      const answer = await options.beforeTokens(() => realAnswer(request))
      await network.travel()
      recorder.record(thread, { what: 'token-answered', status: answer.status, code: codeOf(answer) })
      return answer
    } catch (error) {
      recorder.record(thread, { what: 'token-lost' })
      throw error
    }
  }

  async function realAnswer(request: TokenHttpRequest): Promise<TokenHttpResponse> {
    const server = core()
    const own = ownOf(request.header('origin'), request.own)
    return tokenEndpoint(server, server.options, { ...request, own, principal: () => ({ id: options.principal }) })
  }

  function ownOf(origin: string | undefined, own: string | undefined): string | undefined {
    return origin !== undefined && options.origins.includes(origin) ? origin : own
  }

  async function checkUpgrade(facts: UpgradeFacts): Promise<UpgradeVerdict> {
    await options.began(facts.path.split('/').at(-1) ?? '')
    const verdict = (await network.knock()) ? core().checkUpgrade({ ...facts, own: ownOf(facts.origin, facts.own) }) : UNREACHABLE
    if (!verdict.ok) recorder.record(nextConnection(), { what: 'refused', status: verdict.status })
    return verdict
  }

  return {
    answerToken,
    checkUpgrade,
    accept: (socket, request) => carry({ ...options, thread: nextConnection() }, socket, request),
  }
}

function codeOf({ status, body }: TokenHttpResponse): string | null {
  return status < 300 ? null : (/"code":"(\w+)"/.exec(body)?.[1] ?? null)
}

/** Joins the client's socket to a connection of the network. */
function carry(options: FrontOptions & { readonly thread: Thread }, socket: ServerSocket, request: UpgradeRequest): SocketEvents {
  const { network, recorder, director, thread } = options
  const witness = createWitness(options)
  /** What the client said before the connection stood: a mount may tell it too early that it does. */
  let early: WireMessage[] | null = []
  let over = false

  function closed(by: 'client' | 'server' | 'network', code: number, reason: string): boolean {
    if (over) return false
    over = true
    recorder.record(thread, { what: 'closed', by, code, reason })
    return true
  }

  const line = network.open(request, {
    opened() {
      if (over) return
      recorder.record(thread, { what: 'opened' })
      void director.happened('connection')
      const due = early ?? []
      early = null
      for (const message of due) up(message)
    },
    message(message) {
      if (over) return
      socket.send(message)
      witness('down', message)
    },
    closed(code, reason) {
      if (!closed(code === 1006 ? 'network' : 'server', code, reason)) return
      if (code === 1006) socket.terminate()
      else socket.close(code, reason)
    },
  })

  function up(message: WireMessage): void {
    witness('up', message)
    line.send(message)
  }

  return {
    message(message) {
      if (over) return
      if (early === null) up(message)
      else early.push(message)
    },
    closed(code, reason) {
      if (!closed('client', code, reason)) return
      // Without a word: the page, or the machine that it is on, is gone.
      if (code === 1006) line.drop()
      else line.close(code, reason)
    },
    drained: () => undefined,
  }
}

const profiles = createProfileRegistry()

/** Reads what passes on one connection, for the record and for the director. */
function createWitness({
  recorder,
  director,
  thread,
}: Pick<FrontOptions, 'recorder' | 'director'> & { readonly thread: Thread }) {
  let profile: WireProfile | null = null
  const offsets = new Map<string, number>()
  const text = new TextDecoder()

  function control(way: 'up' | 'down', message: ControlMessage): void {
    recorder.record(thread, { what: 'control', way, message: recorder.harmless(message) })
    if (way === 'down' && message.t === 'hello_ok') void director.happened('ready')
  }

  function data(way: 'up' | 'down', channel: number, stream: Stream, payload: Uint8Array<ArrayBuffer>): void {
    const place = `${way} ${channel}`
    const from = offsets.get(place) ?? 0
    const to = from + payload.byteLength
    offsets.set(place, to)
    recorder.record(thread, { what: 'data', way, channel, stream, from, to })
    if (way === 'up') director.typed(text.decode(payload, { stream: true }))
    else director.output(payload.byteLength)
  }

  return (way: 'up' | 'down', message: WireMessage): void => {
    profile ??= way === 'up' ? profileOf(message) : null
    const decoded = (profile ?? nimbusV1).decode(message)
    if (!decoded.ok) recorder.record(thread, { what: 'unreadable', way, bytes: wireSize(message) })
    else if (decoded.frame.kind === 'control') control(way, decoded.frame.message)
    else if (decoded.frame.kind === 'data') data(way, decoded.frame.channel, decoded.frame.stream, decoded.frame.payload)
  }
}

function profileOf(hello: WireMessage): WireProfile | null {
  const detected = profiles.detect(hello)
  return detected.ok ? detected.profile : null
}
