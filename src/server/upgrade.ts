/** What becomes of a request to upgrade, before any socket exists and without touching a token. */
import { hasSecretInQuery, isAllocation, isAllowedOrigin, type OriginPolicy } from './policy.ts'

/** The request, as the runtime read it. */
export interface UpgradeFacts {
  /** Path without the query; still percent-encoded. */
  readonly path: string
  /** What stands behind the `?`, or ''. */
  readonly query: string
  readonly origin: string | undefined
  /** What a page of this server would send as its origin. */
  readonly own: string | undefined
}

export type UpgradeVerdict =
  | { readonly ok: true; readonly allocation: string; readonly origin: string | null }
  | { readonly ok: false; readonly status: 400 | 403 | 404 | 503 }

const PREFIX = '/ws/terminal/'

export function checkUpgrade(
  policy: OriginPolicy,
  { path, query, origin, own }: UpgradeFacts,
  refused: (code: string, fields: { readonly status: number }) => void,
): UpgradeVerdict {
  const refuse = (status: 400 | 403 | 404, code: string): UpgradeVerdict => {
    refused(code, { status })
    return { ok: false, status }
  }
  const allocation = path.startsWith(PREFIX) ? path.slice(PREFIX.length) : ''
  if (!isAllocation(allocation)) return refuse(404, 'no_such_path')
  if (!isAllowedOrigin(policy, { origin, own })) return refuse(403, 'origin_refused')
  if (hasSecretInQuery(query)) return refuse(400, 'secret_in_query')
  return { ok: true, allocation, origin: origin ?? null }
}
