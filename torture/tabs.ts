/** The tabs of one browser: who owns a name, with Web Locks' own rules, under virtual time. */
import type { TabClaim, TabLock } from '../src/client/ports.ts'
import type { VirtualClock } from '../src/testing/virtualClock.ts'
import { Later } from './later.ts'

interface Waiter {
  readonly tab: object
  readonly grant: (granted: boolean) => void
}

/** The locks of a browser. A tab's lock falls with the tab. */
export class TabLocks {
  readonly #clock: VirtualClock
  readonly #owners = new Map<string, object>()
  readonly #waiting = new Map<string, Waiter[]>()

  constructor(clock: VirtualClock) {
    this.#clock = clock
  }

  /** The port of one tab, and the end of everything it holds. */
  forTab(): TabLock & { readonly close: () => void } {
    const tab = {}
    const claims = new Set<() => void>()
    return {
      claim: (name, timeoutMs) => {
        const claim = this.#claim(tab, name, timeoutMs)
        claims.add(claim.release)
        return claim
      },
      close: () => claims.forEach((release) => release()),
    }
  }

  #claim(tab: object, name: string, timeoutMs: number | null): TabClaim {
    if (!this.#owners.has(name)) {
      this.#owners.set(name, tab)
      return { granted: true, release: () => this.#release(tab, name) }
    }
    let cancelTimer: () => void = () => undefined
    let settled = false
    const granted = new Later<boolean>()
    const waiter: Waiter = {
      tab,
      grant: (value) => {
        settled = true
        cancelTimer()
        granted.settle(value)
      },
    }
    this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), waiter])
    if (timeoutMs !== null) cancelTimer = this.#clock.after(timeoutMs, () => this.#giveUp(name, waiter))
    return {
      granted,
      release: () => {
        cancelTimer()
        if (settled) this.#release(tab, name)
        else
          this.#waiting.set(
            name,
            (this.#waiting.get(name) ?? []).filter((waiter) => waiter.tab !== tab),
          )
      },
    }
  }

  #giveUp(name: string, waiter: Waiter): void {
    this.#waiting.set(
      name,
      (this.#waiting.get(name) ?? []).filter((other) => other !== waiter),
    )
    waiter.grant(false)
  }

  #release(tab: object, name: string): void {
    if (this.#owners.get(name) !== tab) return
    const [next, ...rest] = this.#waiting.get(name) ?? []
    this.#waiting.set(name, rest)
    if (next === undefined) return void this.#owners.delete(name)
    this.#owners.set(name, next.tab)
    next.grant(true)
  }
}
