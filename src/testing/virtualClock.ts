/** Time that moves only when a test says so: one clock that fits the client's and the server's port. */

/** Fits `Clock` of src/client/ports.ts and of src/server/ports.ts. Times are milliseconds. */
export interface VirtualClock {
  now(): number
  wall(): number
  /** Delays below 0 count as 0. Equal times run in the order in which they were asked for. */
  after(delayMs: number, callback: () => void): () => void
  /** Runs before any timer of the same instant, in the order of asking. */
  soon(callback: () => void): () => void
  /** Runs everything that is due within the next `ms`, and ends exactly there. */
  advance(ms: number): void
  /** Runs the next callback, moving time to it. False if there is none. */
  step(): boolean
  /**
   * Runs until the instant `goal`, or until the predicate holds. The predicate is asked before the first callback and after each.
   * False if nothing is left to run and it still does not hold.
   */
  runUntil(goal: number | (() => boolean)): boolean
  /** Like `runUntil`, and lets promises settle before the first callback and after each. */
  settleUntil(goal: number | (() => boolean)): Promise<boolean>
  /** Callbacks that were asked for and have neither run nor been cancelled. */
  pending(): number
  /** The instant of the next callback, or null. */
  nextAt(): number | null
  /** Moves wall time alone, as a person who sets the clock does. */
  shiftWall(ms: number): void
}

export interface VirtualClockOptions {
  /** Where `now` starts. Default 1 000, so that nobody takes 0 for "never". */
  readonly startMs?: number
  /** Where `wall` starts. Default 2026-01-01. */
  readonly wallMs?: number
  /** Callbacks that one call may run before it throws. Default 5 000 000. */
  readonly limit?: number
  /** Lets promises settle. The default waits for 20 turns of the microtask queue, enough for chains of already resolved promises. */
  readonly settle?: () => Promise<void>
}

interface Entry {
  readonly at: number
  readonly order: number
  readonly callback: () => void
  live: boolean
}

/** Creates a clock at rest. */
export function virtualClock(options: VirtualClockOptions = {}): VirtualClock {
  const { startMs = 1_000, wallMs = Date.UTC(2026, 0, 1), limit = 5_000_000, settle = microtasks } = options
  const timers = heap()
  const soons: Entry[] = []
  let now = startMs
  let wallOffset = wallMs - startMs
  let asked = 0
  let live = 0

  function entry(at: number, callback: () => void): Entry {
    live++
    return { at, order: asked++, callback, live: true }
  }

  function cancelling(item: Entry): () => void {
    return () => {
      if (item.live) live--
      item.live = false
    }
  }

  function next(): Entry | undefined {
    while (soons.length > 0 && !soons[0]?.live) soons.shift()
    return soons[0] ?? timers.peekLive()
  }

  function run(item: Entry): void {
    if (item === soons[0]) soons.shift()
    else timers.take()
    item.live = false
    live--
    now = Math.max(now, item.at)
    item.callback()
  }

  function step(): boolean {
    const item = next()
    if (item) run(item)
    return item !== undefined
  }

  /** True when the goal is reached, false when it cannot be any more, undefined when a callback was run. */
  function towards(goal: number | (() => boolean)): boolean | undefined {
    if (typeof goal === 'function') {
      if (goal()) return true
      return step() ? undefined : false
    }
    const item = next()
    if (item && item.at <= goal) {
      run(item)
      return undefined
    }
    now = Math.max(now, goal)
    return true
  }

  function count(steps: number): void {
    if (steps >= limit)
      throw new Error(`The clock ran ${limit} callbacks without reaching its goal: something re-arms itself for ever.`)
  }

  function runUntil(goal: number | (() => boolean)): boolean {
    for (let steps = 0; ; steps++) {
      const reached = towards(goal)
      if (reached !== undefined) return reached
      count(steps)
    }
  }

  async function settleUntil(goal: number | (() => boolean)): Promise<boolean> {
    for (let steps = 0; ; steps++) {
      await settle()
      const reached = towards(goal)
      if (reached !== undefined) return reached
      count(steps)
    }
  }

  return {
    now: () => now,
    wall: () => now + wallOffset,
    after(delayMs, callback) {
      const item = entry(now + (delayMs > 0 ? delayMs : 0), callback)
      timers.add(item)
      return cancelling(item)
    },
    soon(callback) {
      const item = entry(now, callback)
      soons.push(item)
      return cancelling(item)
    },
    advance: (ms) => void runUntil(now + ms),
    step,
    runUntil,
    settleUntil,
    pending: () => live,
    nextAt: () => next()?.at ?? null,
    shiftWall(ms) {
      wallOffset += ms
    },
  }
}

async function microtasks(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await undefined
}

function before(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}

/** A binary heap of entries, the earliest first; cancelled ones leave when they come up. */
function heap() {
  const items: Entry[] = []

  function swapIfBefore(i: number, j: number): boolean {
    const a = items[i]
    const b = items[j]
    if (!a || !b || !before(a, b)) return false
    items[i] = b
    items[j] = a
    return true
  }

  function sink(from: number): void {
    for (let i = from; ;) {
      const left = 2 * i + 1
      const [l, r] = [items[left], items[left + 1]]
      const child = l && r && before(r, l) ? left + 1 : left
      if (!swapIfBefore(child, i)) return
      i = child
    }
  }

  function take(): Entry | undefined {
    const first = items[0]
    const last = items.pop()
    if (last && items.length > 0) {
      items[0] = last
      sink(0)
    }
    return first
  }

  return {
    add(item: Entry): void {
      items.push(item)
      for (let i = items.length - 1; i > 0;) {
        const parent = (i - 1) >> 1
        if (!swapIfBefore(i, parent)) return
        i = parent
      }
    },
    take,
    peekLive(): Entry | undefined {
      while (items[0] && !items[0].live) take()
      return items[0]
    },
  }
}
