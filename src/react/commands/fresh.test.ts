/** When the end of a command is news, and when only what a screen catches up with. */
import { beforeEach, afterEach, expect, test, vi } from 'vitest'
import { NO_STATS } from '../../client/shown.ts'
import { handDriven } from '../handDriven.ts'
import { Alarms } from '../session/alarms.ts'
import { freshness } from './fresh.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function page() {
  const hand = handDriven(() => Date.now())
  const alarms = new Alarms()
  const feed = { idle: true, answered: false }
  const fresh = freshness({
    connection: hand,
    alarms,
    now: hand.now,
    // Only these two are asked.
    feed: { idle: () => feed.idle, parsing: () => ({ at: 0, answered: feed.answered }) } as unknown as Parameters<
      typeof freshness
    >[0]['feed'],
  })
  const ready = (): void => hand.become({ status: { phase: 'ready', since: hand.now() } })
  /** The shell that a page had before. */
  const back = (): void =>
    hand.become({ status: { phase: 'ready', since: hand.now() }, resumed: { at: hand.now(), missing: 0, warm: true } })
  const lost = (): void =>
    hand.become({ status: { phase: 'lost', step: 'waiting', since: hand.now(), tries: 1, maxTries: 10, busy: false } })
  return { hand, feed, fresh, ready, back, lost }
}

test('a new shell has nothing to catch up with', () => {
  const { fresh, ready } = page()
  expect(fresh.now()).toBeNull()
  ready()
  expect(fresh.now()).toBe(Date.now())
})

test('what a lost connection has held back has no time, until it has all come', () => {
  const { hand, feed, fresh, ready, back, lost } = page()
  ready()
  vi.advanceTimersByTime(150)
  lost()
  expect(fresh.now()).toBeNull()
  back()
  feed.idle = false
  vi.advanceTimersByTime(150)
  expect(fresh.now()).toBeNull()
  feed.idle = true
  hand.stat = { ...NO_STATS, received: 5000 }
  vi.advanceTimersByTime(150)
  vi.advanceTimersByTime(150)
  expect(fresh.now()).toBe(Date.now())
})

test('a program that never pauses is no reason to wait forever', () => {
  const { feed, fresh, back } = page()
  back()
  feed.idle = false
  expect(fresh.now()).toBeNull()
  vi.advanceTimersByTime(5_100)
  expect(fresh.now()).toBe(Date.now())
})

test('bytes that an earlier page has had, and those of a new screen, have no time', () => {
  const { feed, fresh, ready } = page()
  ready()
  vi.advanceTimersByTime(150)
  feed.answered = true
  expect(fresh.now()).toBeNull()
  feed.answered = false
  expect(fresh.now()).not.toBeNull()
  fresh.reset()
  expect(fresh.now()).toBeNull()
})

test('output that waits for a hidden page has no time', () => {
  const { hand, fresh, ready } = page()
  ready()
  vi.advanceTimersByTime(150)
  hand.become({ paused: { transport: false, slow: false, hidden: true, offline: false } })
  expect(fresh.now()).toBeNull()
  vi.advanceTimersByTime(10_000)
  expect(fresh.now()).toBeNull()
  hand.become({ paused: { transport: false, slow: false, hidden: false, offline: false } })
  expect(fresh.now()).toBeNull()
  vi.advanceTimersByTime(150)
  expect(fresh.now()).toBe(Date.now())
})
