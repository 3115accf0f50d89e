/** Starts the server process and asks it for what only it knows. */
import type { TerminalServer } from '../src/server/server.ts'
import type { ServerKey } from './watchedBackend.ts'
import { startChild } from './child.ts'

export interface Setup {
  /** Folder of the built page. */
  readonly page: string
  /** `source` has no processes: it prints from memory. `mixed` is that, but for allocations that begin with `shell`. */
  readonly backend: 'pty' | 'echo' | 'source' | 'mixed'
  /** Folder of the payload files, for benchmarks that have some. */
  readonly payloads: string | null
  /** Notes the way of single keys. */
  readonly watched?: boolean
}

/** `collect` collects garbage first; `cut` resets every TCP connection of a socket; `keys` takes what was noted of keys. */
export type Order = 'usage' | 'collect' | 'cut' | 'keys' | 'close'

/** Bytes, and milliseconds of processor time since the start. */
export interface Usage {
  readonly rss: number
  readonly heapUsed: number
  readonly arrayBuffers: number
  readonly cpuMs: number
  readonly stats: ReturnType<TerminalServer['stats']>
}

export type Answer = Usage | { readonly url: string } | { readonly keys: readonly ServerKey[] } | null

export interface ServerProcess {
  /** Ends with a slash. */
  readonly url: string
  usage(): Promise<Usage>
  collect(): Promise<Usage>
  cut(): Promise<void>
  /** Since the last call. */
  keys(): Promise<readonly ServerKey[]>
  close(): Promise<void>
}

export async function startServer(setup: Setup): Promise<ServerProcess> {
  const { first, ask, close } = await startChild<Order, Answer>('serverProcess.ts', setup)
  if (first === null || !('url' in first)) throw new Error('The server process did not say its address.')
  const usage = async (order: Order): Promise<Usage> => {
    const answer = await ask(order)
    if (answer === null || !('rss' in answer)) throw new Error(`The server process did not answer to ${order}.`)
    return answer
  }
  return {
    url: first.url,
    usage: () => usage('usage'),
    collect: () => usage('collect'),
    cut: async () => void (await ask('cut')),
    async keys() {
      const answer = await ask('keys')
      return answer !== null && 'keys' in answer ? answer.keys : []
    },
    close: () => close('close'),
  }
}
