/** Headless clients in a process of their own, so that what they cost is not the server's. */
import { startChild } from './child.ts'
import type { Stage } from './stage.ts'

/**
 * `page`: the client of the panels, which takes all output as drawn. `wire`: only what the protocol asks for, a `flow` for each
 * 128 KiB in a fixed window. `bare`: a socket that counts what comes, without any protocol, at the server's `/flood`.
 */
export type ClientKind = 'page' | 'wire' | 'bare'

export type ClientOrder =
  | { readonly to: 'open'; readonly kind: ClientKind; readonly count: number; readonly name: string }
  /** To all of a name, or to the one with the index. */
  | { readonly to: 'type'; readonly name: string; readonly index?: number; readonly text: string }
  /** Types a letter at one of a name, every `everyMs`, and waits for something to come back. */
  | { readonly to: 'echo'; readonly name: string; readonly index: number; readonly keys: number; readonly everyMs: number }
  | { readonly to: 'count'; readonly name: string }
  | { readonly to: 'drop'; readonly name: string }
  | { readonly to: 'end' }

export interface ClientAnswer {
  /** Payload bytes of each client of the name. */
  readonly bytes: readonly number[]
  /** Messages with output, of all of the name. */
  readonly frames: number
  /** Milliseconds each, of an `echo`. */
  readonly echoes: readonly number[]
  /** Milliseconds of processor time of the process so far. */
  readonly cpuMs: number
  /** When this was so: milliseconds on a clock that only this process has. */
  readonly at: number
}

export interface Clients {
  ask(order: ClientOrder): Promise<ClientAnswer>
}

/** Starts the process; `url` is the server's address and ends with a slash. */
export async function startClients(stage: Stage, url: string): Promise<Clients> {
  const child = await startChild<ClientOrder, ClientAnswer>('clientsProcess.ts', { url })
  stage.later(() => child.close({ to: 'end' }))
  return { ask: child.ask }
}
