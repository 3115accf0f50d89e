/** The real server core under virtual time: nothing in it waits for anything but the clock. */
import type { TokenAnswer } from '../src/client/ports.ts'
import { memoryTokenStore } from '../src/server/stores/memory.ts'
import { createTerminalServer } from '../src/server/server.ts'
import type { TerminalServer } from '../src/server/server.ts'
import type { ServerEvent } from '../src/server/events.ts'
import type { MintAnswer } from '../src/server/mint.ts'
import type { ServerLimits } from '../src/server/options.ts'
import type { Backend } from '../src/server/ports.ts'
import type { SeededRandom } from '../src/testing/seededRandom.ts'
import type { VirtualClock } from '../src/testing/virtualClock.ts'
import { Later } from './later.ts'

export interface TestServer {
  readonly accept: TerminalServer['accept']
  readonly core: TerminalServer
  readonly events: readonly ServerEvent[]
  getToken(takeOver: boolean): PromiseLike<TokenAnswer>
  close(): void
}

export interface TestServerOptions {
  readonly clock: VirtualClock
  readonly random: SeededRandom
  readonly backend: Backend
  readonly limits?: Partial<ServerLimits>
}

/** The allocation that all pages want. */
export const ALLOCATION = 'box'

export function startServer({ clock, random, backend, limits }: TestServerOptions): TestServer {
  const events: ServerEvent[] = []
  const core = createTerminalServer({
    backend,
    clock,
    random,
    authorize: () => 'allow',
    tokens: memoryTokenStore({ clock }),
    // One-way is not what is tried here, and virtual time knows no crypto.
    digest: (text) => `hash of ${text}`,
    dangerouslyAllowMissingOrigin: true,
    limits: { mint: { perSecond: 1000, burst: 1000 }, ...limits },
  })
  core.on((event) => events.push(event))
  return {
    accept: core.accept,
    core,
    events,
    getToken: (takeOver) => getToken(core, takeOver),
    close: () => void core.close(),
  }
}

/** As the token endpoint does it, without a promise: asks who is there, then mints. */
function getToken(core: TerminalServer, takeOver: boolean): PromiseLike<TokenAnswer> {
  const later = new Later<TokenAnswer>()
  const mint = (): void =>
    later.settle(toAnswer(core.mintToken({ principal: { id: 'ana' }, allocation: ALLOCATION, origin: null, takeOver })))
  if (takeOver) mint()
  else {
    core.probe(ALLOCATION, (state) => {
      if (state === 'free') mint()
      else later.settle({ ok: false, code: 'allocation_busy', state, canTakeOver: true })
    })
  }
  return later
}

function toAnswer(answer: MintAnswer | PromiseLike<MintAnswer>): TokenAnswer {
  if ('then' in answer) throw new Error('The mint waits for something; in this world nothing may.')
  if (answer.ok) return { ok: true, token: answer.token, url: `ws://server.test/ws/terminal/${ALLOCATION}` }
  return answer
}
