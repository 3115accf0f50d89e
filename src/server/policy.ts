/** Who may knock at all: origins, paths and query strings of an upgrade, and the environment that a client may set. */

export interface OriginPolicy {
  /** Allowed origins, each as a browser says it: `https://example.com`, `http://localhost:8080`. Empty: the same origin only. */
  readonly origins?: readonly string[]
  /** Lets in pages whose origin is `null`: sandboxed frames, `file:` and `data:` pages of anybody. */
  readonly dangerouslyAllowNullOrigin?: boolean
  /** Lets in clients that name no origin. Browsers always name one; programs of anybody need not. */
  readonly dangerouslyAllowMissingOrigin?: boolean
}

export interface OriginFacts {
  /** The `Origin` header as it came. */
  readonly origin: string | undefined
  /** What a page of this very server would say: scheme and `Host` header. */
  readonly own: string | undefined
}

/** Compares whole origins, byte by byte: a browser serialises them in exactly one way. */
export function isAllowedOrigin(policy: OriginPolicy, { origin, own }: OriginFacts): boolean {
  if (origin === undefined) return policy.dangerouslyAllowMissingOrigin === true
  if (origin === 'null') return policy.dangerouslyAllowNullOrigin === true
  const allowed = policy.origins ?? []
  return allowed.length > 0 ? allowed.includes(origin) : origin === own
}

/** Throws if a configured origin is none, since it would never match anything. */
export function checkOrigins({ origins = [] }: OriginPolicy): void {
  for (const origin of origins) {
    if (!ORIGIN.test(origin) || DEFAULT_PORT.test(origin)) {
      throw new Error(`"${origin}" is no origin: write it as a browser does, in lower case, without a path or a default port.`)
    }
  }
}

/** Both are anchored and repeat nothing that repeats, so they are linear. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?$/
/** A browser leaves these out. */
const DEFAULT_PORT = /^(?:http:.*:80|https:.*:443)$/

/** Names in a query string that look like somebody put a secret there. */
const SECRET_NAMES = ['token', 'auth', 'secret', 'password', 'proof', 'bearer', 'key', 'credential', 'session', 'jwt']

/** True if the query of a request names a secret. It is in logs by now, so the request is refused to make that known. */
export function hasSecretInQuery(query: string): boolean {
  for (const part of query.split('&')) {
    const [name = ''] = part.toLowerCase().split('=', 1)
    if (name.includes('%') || SECRET_NAMES.some((secret) => name.includes(secret))) return true
  }
  return false
}

export const DEFAULT_ENV = ['TERM', 'COLORTERM', 'LANG', 'LC_*', 'TZ']
/** A longer value is no name of a terminal, a language or a time zone. */
const MAX_ENV_VALUE = 256
const MAX_ENV_NAMES = 32

/** The part of a client's environment that it may set, and the names that it may not. */
export function allowedEnv(allow: readonly string[], env: Readonly<Record<string, string>>) {
  const allowed: Record<string, string> = {}
  const refused: string[] = []
  for (const [name, value] of Object.entries(env)) {
    const fits = value.length <= MAX_ENV_VALUE && !value.includes('\0') && Object.keys(allowed).length < MAX_ENV_NAMES
    if (fits && allow.some((pattern) => matches(pattern, name))) allowed[name] = value
    else refused.push(name)
  }
  return { allowed, refused }
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) && /^[A-Z_]+$/.test(name) : name === pattern
}

/** An allocation's name as it may stand in a path. */
const ALLOCATION = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/

export function isAllocation(name: string): boolean {
  return ALLOCATION.test(name)
}
