/** Who owns a session among the tabs of a browser, which copy each other's storage when they are duplicated. */
import type { TabClaim, TabLock } from './ports.ts'

/** For tokens that no other tab can have. */
export const freeForAll: TabLock = { claim: () => ({ granted: true, release: () => undefined }) }

/** Web Locks where there are any, else messages between tabs. */
export function browserTabLock(): TabLock {
  if (typeof document === 'undefined') return freeForAll
  if (typeof navigator.locks?.request === 'function') return webLock
  return typeof BroadcastChannel === 'function' ? broadcastLock : freeForAll
}

const webLock: TabLock = {
  claim(name, timeoutMs): TabClaim {
    const controller = new AbortController()
    let letGo: () => void = () => controller.abort()
    const timer = timeoutMs === null ? undefined : setTimeout(() => controller.abort(), timeoutMs)
    const granted = new Promise<boolean>((resolve) => {
      navigator.locks
        .request(name, { signal: controller.signal }, () => {
          clearTimeout(timer)
          resolve(true)
          return new Promise<void>((release) => {
            letGo = release
          })
        })
        .catch((error: unknown) => resolve(!(error instanceof DOMException && error.name === 'AbortError')))
    })
    return {
      granted,
      release: () => {
        clearTimeout(timer)
        letGo()
      },
    }
  },
}

/** `taken` names the asker that is refused: all tabs hear it, and the others may still be right. */
type TabMessage = { readonly ask: number } | { readonly taken: number }

/** How long a tab has to answer that a name is taken. */
const ANSWER_MS = 150

/** Without locks: ask the other tabs. Of two that ask at once the one with the lower number wins. */
const broadcastLock: TabLock = {
  claim(name, timeoutMs): TabClaim {
    const channel = new BroadcastChannel(name)
    const mine = Math.random()
    let state: 'asking' | 'owner' | 'gone' = 'asking'
    let taken = false
    const say = (message: TabMessage): void => {
      // A BroadcastChannel reaches this origin only and takes no target.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      if (state !== 'gone') channel.postMessage(message)
    }
    channel.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => {
      if ('taken' in data) taken ||= data.taken === mine
      else if (state === 'owner' || (state === 'asking' && mine < data.ask)) say({ taken: data.ask })
      // The other one may have come too late to hear us, and would not know that it has to object.
      else if (state === 'asking') taken = true
    })
    const release = (): void => {
      state = 'gone'
      channel.close()
    }
    const granted = new Promise<boolean>((resolve) => {
      const deadline = timeoutMs === null ? Infinity : performance.now() + timeoutMs
      const ask = (): void => {
        if (state === 'gone') return resolve(false)
        taken = false
        say({ ask: mine })
        setTimeout(() => {
          if (!taken && state === 'asking') state = 'owner'
          if (state === 'owner') return resolve(true)
          if (performance.now() < deadline) return ask()
          release()
          resolve(false)
        }, ANSWER_MS)
      }
      ask()
    })
    return { granted, release }
  },
}
