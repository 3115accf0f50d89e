/** The real server core as the fake server runs it: everybody is let in, and nothing in it waits for anything but the clock. */
import { CLOSE_CODE } from '../src/protocol/closeReasons.ts'
import { createProfileRegistry } from '../src/protocol/profiles/registry.ts'
import type { ProfileRegistry } from '../src/protocol/profiles/registry.ts'
import type { AuthorizeRequest, ServerLimits, Verdict } from '../src/server/options.ts'
import type { OriginPolicy } from '../src/server/policy.ts'
import type { Backend, Clock, MaybePromise } from '../src/server/ports.ts'
import { createTerminalServer, type TerminalServer } from '../src/server/server.ts'
import { memoryTokenStore } from '../src/server/stores/memory.ts'
import type { SeededRandom } from '../src/testing/seededRandom.ts'
import type { ServerPlan } from './script.ts'

export interface CoreOptions {
  readonly clock: Clock
  readonly random: SeededRandom
  readonly backend: Backend
  readonly plan: ServerPlan
  readonly limits?: Partial<ServerLimits>
  readonly authorize: (request: AuthorizeRequest) => MaybePromise<Verdict>
}

export function createCore({ clock, random, backend, plan, limits, authorize }: CoreOptions): TerminalServer {
  return createTerminalServer({
    backend,
    clock,
    random,
    authorize,
    ...originPolicy(plan),
    profiles: plan.profiles && speakingOnly(plan.profiles),
    tokens: memoryTokenStore({ clock }),
    // Its chance comes from a seed, so there is nothing to keep secret; and a real hash would need a secure page.
    digest: (text) => `hash of ${text}`,
    limits: { mint: { perSecond: 1000, burst: 1000 }, ...plan.limits, ...limits },
  })
}

function originPolicy({ onlyOrigin }: ServerPlan): OriginPolicy {
  // Programs without a page, such as tests in Node, name no origin.
  return onlyOrigin === undefined ? { dangerouslyAllowMissingOrigin: true } : { origins: [onlyOrigin] }
}

/** A registry that knows all profiles and takes only these. */
function speakingOnly(names: readonly string[]): ProfileRegistry {
  const all = createProfileRegistry()
  return {
    get: (name) => (names.includes(name) ? all.get(name) : undefined),
    names: () => names,
    detect(first) {
      const detected = all.detect(first)
      return detected.ok && !names.includes(detected.profile.name)
        ? { ok: false, code: CLOSE_CODE.UNSUPPORTED_PROFILE, detail: 'unknown profile' }
        : detected
    },
  }
}
