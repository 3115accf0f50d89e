/** Draws a panel by WebGL while it is in view and the page's contexts reach; by the DOM at all other times. */
import type { Feature, PanelContext } from '../session/context.ts'
import type { Emulator, MakePart } from '../xterm/api.ts'
import type { Gpu } from '../xterm/gpu.ts'
import { hasGraphicsProcessor } from './graphicsProcessor.ts'
import { GpuLeases, type Lease } from './leases.ts'

/** `auto` is WebGL where a graphics processor draws it. All renderers have cells of the same size. */
export type RendererChoice = 'auto' | 'dom' | 'webgl'

export interface Drawing extends Feature {
  /** What draws the grid now. */
  renderer(): 'dom' | 'webgl'
}

let leases: GpuLeases | null = null

/** One for the page. */
function pageLeases(): GpuLeases {
  leases ??= new GpuLeases({
    now: () => performance.now(),
    after(delayMs, callback) {
      const timer = setTimeout(callback, delayMs)
      return () => clearTimeout(timer)
    },
  })
  return leases
}

export function drawing({ host, handlers, sight }: PanelContext): Drawing {
  const { ownerDocument: document } = host
  let emulator: Emulator | null = null
  let lease: Lease | null = null
  let gpu: Gpu | null = null
  /** Counts grants: one that was revoked while its code was loaded is void. */
  let grants = 0
  /** WebGL is not worth it here, whatever comes into view. */
  let hopeless = false

  const wanted = (): RendererChoice => handlers().renderer ?? 'auto'
  const see = (): void => lease?.see(sight.inView() && !document.hidden)

  const holder = {
    grant() {
      const grant = ++grants
      if (wanted() === 'auto' && !hasGraphicsProcessor(document)) {
        hopeless = true
        return queueMicrotask(follow)
      }
      import('../xterm/gpu.ts').then(
        (loaded) => {
          if (grant === grants) start(loaded.gpu)
        },
        () => {
          if (grant === grants) lease?.lost()
        },
      )
    },
    revoke() {
      grants++
      gpu?.stop()
    },
  }

  function start(make: MakePart<Gpu>): void {
    gpu = emulator?.part(make) ?? null
    if (!gpu?.start(() => lease?.lost())) lease?.lost()
  }

  /** Asks for a lease, or gives it back, as the host and the page want it now. */
  function follow(): void {
    const wants = emulator !== null && wanted() !== 'dom' && (wanted() === 'webgl' || !hopeless)
    if (wants === (lease !== null)) return
    if (wants) {
      lease = pageLeases().claim(holder)
      return see()
    }
    lease?.end()
    lease = null
  }

  return {
    ready(made) {
      emulator = made
      sight.watch(see)
      document.addEventListener('visibilitychange', see)
      follow()
    },
    hostChanged: follow,
    focused: (on) => on && lease?.focus(),
    renderer: () => (gpu?.running() ? 'webgl' : 'dom'),
    dispose() {
      emulator = null
      document.removeEventListener('visibilitychange', see)
      follow()
    },
  }
}
