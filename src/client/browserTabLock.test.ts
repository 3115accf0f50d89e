// @vitest-environment jsdom
/** Who owns a session among tabs, with Web Locks, with messages alone, and with nothing. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { browserTabLock, freeForAll } from './browserTabLock.ts'
import type { TabClaim } from './ports.ts'

/** The channels of all tabs by name. A message reaches, some milliseconds later, those that exist when it is posted. */
class FakeBroadcastChannel {
  static readonly open = new Set<FakeBroadcastChannel>()
  static delayMs = 1
  readonly name: string
  readonly #listeners: ((event: { readonly data: unknown }) => void)[] = []

  constructor(name: string) {
    this.name = name
    FakeBroadcastChannel.open.add(this)
  }

  addEventListener(_type: string, listener: (event: { readonly data: unknown }) => void): void {
    this.#listeners.push(listener)
  }

  postMessage(data: unknown): void {
    if (!FakeBroadcastChannel.open.has(this)) throw new DOMException('closed', 'InvalidStateError')
    for (const other of FakeBroadcastChannel.open)
      if (other !== this && other.name === this.name) setTimeout(() => other.#hear(data), FakeBroadcastChannel.delayMs)
  }

  #hear(data: unknown): void {
    if (FakeBroadcastChannel.open.has(this)) for (const listener of this.#listeners) listener({ data })
  }

  close(): void {
    FakeBroadcastChannel.open.delete(this)
  }
}

/** Web Locks as far as they are used: one owner a name, a queue, and an abort. */
class FakeLocks {
  readonly #tails = new Map<string, Promise<unknown>>()

  request(name: string, { signal }: { signal: AbortSignal }, callback: () => Promise<void>): Promise<void> {
    const before = this.#tails.get(name) ?? Promise.resolve()
    const aborted = new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(new DOMException('given up', 'AbortError'))),
    )
    const turn = Promise.race([before, aborted]).then(() => (signal.aborted ? undefined : callback()))
    this.#tails.set(
      name,
      turn.catch(() => before),
    )
    return turn
  }
}

/** What became of a claim, without waiting for it. */
function watch(claim: TabClaim): { readonly granted: () => boolean | undefined } {
  let answer: boolean | undefined
  void Promise.resolve(claim.granted).then((granted) => (answer = granted))
  return { granted: () => answer }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  FakeBroadcastChannel.open.clear()
  FakeBroadcastChannel.delayMs = 1
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function withLocks(locks: unknown): void {
  vi.stubGlobal('navigator', { locks })
}

describe('with Web Locks', () => {
  test('the second tab is told after its time, and the first one keeps the name', async () => {
    withLocks(new FakeLocks())
    const first = watch(browserTabLock().claim('a', 2000))
    const second = watch(browserTabLock().claim('a', 2000))
    await vi.advanceTimersByTimeAsync(1999)
    expect([first.granted(), second.granted()]).toEqual([true, undefined])
    await vi.advanceTimersByTimeAsync(1)
    expect([first.granted(), second.granted()]).toEqual([true, false])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('a page that is reloaded gets its name from the page before as soon as that is gone', async () => {
    withLocks(new FakeLocks())
    const before = browserTabLock().claim('a', null)
    const after = watch(browserTabLock().claim('a', 2000))
    await vi.advanceTimersByTimeAsync(500)
    before.release()
    await vi.advanceTimersByTimeAsync(0)
    expect(after.granted()).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('whoever gives up waiting holds up nobody', async () => {
    withLocks(new FakeLocks())
    const first = browserTabLock().claim('a', null)
    const second = browserTabLock().claim('a', null)
    const third = watch(browserTabLock().claim('a', null))
    await vi.advanceTimersByTimeAsync(0)
    second.release()
    first.release()
    await vi.advanceTimersByTimeAsync(0)
    expect(third.granted()).toBe(true)
  })

  test('locks that are forbidden lock nobody out', async () => {
    withLocks({ request: () => Promise.reject(new DOMException('opaque origin', 'SecurityError')) })
    const claim = watch(browserTabLock().claim('a', 2000))
    await vi.advanceTimersByTimeAsync(0)
    expect(claim.granted()).toBe(true)
  })
})

describe('with messages alone', () => {
  beforeEach(() => {
    withLocks(undefined)
    vi.stubGlobal('BroadcastChannel', FakeBroadcastChannel)
  })

  test('a tab alone owns the name after a moment', async () => {
    const claim = watch(browserTabLock().claim('a', 2000))
    await vi.advanceTimersByTimeAsync(150)
    expect(claim.granted()).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('an owner objects, and the other is told after its time', async () => {
    const first = watch(browserTabLock().claim('a', 2000))
    await vi.advanceTimersByTimeAsync(1000)
    const second = watch(browserTabLock().claim('a', 2000))
    await vi.advanceTimersByTimeAsync(3000)
    expect([first.granted(), second.granted()]).toEqual([true, false])
    expect(FakeBroadcastChannel.open.size).toBe(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('a name that is given back is there for the next', async () => {
    const first = browserTabLock().claim('a', 2000)
    await vi.advanceTimersByTimeAsync(200)
    const second = watch(browserTabLock().claim('a', 2000))
    await vi.advanceTimersByTimeAsync(200)
    first.release()
    await vi.advanceTimersByTimeAsync(300)
    expect(second.granted()).toBe(true)
  })

  test.each([
    [0.3, 0.7],
    [0.7, 0.3],
  ])('two that ask at any distance, %d before %d: exactly one owns the name', async (one, two) => {
    for (let apartMs = 0; apartMs <= 320; apartMs += 5) {
      FakeBroadcastChannel.open.clear()
      const random = vi.spyOn(Math, 'random').mockReturnValueOnce(one).mockReturnValueOnce(two)
      const claims = [browserTabLock().claim('a', 2000)]
      await vi.advanceTimersByTimeAsync(apartMs)
      claims.push(browserTabLock().claim('a', 2000))
      const answers = claims.map(watch)
      await vi.advanceTimersByTimeAsync(5000)
      expect(answers.map(({ granted }) => granted()).sort()).toEqual([false, true])
      claims.forEach(({ release }) => release())
      random.mockRestore()
    }
  })

  test('one thousand races of two to five tabs: exactly one owner each', async () => {
    for (let race = 0; race < 1000; race++) {
      FakeBroadcastChannel.open.clear()
      FakeBroadcastChannel.delayMs = race % 20
      const answers: { readonly granted: () => boolean | undefined }[] = []
      const claims: TabClaim[] = []
      for (let tab = 0; tab < 2 + (race % 4); tab++) {
        const claim = browserTabLock().claim('a', 600)
        claims.push(claim)
        answers.push(watch(claim))
        await vi.advanceTimersByTimeAsync(Math.floor(((race * 37 + tab * 101) % 160) / 4))
      }
      await vi.advanceTimersByTimeAsync(5000)
      expect(answers.filter(({ granted }) => granted() === true)).toHaveLength(1)
      expect(answers.filter(({ granted }) => granted() === undefined)).toHaveLength(0)
      claims.forEach(({ release }) => release())
    }
    expect(vi.getTimerCount()).toBe(0)
  }, 60_000)
})

test('with neither everybody owns everything, and the server decides', async () => {
  withLocks(undefined)
  vi.stubGlobal('BroadcastChannel', undefined)
  expect(browserTabLock()).toBe(freeForAll)
  expect(await browserTabLock().claim('a', 1).granted).toBe(true)
})
