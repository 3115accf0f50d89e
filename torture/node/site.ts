/** A real server on a real port behind a fault link, the pages that visit it, and the check that nothing of it is left. */
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ConnectOptions } from '../../src/client/index.ts'
import type { ServerEvent } from '../../src/server/events.ts'
import type { Backend } from '../../src/server/ports.ts'
import { attachTerminal, type AttachOptions, type TerminalServer } from '../../src/server/runtimes/node.ts'
import { startFaultLink, type FaultLink } from '../../src/testing/node/faultLink.ts'
import { until } from './until.ts'
import { Visitor, type VisitorOptions } from './visitor.ts'
import { witnessed, type Seen } from './witness.ts'

export interface Site {
  readonly link: FaultLink
  readonly server: TerminalServer
  readonly events: readonly ServerEvent[]
  readonly seen: readonly Seen[]
  /** Where tokens are asked for, past the link. */
  readonly endpoint: string
  visit(options?: Partial<ConnectOptions> & VisitorOptions): Visitor
  /** Closes everything. Rejects if a session, a program, a process or a socket stays. */
  close(): Promise<void>
}

/** Every program of a site carries this in its environment, so that a survivor is found wherever it went. */
export const MARK = 'TORTURE_SITE'

/** A token request is one more `POST` to a test and a flood to a server that guards a page. */
const MANY = { mint: { perSecond: 10_000, burst: 10_000 } }

export interface SiteOptions extends Omit<Partial<AttachOptions>, 'backend'> {
  /** Gets the mark that its programs must carry. */
  readonly backend: Backend | ((env: Readonly<Record<string, string>>) => Backend)
}

/** How an allocation and the one who asks for it are told from a request: each allocation has its own person. */
export function personOf(url: string | undefined): { readonly id: string } {
  return { id: url?.split('/')[4] ?? 'nobody' }
}

export async function startSite({ backend, limits, ...options }: SiteOptions): Promise<Site> {
  const openBefore = openHandles()
  const mark = randomUUID()
  const http = createServer()
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  // A TCP server that listens has an address of this shape; only pipes have a string.
  const { port } = http.address() as AddressInfo
  const link = await startFaultLink({ target: { port } })
  const programs = witnessed(typeof backend === 'function' ? backend({ [MARK]: mark }) : backend)
  const terminal = attachTerminal(http, {
    backend: programs,
    authorize: () => 'allow',
    authenticate: (request) => personOf(request.url),
    dangerouslyAllowMissingOrigin: true,
    socketUrl: (allocation) => `ws://127.0.0.1:${link.port}/ws/terminal/${allocation}`,
    limits: { ...MANY, ...limits },
    ...options,
  })
  const events: ServerEvent[] = []
  terminal.server.on((event) => events.push(event))
  const visitors: Visitor[] = []
  const endpoint = `http://127.0.0.1:${port}`
  return {
    link,
    server: terminal.server,
    events,
    seen: programs.seen,
    endpoint,
    visit(visit = {}) {
      const visitor = new Visitor({ endpoint, ...visit })
      visitors.push(visitor)
      return visitor
    },
    async close() {
      for (const visitor of visitors) visitor.leave()
      // The network first: a socket whose other end is gone has three seconds for its good-bye otherwise.
      await link.close()
      await terminal.close()
      const closed = new Promise((resolve) => http.close(resolve))
      http.closeAllConnections()
      await closed
      const { sessions, programs: running, connections } = terminal.server.stats()
      if (sessions + running + connections > 0) throw new Error(`Left: ${JSON.stringify(terminal.server.stats())}`)
      await until(
        () => processesWith(mark).length === 0,
        () => `the programs ${processesWith(mark).join(', ')} end`,
        15_000,
      )
      await until(
        () => openHandles() <= openBefore,
        () => `of ${process.getActiveResourcesInfo().join(' ')} only ${openBefore} sockets and terminals stay`,
        15_000,
      )
    },
  }
}

function openHandles(): number {
  return process.getActiveResourcesInfo().filter((name) => /^(TCP|TTY)/.test(name)).length
}

/** Processes that carry a mark, with their names. Linux only; elsewhere nobody is found. */
export function processesWith(mark: string): string[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`${MARK}=${mark}`)) return []
        return [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')}`]
      } catch {
        // It ended meanwhile, or is somebody else's.
        return []
      }
    })
}
