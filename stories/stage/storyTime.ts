/** The time of a story: it runs with the page's own, can stand still for a picture, and can jump over half an hour. */

/** Fits the clock ports of the client and of the server. All times are milliseconds. */
export interface StoryTime {
  now(): number
  wall(): number
  after(delayMs: number, callback: () => void): () => void
  /** Runs the callback in a turn of its own, also while time stands still: no time passes by it. */
  soon(callback: () => void): () => void
  /** Whether time stands still. */
  readonly stopped: boolean
  stop(): void
  go(): void
  /**
   * Lets `ms` pass at once. Whatever falls due runs in its order, each after the promises of the one before have settled, so
   * that a conversation of an hour takes place and not just its end.
   */
  skip(ms: number): Promise<void>
  /** The same until `done`, for `atMostMs` at most. False if it never was. */
  skipUntil(done: () => boolean, atMostMs: number): Promise<boolean>
  /** Puts the clock forward. What falls due by that runs late, as on a page that was busy. */
  leap(ms: number): void
  /** Calls back whenever time was moved, stopped or started by hand. */
  watch(listener: () => void): () => void
  /** Forgets all timers. */
  end(): void
}

interface Timer {
  readonly at: number
  readonly order: number
  readonly callback: () => void
}

/** What a story's time stands on. */
export interface PageTime {
  readonly now: () => number
  readonly wall: () => number
  readonly setTimer: (callback: () => void, ms: number) => () => void
  /** A turn of the event loop, as short as the page has it. */
  readonly turn: (callback: () => void) => void
}

/** Starts a time that runs. */
export function storyTime(page: PageTime = pageTime()): StoryTime {
  const timers = new Set<Timer>()
  const listeners = new Set<() => void>()
  const wallAtStart = page.wall() - page.now()
  /** Story time is `shown` since the page's time was `since`. */
  let shown = page.now()
  let since = page.now()
  let stopped = false
  let skips = 0
  let asked = 0
  let cancelAlarm: (() => void) | null = null

  const stands = (): boolean => stopped || skips > 0
  const now = (): number => (stands() ? shown : shown + page.now() - since)

  function next(): Timer | undefined {
    let first: Timer | undefined
    for (const timer of timers)
      if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) first = timer
    return first
  }

  function run(timer: Timer): void {
    timers.delete(timer)
    timer.callback()
  }

  function arm(): void {
    cancelAlarm?.()
    cancelAlarm = null
    const first = stands() ? undefined : next()
    if (first) cancelAlarm = page.setTimer(ring, Math.max(0, first.at - now()))
  }

  function ring(): void {
    const until = now()
    for (let first = next(); first && first.at <= until && !stands(); first = next()) run(first)
    arm()
  }

  function tell(): void {
    for (const listener of [...listeners]) listener()
  }

  function hold(change: () => void): void {
    shown = now()
    since = page.now()
    change()
    since = page.now()
    arm()
    tell()
  }

  /** Two turns: the answer of a digest takes one of its own. */
  const settle = (): Promise<void> => new Promise((resolve) => page.turn(() => page.turn(resolve)))

  async function pass(done: () => boolean, atMostMs: number): Promise<boolean> {
    hold(() => skips++)
    const goal = shown + atMostMs
    await settle()
    let is = done()
    for (let first = next(); !is && first && first.at <= goal; first = next()) {
      shown = Math.max(shown, first.at)
      run(first)
      tell()
      await settle()
      is = done()
    }
    if (!is) shown = Math.max(shown, goal)
    hold(() => skips--)
    return is
  }

  return {
    now,
    wall: () => wallAtStart + now(),
    after(delayMs, callback) {
      const timer = { at: now() + Math.max(0, delayMs), order: asked++, callback }
      timers.add(timer)
      arm()
      return () => {
        if (timers.delete(timer)) arm()
      }
    },
    soon(callback) {
      let wanted = true
      page.turn(() => {
        if (wanted) callback()
      })
      return () => {
        wanted = false
      }
    },
    get stopped() {
      return stopped
    },
    stop: () => hold(() => (stopped = true)),
    go: () => hold(() => (stopped = false)),
    skip: async (ms) => void (await pass(() => false, ms)),
    skipUntil: pass,
    leap: (ms) => hold(() => (shown += ms)),
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    end() {
      timers.clear()
      listeners.clear()
      arm()
    },
  }
}

/** The page's own time. */
function pageTime(): PageTime {
  const { port1, port2 } = new MessageChannel()
  const turns: (() => void)[] = []
  port1.onmessage = () => turns.shift()?.()
  return {
    now: () => performance.now(),
    wall: () => Date.now(),
    setTimer(callback, ms) {
      const timer = setTimeout(callback, ms)
      return () => clearTimeout(timer)
    },
    turn(callback) {
      turns.push(callback)
      port2.postMessage(null)
    },
  }
}
