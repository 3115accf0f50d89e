/** What the token endpoint's status and body mean to the machine; nothing in them is trusted. */
import type { TokenAnswer } from './ports.ts'

type Refused = Extract<TokenAnswer, { readonly ok: false }>

const CODES: Readonly<Record<Refused['code'], true>> = {
  auth_failed: true,
  policy_denied: true,
  not_found: true,
  allocation_busy: true,
  rate_limited: true,
  unreachable: true,
  bad_answer: true,
}

/** Whether it is an answer that can be acted upon: a host's own way to a token may give anything. */
export function isTokenAnswer(value: unknown): value is TokenAnswer {
  const { ok, token, url, code, retryMs }: Readonly<Record<string, unknown>> =
    typeof value === 'object' && value !== null ? { ...value } : {}
  if (ok === true) return isText(token) && isText(url)
  return ok === false && isText(code) && Object.hasOwn(CODES, code) && (retryMs === undefined || Number.isFinite(retryMs))
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** `resolve` makes the socket's address absolute, or is null for what is no address. */
export function tokenAnswer(status: number, body: unknown, resolve: (address: string) => string | null): TokenAnswer {
  const fields: Readonly<Record<string, unknown>> = typeof body === 'object' && body !== null ? { ...body } : {}
  switch (status) {
    case 201:
    case 200:
      return granted(fields, resolve)
    case 401:
      return { ok: false, code: 'auth_failed' }
    case 403:
      return { ok: false, code: 'policy_denied' }
    case 404:
    case 410:
      return { ok: false, code: 'not_found' }
    case 409:
      return {
        ok: false,
        code: 'allocation_busy',
        state: fields['state'] === 'detached' ? 'detached' : 'attached',
        canTakeOver: fields['can_take_over'] !== false,
      }
    case 429:
      return { ok: false, code: 'rate_limited', ...(typeof fields['retry_ms'] === 'number' && { retryMs: fields['retry_ms'] }) }
    default:
      return { ok: false, code: status >= 500 || status === 408 ? 'unreachable' : 'bad_answer' }
  }
}

function granted(fields: Readonly<Record<string, unknown>>, resolve: (address: string) => string | null): TokenAnswer {
  const { token, websocket_url: address } = fields
  const url = typeof address === 'string' ? resolve(address) : null
  return isText(token) && url !== null ? { ok: true, token, url } : { ok: false, code: 'bad_answer' }
}
