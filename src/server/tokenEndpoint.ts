/** `POST …/terminal-token` without an HTTP server: what a request means, and the status that a person will understand. */
import { after } from './maybePromise.ts'
import type { MintAnswer } from './mint.ts'
import { hasSecretInQuery, isAllocation, isAllowedOrigin, type OriginPolicy } from './policy.ts'
import type { MaybePromise, Principal } from './ports.ts'
import type { TerminalServer } from './server.ts'

/** The request, as the runtime read it. */
export interface TokenHttpRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly query: string
  /** A header by its lower-case name. */
  readonly header: (name: string) => string | undefined
  /** What a page of this server would send as its origin. */
  readonly own: string | undefined
  readonly body: string
  /** Who is signed in; asked only once everything else is in order. */
  readonly principal: () => MaybePromise<Principal | null>
}

export interface TokenHttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface TokenEndpointOptions extends OriginPolicy {
  /** The socket's address for a page; default: the path on the page's own origin. */
  readonly socketUrl?: (allocation: string) => string
}

const PATH = { before: '/api/v1/allocations/', after: '/terminal-token' }

/** The allocation that a path asks a token for, or null if the path is none of this endpoint's. */
export function tokenPath(path: string): string | null {
  if (!path.startsWith(PATH.before) || !path.endsWith(PATH.after)) return null
  return path.slice(PATH.before.length, -PATH.after.length)
}

/** Answers a request to a path of {@link tokenPath}. */
export function tokenEndpoint(
  server: Pick<TerminalServer, 'mintToken'>,
  options: TokenEndpointOptions,
  request: TokenHttpRequest,
): MaybePromise<TokenHttpResponse> {
  const origin = originOf(options, request)
  if (origin === undefined) return refusal(403, 'policy_denied')
  if (request.method === 'OPTIONS') return preflight(origin)
  const answer = answerTo(server, options, request, origin)
  return after(answer, (response) => withCors(response, origin))
}

/** The origin of the page that asks, null for a client that may go without; undefined if it is not allowed. */
function originOf(options: TokenEndpointOptions, { header, own }: TokenHttpRequest): string | null | undefined {
  const named = header('origin')
  // Only a browser says this, and it says it of its own page.
  const origin = named ?? (header('sec-fetch-site') === 'same-origin' ? own : undefined)
  return isAllowedOrigin(options, { origin, own }) ? (origin ?? null) : undefined
}

function answerTo(
  server: Pick<TerminalServer, 'mintToken'>,
  options: TokenEndpointOptions,
  request: TokenHttpRequest,
  origin: string | null,
): MaybePromise<TokenHttpResponse> {
  const allocation = tokenPath(request.path)
  if (allocation === null || !isAllocation(allocation)) return refusal(404, 'not_found')
  if (request.method !== 'POST') return { ...refusal(405, 'bad_request'), headers: { ...HEADERS, Allow: 'POST' } }
  const takeOver = readBody(request)
  if (hasSecretInQuery(request.query) || takeOver === null) return refusal(400, 'bad_request')
  return after(request.principal(), (principal) => {
    if (principal === null) return refusal(401, 'auth_failed')
    return after(server.mintToken({ principal, allocation, origin, takeOver }), (answer) => answered(options, allocation, answer))
  })
}

/** Whether the body asks for a take-over; null if it is none that this endpoint knows. */
function readBody({ header, body }: TokenHttpRequest): boolean | null {
  const [type = ''] = header('content-type')?.split(';', 1) ?? []
  if (type.trim().toLowerCase() !== 'application/json') return null
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const takeOver: unknown = 'take_over' in value && Object.hasOwn(value, 'take_over') ? value.take_over : false
  return typeof takeOver === 'boolean' ? takeOver : null
}

function answered({ socketUrl }: TokenEndpointOptions, allocation: string, answer: MintAnswer): TokenHttpResponse {
  if (answer.ok) {
    const url = socketUrl?.(allocation) ?? `/ws/terminal/${allocation}`
    return json(201, { token: answer.token, expires_at: new Date(answer.expiresAt).toISOString(), websocket_url: url })
  }
  switch (answer.code) {
    case 'auth_failed':
      return refusal(401, answer.code)
    case 'policy_denied':
      return refusal(403, answer.code)
    case 'not_found':
      return refusal(404, answer.code)
    case 'allocation_busy':
      return json(409, { code: answer.code, state: answer.state, can_take_over: answer.canTakeOver })
    case 'rate_limited': {
      const response = json(429, { code: answer.code, retry_ms: answer.retryMs })
      return { ...response, headers: { ...response.headers, 'Retry-After': String(Math.ceil(answer.retryMs / 1000)) } }
    }
  }
}

const HEADERS = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' }

function refusal(status: number, code: string): TokenHttpResponse {
  return json(status, { code })
}

function json(status: number, value: Readonly<Record<string, unknown>>): TokenHttpResponse {
  return { status, headers: HEADERS, body: JSON.stringify(value) }
}

/** A page of another origin that is on the list may read the answer. */
function withCors(response: TokenHttpResponse, origin: string | null): TokenHttpResponse {
  if (origin === null || origin === 'null') return response
  const cors = { 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Credentials': 'true', Vary: 'Origin' }
  return { ...response, headers: { ...response.headers, ...cors } }
}

function preflight(origin: string | null): TokenHttpResponse {
  const headers = {
    'Access-Control-Allow-Methods': 'POST',
    'Access-Control-Allow-Headers': 'Content-Type',
    'Access-Control-Max-Age': '600',
  }
  return withCors({ status: 204, headers, body: '' }, origin)
}
