/** The headless client: `connect()`, with the platform's own ports or with those that are passed in, and the types of what it gives. */
import { createProfileRegistry } from '../protocol/profiles/registry.ts'
import type { WireProfile } from '../protocol/wireProfile.ts'
import type { Connection } from './api.ts'
import { RECONNECT_POLICY } from './machine/backoff.ts'
import type { ReconnectPolicy } from './machine/backoff.ts'
import { browserPorts, serviceAt } from './browser.ts'
import type { ClientPorts, GetToken } from './ports.ts'
import { Runner } from './runner.ts'
import { storeKey } from './storedSession.ts'

export interface ConnectOptions {
  /** Which terminal. */
  readonly allocationId: string
  /** Base address of the token endpoint and the socket. Default: the page's own origin. */
  readonly endpoint?: string
  /** Connect here without asking for a token, to a server that admits without one. */
  readonly url?: string
  /** Replaces the `POST` to the token endpoint. */
  readonly getToken?: GetToken
  /** Tells two panels of one page with the same allocation apart. */
  readonly panelKey?: string
  /** Where the resume token lies between page loads. Default `session`; `none` forgets it with the connection. */
  readonly storage?: 'session' | 'memory' | 'none'
  /** What happens to output while the page is hidden. Default `pause`: the program goes on, the page catches up. */
  readonly hidden?: 'pause' | 'trickle' | 'continue'
  /** Name of the wire profile. Default `nimbus.v1`. */
  readonly profile?: string
  /** Further profiles, known to the server too. */
  readonly profiles?: readonly WireProfile[]
  /** False makes a plain peer: no resume. */
  readonly resume?: boolean
  readonly reconnect?: Partial<ReconnectPolicy>
  /**
   * Bounds in bytes of how much output may be on its way. By default it is found out between 64 KiB and 2 MiB; the same number
   * twice fixes it.
   */
  readonly outputWindow?: { readonly min: number; readonly max: number }
  readonly clientInfo?: string
  /** A WebSocket class for runtimes without one, such as `ws`. */
  readonly WebSocket?: new (url: string, protocol: string) => unknown
  /** Parts of the world to replace, for tests and other platforms. */
  readonly ports?: Partial<ClientPorts>
}

/**
 * Opens a connection and keeps it: it gets a token, connects, resumes after every loss, and says what it is doing.
 * Throws only for options that cannot work.
 */
export function connect(options: ConnectOptions): Connection {
  const { allocationId, endpoint = '', panelKey = '', storage = 'session', profile: profileName = 'nimbus.v1' } = options
  // A page without types may hand over anything: `undefined` would become the name of a terminal.
  if (typeof allocationId !== 'string' || allocationId === '')
    throw new TypeError(
      `connect() needs an allocationId, the id of the terminal to open, as a string and not ${JSON.stringify(allocationId)}.`,
    )
  // Found out before anything is tried: a person would only read that there is no connection. A server that renders has no page yet.
  const asksThere = [options.url, options.getToken, options.ports?.getToken].every((other) => other === undefined)
  if (asksThere && typeof location !== 'undefined') serviceAt(endpoint)
  const profile = createProfileRegistry(options.profiles).get(profileName)
  if (profile === undefined)
    throw new TypeError(`No wire profile is called ${profileName}: pass it in \`profiles\`, or leave \`profile\` out.`)
  const ports: ClientPorts = { ...browserPorts({ endpoint, storage, WebSocket: options.WebSocket }), ...options.ports }
  const runner = new Runner(
    {
      allocation: allocationId,
      profile: profile.name,
      clientInfo: options.clientInfo,
      resume: options.resume ?? true,
      hidden: options.hidden ?? 'pause',
      reconnect: { ...RECONNECT_POLICY, ...options.reconnect },
      outputWindow: options.outputWindow,
      url: options.url ?? null,
    },
    options.getToken === undefined ? ports : { ...ports, getToken: later(options.getToken) },
    profile,
    storeKey(endpoint, allocationId, panelKey),
  )
  runner.start()
  return runner
}

/** Whoever connects cannot listen before this has returned: an answer that is there at once comes after that. */
function later(request: GetToken): GetToken {
  return async (asked) => request(asked)
}

export type * from './api.ts'
export type * from './ports.ts'
export type { ReconnectPolicy } from './machine/backoff.ts'
export type { JsonValue } from './recording/redaction.ts'
