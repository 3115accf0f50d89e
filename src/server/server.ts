/**
 * The terminal server without a runtime: give it sockets, and it gives them sessions.
 *
 * A socket is handed to `accept`; what it says goes through a connection (`connection.ts`, carried out by
 * `connectionRunner.ts`) to a session (`session.ts`, carried out by `sessionRunner.ts`), which `admission.ts` has chosen.
 */
import { CLOSE_CODE, type CloseReason } from '../protocol/closeReasons.ts'
import type { Hello } from '../protocol/messages.ts'
import { createProfileRegistry } from '../protocol/profiles/registry.ts'
import { admit, type AdmissionDesk } from './admission.ts'
import { createAuthority } from './authority.ts'
import { createBlockPool } from './blocks.ts'
import { createConnection } from './connection.ts'
import { ConnectionRunner, type ConnectionSurroundings } from './connectionRunner.ts'
import { createEventBus, nameOf, type ServerEvent } from './events.ts'
import { when } from './maybePromise.ts'
import { createMint, type MintAnswer, type MintRequest } from './mint.ts'
import { limitsOf, type ServerLimits, type TerminalServerOptions } from './options.ts'
import { allowedEnv, checkOrigins, DEFAULT_ENV } from './policy.ts'
import type { MaybePromise, OpenRequest, Program, ProgramEvents, ServerSocket, SocketEvents, UpgradeRequest } from './ports.ts'
import { createProgramHouse } from './programs.ts'
import { createQueue } from './queue.ts'
import { LARGEST_BLOCK } from './replayBuffer.ts'
import { createSession, holdsAllocation } from './session.ts'
import { SessionRunner, type SessionIdentity } from './sessionRunner.ts'
import { createTimers } from './timers.ts'
import { checkUpgrade, type UpgradeFacts, type UpgradeVerdict } from './upgrade.ts'

/** Counters. The totals only grow. */
export interface ServerStats {
  readonly connections: number
  readonly handshakes: number
  readonly sessions: number
  readonly attached: number
  /** Programs that run, those that are being ended included. */
  readonly programs: number
  /** Bytes of output held for replay. */
  readonly held: number
  readonly accepted: number
  readonly opened: number
  readonly sentBytes: number
  readonly refused: number
}

export interface TerminalServer {
  /** Takes a socket whose upgrade {@link TerminalServer.checkUpgrade} allowed. The result must hear everything that the socket does. */
  accept(socket: ServerSocket, request: UpgradeRequest): SocketEvents
  /** What becomes of an upgrade request. A refusal touches no token. */
  checkUpgrade(facts: UpgradeFacts): UpgradeVerdict
  /** A one-time token, or why not. */
  mintToken(request: MintRequest): MaybePromise<MintAnswer>
  /** Whether somebody holds the allocation; asks their page if need be, for at most two seconds. */
  probe(allocation: string, answer: (state: 'free' | 'attached' | 'detached') => void): void
  /** Ends the sessions of a person, of an allocation, or of a person in an allocation, at once. Tokens not yet used are refused by `authorize`. */
  revoke(whose: { readonly principal?: string; readonly allocation?: string }): void
  /** Ends every session and connection. Resolves when every program has ended. */
  close(): Promise<void>
  on(listener: (event: ServerEvent) => void): () => void
  stats(): ServerStats
  readonly limits: ServerLimits
  readonly options: TerminalServerOptions
}

/** Names of sessions that are over are remembered, so that a late resume hears `expired` and not `unknown`. */
const REMEMBERED_ENDS = 1000

/** Blocks that wait for their next use, of each of the two kinds: a megabyte. */
const SPARE_BLOCKS = 16
/** Bytes that a profile may write before a payload and still have both in one block. */
const LONGEST_HEAD = 16

/** Creates a server. Throws if an option makes no sense. */
export function createTerminalServer(options: TerminalServerOptions): TerminalServer {
  checkOrigins(options)
  const { clock, backend } = options
  const limits = limitsOf(options.limits)
  const bus = createEventBus(clock)
  const queue = createQueue((error) => bus.note('server', 'diagnostic', 'job_threw', { error: nameOf(error) }))
  const authority = createAuthority({
    store: options.tokens,
    digest: options.digest,
    random: options.random,
    tokenTtlMs: limits.tokenTtlMs,
  })
  const kept = createBlockPool(LARGEST_BLOCK, SPARE_BLOCKS)
  const onTheWay = createBlockPool(limits.sliceBytes + LONGEST_HEAD, SPARE_BLOCKS)
  const programs = createProgramHouse(clock, limits.killAfterMs)
  const connections = new Map<number, ConnectionRunner>()
  const claims = new Map<ConnectionRunner, string>()
  const sessions = new Map<string, SessionRunner>()
  /** The last session that began for an allocation. */
  const holders = new Map<string, SessionRunner>()
  const ended = new Set<string>()
  const probes = new Map<number, (state: 'attached' | 'detached') => void>()
  const count = { accepted: 0, opened: 0, sentBytes: 0, refused: 0 }
  let lastNumber = 0
  let lastProbe = 0
  let closing = false

  bus.on(({ bus: which }) => {
    if (which === 'policy') count.refused++
  })

  // Connections

  const connectionWorld: ConnectionSurroundings = {
    queue,
    blocks: onTheWay,
    timers: (rang) => createTimers(clock, rang),
    now: clock.now,
    note: (which, code, fields) => bus.note('connection', which, code, fields),
    profiles: options.profiles ?? createProfileRegistry(),
    serverName: options.name ?? 'nimbus-terminal',
    maxFrame: limits.maxFrame,
    sliceBytes: limits.sliceBytes,
    sendAheadBytes: limits.sendAheadBytes,
    transportPause: limits.transportPause,
    admit: (connection: ConnectionRunner, hello: Hello) => admit(desk, connection, hello),
    sent(bytes) {
      count.sentBytes += bytes
    },
    over(connection) {
      connections.delete(connection.state.number)
      claims.delete(connection)
    },
  }

  function accept(socket: ServerSocket, request: UpgradeRequest): SocketEvents {
    const connection = new ConnectionRunner(socket, request, createConnection(++lastNumber, limits, clock.now()), connectionWorld)
    connections.set(lastNumber, connection)
    count.accepted++
    if (closing) connection.disconnect(1001, 'gateway_restart')
    else if (connections.size > limits.maxConnections || handshakes() > limits.maxHandshakes) overloaded(connection)
    return connection
  }

  function overloaded(connection: ConnectionRunner): void {
    bus.note('connection', 'policy', 'connection_cap', { connections: connections.size })
    connection.disconnect(CLOSE_CODE.SERVER_OVERLOAD, 'server_overload')
  }

  function handshakes(): number {
    let found = 0
    for (const { state } of connections.values()) if (state.phase === 'greeting' || state.phase === 'admitting') found++
    return found
  }

  // Sessions

  const desk: AdmissionDesk = {
    authority,
    authorize: options.authorize,
    clock,
    authorizeMs: limits.authorizeMs,
    note: (which, code, fields) => bus.note('admission', which, code, fields),
    session: (id) => sessions.get(id),
    holder: (allocation) => holders.get(allocation),
    isOver: (id) => ended.has(id),
    found: foundSession,
    claim(connection, principal) {
      let own = 0
      for (const each of claims.values()) if (each === principal) own++
      if (own >= limits.maxConnectionsPerPrincipal) return false
      claims.set(connection, principal)
      return true
    },
  }

  function foundSession(identity: SessionIdentity): SessionRunner | null {
    let own = 0
    for (const { identity: other } of sessions.values()) if (other.principal.id === identity.principal.id) own++
    if (closing || sessions.size >= limits.maxSessions || own >= limits.maxSessionsPerPrincipal) return null
    const state = createSession(identity.id, limits, backend.pausable !== false)
    const session: SessionRunner = new SessionRunner(identity, state, {
      queue,
      blocks: kept,
      indexOfByte: options.indexOfByte,
      timers: (rang) => createTimers(clock, rang),
      now: clock.now,
      note: (which, code, fields) => bus.note('session', which, code, { session: identity.id, ...fields }),
      connection: (number) => connections.get(number),
      start: (request, events, began) => start(session, request, events, began),
      bury: programs.bury,
      answerProbe,
      over: () => forget(session),
    })
    sessions.set(identity.id, session)
    holders.set(identity.allocation, session)
    return session
  }

  function forget(session: SessionRunner): void {
    const { id, allocation } = session.identity
    sessions.delete(id)
    if (holders.get(allocation) === session) holders.delete(allocation)
    ended.add(id)
    if (ended.size > REMEMBERED_ENDS) for (const oldest of ended) return void ended.delete(oldest)
  }

  // Programs

  function start(session: SessionRunner, request: OpenRequest, events: ProgramEvents, began: (program: Program) => void): void {
    const refused = (reason: CloseReason): void => events.failed(reason, reason)
    when(
      () => mayOpen(session, request),
      (refusal) => {
        if (refusal !== null) return refused(refusal)
        // The session may have ended, by a revocation for instance, while the host was asked.
        if (session.state.life.phase === 'ended') return
        run(session, request, events, began)
      },
      (error) => {
        bus.note('session', 'diagnostic', 'target_check_failed', { error: nameOf(error) })
        refused('internal_error')
      },
    )
  }

  function mayOpen(session: SessionRunner, { target, principal, allocation }: OpenRequest): MaybePromise<CloseReason | null> {
    const holder = holders.get(allocation)
    if (holder !== undefined && holder !== session && holdsAllocation(holder.state)) return 'allocation_busy'
    holders.set(allocation, session)
    if ('allocation' in target) return target.allocation === allocation ? null : denied(session, 'allocation')
    const allowed = options.allowTargets?.(target, principal) ?? false
    if (typeof allowed === 'boolean') return allowed ? null : denied(session, 'host')
    return allowed.then((yes) => (yes ? null : denied(session, 'host')))
  }

  function denied(session: SessionRunner, target: string): CloseReason {
    bus.note('session', 'policy', 'target_refused', { session: session.identity.id, target })
    return 'policy_denied'
  }

  function run(session: SessionRunner, request: OpenRequest, events: ProgramEvents, began: (program: Program) => void): void {
    const { allowed, refused } = allowedEnv(options.allowEnv ?? DEFAULT_ENV, request.env)
    if (refused.length > 0) bus.note('session', 'policy', 'env_refused', { session: session.identity.id, names: refused.length })
    count.opened++
    try {
      began(programs.open(backend, { ...request, env: allowed }, events))
    } catch (error) {
      bus.note('session', 'diagnostic', 'backend_threw', { error: nameOf(error) })
      session.happen({ type: 'end', reason: 'internal_error' })
    }
  }

  // Who is there

  function probe(allocation: string, answer: (state: 'free' | 'attached' | 'detached') => void): void {
    const holder = holders.get(allocation)
    if (holder === undefined || !holdsAllocation(holder.state)) return answer('free')
    const number = ++lastProbe
    probes.set(number, answer)
    holder.happen({ type: 'probe', probe: number, ts: authority.challenge() })
  }

  function answerProbe(number: number, state: 'attached' | 'detached'): void {
    const answer = probes.get(number)
    probes.delete(number)
    answer?.(state)
  }

  const mintToken = createMint({
    authorize: options.authorize,
    authority,
    clock,
    rate: limits.mint,
    tokenTtlMs: limits.tokenTtlMs,
    note: (which, code, fields) => bus.note('token', which, code, fields),
    holderOf(allocation) {
      const holder = holders.get(allocation)
      return holder !== undefined && holdsAllocation(holder.state) ? holder.identity.principal.id : null
    },
    probe,
  })

  function endSessions(reason: CloseReason, which: (identity: SessionIdentity) => boolean): void {
    for (const session of sessions.values()) if (which(session.identity)) session.happen({ type: 'end', reason })
  }

  return {
    accept,
    checkUpgrade: (facts) => checkUpgrade(options, facts, (code, fields) => bus.note('upgrade', 'policy', code, fields)),
    mintToken,
    probe,
    revoke({ principal, allocation }) {
      if (principal === undefined && allocation === undefined) return
      endSessions(
        'policy_denied',
        (identity) =>
          (principal ?? identity.principal.id) === identity.principal.id &&
          (allocation ?? identity.allocation) === identity.allocation,
      )
    },
    close() {
      closing = true
      endSessions('gateway_restart', () => true)
      for (const connection of connections.values()) connection.disconnect(1001, 'gateway_restart')
      return programs.empty()
    },
    on: bus.on,
    stats() {
      let attached = 0
      let held = 0
      for (const session of sessions.values()) {
        if (session.state.life.phase === 'attached') attached++
        held += session.held
      }
      const sizes = {
        connections: connections.size,
        handshakes: handshakes(),
        sessions: sessions.size,
        programs: programs.size(),
      }
      return { ...sizes, attached, held, ...count }
    },
    limits,
    options,
  }
}
