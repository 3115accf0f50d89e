/** One-time tokens: for whom, for what, how often, and not for a terminal that somebody has. */
import type { Authority, Grant } from './authority.ts'
import type { EventFields } from './events.ts'
import { after } from './maybePromise.ts'
import type { AuthorizeRequest, Verdict } from './options.ts'
import type { Clock, MaybePromise, Principal } from './ports.ts'
import { fullBucket, take, waitMs, type Bucket, type Rate } from './tokenBucket.ts'

export interface MintRequest {
  readonly principal: Principal
  readonly allocation: string
  /** The origin of the page; null where it names none and that is allowed. */
  readonly origin: string | null
  readonly takeOver: boolean
}

export type MintAnswer =
  | { readonly ok: true; readonly token: string; /** Milliseconds since 1970. */ readonly expiresAt: number }
  | { readonly ok: false; readonly code: 'auth_failed' | 'policy_denied' | 'not_found' }
  | { readonly ok: false; readonly code: 'rate_limited'; readonly retryMs: number }
  | {
      readonly ok: false
      readonly code: 'allocation_busy'
      readonly state: 'attached' | 'detached'
      readonly canTakeOver: boolean
    }

export interface MintSurroundings {
  readonly authorize: (request: AuthorizeRequest) => MaybePromise<Verdict>
  readonly authority: Authority
  readonly clock: Clock
  readonly rate: Rate
  readonly tokenTtlMs: number
  readonly note: (bus: 'policy' | 'diagnostic', code: string, fields: EventFields) => void
  /** The id of whoever holds the allocation, or null. */
  readonly holderOf: (allocation: string) => string | null
  readonly probe: (allocation: string, answer: (state: 'free' | 'attached' | 'detached') => void) => void
}

/** Buckets of people are remembered up to this many; then those that are full again go. */
const MAX_BUCKETS = 10_000

export function createMint(world: MintSurroundings): (request: MintRequest) => MaybePromise<MintAnswer> {
  const buckets = new Map<string, Bucket>()

  /** Null if this person may ask, else how long they are to wait. */
  function charge(principal: string): number | null {
    const now = world.clock.now()
    if (buckets.size >= MAX_BUCKETS) forgetFull(buckets, world.rate, now)
    const bucket = buckets.get(principal) ?? fullBucket(world.rate, now)
    const charged = take(bucket, world.rate, now)
    buckets.set(principal, charged ?? bucket)
    return charged === null ? waitMs(bucket, world.rate, now) : null
  }

  return (request) => {
    const retryMs = charge(request.principal.id)
    if (retryMs !== null) return refused(world, request, { ok: false, code: 'rate_limited', retryMs })
    const { principal, allocation, origin } = request
    return after(world.authorize({ principal, allocation, origin, purpose: 'mint' }), (verdict) =>
      verdict === 'allow' ? unlessBusy(world, request) : refused(world, request, { ok: false, code: verdict }),
    )
  }
}

function forgetFull(buckets: Map<string, Bucket>, rate: Rate, now: number): void {
  for (const [name, bucket] of buckets) {
    const isFull = bucket.tokens + ((now - bucket.at) / 1000) * rate.perSecond >= rate.burst
    if (isFull || buckets.size >= MAX_BUCKETS) buckets.delete(name)
  }
}

function refused(
  world: MintSurroundings,
  { principal, allocation }: MintRequest,
  answer: MintAnswer & { ok: false },
): MintAnswer {
  world.note('policy', answer.code, { principal: principal.id, allocation })
  return answer
}

function unlessBusy(world: MintSurroundings, request: MintRequest): MaybePromise<MintAnswer> {
  const holder = world.holderOf(request.allocation)
  if (holder === null) return mint(world, request)
  if (holder !== request.principal.id) {
    // Nobody learns whether another person is at the keyboard.
    return refused(world, request, { ok: false, code: 'allocation_busy', state: 'attached', canTakeOver: false })
  }
  return request.takeOver ? mint(world, request) : after(occupancy(world, request), (state) => byOccupancy(world, request, state))
}

/** Found out by the challenge; at once where that needs no waiting. */
function occupancy(world: MintSurroundings, { allocation }: MintRequest): MaybePromise<'free' | 'attached' | 'detached'> {
  let known: 'free' | 'attached' | 'detached' | null = null
  let tell = (state: 'free' | 'attached' | 'detached'): void => {
    known = state
  }
  world.probe(allocation, (state) => tell(state))
  if (known !== null) return known
  return new Promise((resolve) => {
    tell = resolve
  })
}

function byOccupancy(
  world: MintSurroundings,
  request: MintRequest,
  state: 'free' | 'attached' | 'detached',
): MaybePromise<MintAnswer> {
  if (state === 'free') return mint(world, request)
  return refused(world, request, { ok: false, code: 'allocation_busy', state, canTakeOver: true })
}

function mint(world: MintSurroundings, request: MintRequest): MaybePromise<MintAnswer> {
  const { principal, allocation, origin, takeOver } = request
  const grant: Grant = { principal: { id: principal.id }, allocation, origin, takeOver }
  const expiresAt = world.clock.wall() + world.tokenTtlMs
  return after(world.authority.mint(grant), (token) => ({ ok: true, token, expiresAt }))
}
