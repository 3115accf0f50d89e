/** What a runtime needs of a server to put it on the wire: an answer for a token request, a verdict for an upgrade, and a taker of sockets. */
import type { MaybePromise, ServerSocket, SocketEvents, UpgradeRequest } from './ports.ts'
import type { TerminalServer } from './server.ts'
import { tokenEndpoint, type TokenEndpointOptions, type TokenHttpRequest, type TokenHttpResponse } from './tokenEndpoint.ts'
import type { UpgradeFacts, UpgradeVerdict } from './upgrade.ts'

/** A server as runtimes see it. {@link hostOf} makes one of the core; whatever stands before a core makes its own. */
export interface TerminalHost {
  /** A rejection is answered with 500. */
  answerToken(request: TokenHttpRequest): MaybePromise<TokenHttpResponse>
  checkUpgrade(facts: UpgradeFacts): MaybePromise<UpgradeVerdict>
  accept(socket: ServerSocket, request: UpgradeRequest): SocketEvents
  /** Bytes of the largest frame. */
  readonly maxFrame: number
  /** Ends everything behind it. */
  close(): Promise<void>
}

/** The core as a host. */
export function hostOf(server: TerminalServer, options: TokenEndpointOptions): TerminalHost {
  return {
    answerToken: (request) => tokenEndpoint(server, options, request),
    checkUpgrade: server.checkUpgrade,
    accept: server.accept,
    maxFrame: server.limits.maxFrame,
    close: server.close,
  }
}
