/** Virtual time runs callbacks in one order only, and counts what is left. */
import { describe, expect, it } from 'vitest'
import type { Clock as ClientClock } from '../client/ports.ts'
import type { Clock as ServerClock } from '../server/ports.ts'
import { seededRandom } from './seededRandom.ts'
import { virtualClock } from './virtualClock.ts'

describe('virtual clock', () => {
  it('is a clock for the client and for the server', () => {
    const client: ClientClock = virtualClock()
    const server: ServerClock = virtualClock()
    expect([client.now(), server.now()]).toEqual([1_000, 1_000])
  })

  it('runs timers by time, and equal times in the order of asking', () => {
    const clock = virtualClock({ startMs: 0 })
    const ran: string[] = []
    const note = (name: string) => () => ran.push(`${name}@${clock.now()}`)
    clock.after(20, note('c'))
    clock.after(10, note('a'))
    clock.after(20, note('d'))
    clock.after(10, note('b'))
    clock.advance(15)
    expect(ran).toEqual(['a@10', 'b@10'])
    expect(clock.now()).toBe(15)
    clock.advance(100)
    expect(ran).toEqual(['a@10', 'b@10', 'c@20', 'd@20'])
    expect(clock.now()).toBe(115)
  })

  it('agrees with a stable sort on a thousand random timers, some of them cancelled', () => {
    const random = seededRandom(7)
    const clock = virtualClock({ startMs: 0 })
    const ran: number[] = []
    const asked = Array.from({ length: 1_000 }, (_, index) => ({ index, at: random.int(0, 50), cancelled: random.chance(0.3) }))
    const cancels = asked.map(({ at, index }) => clock.after(at, () => ran.push(index)))
    asked.forEach(({ cancelled }, index) => cancelled && cancels[index]?.())
    const expected = asked.filter(({ cancelled }) => !cancelled).sort((a, b) => a.at - b.at)
    expect(clock.pending()).toBe(expected.length)
    clock.advance(50)
    expect(ran).toEqual(expected.map(({ index }) => index))
    expect(clock.pending()).toBe(0)
  })

  it('runs what is due soon before any timer of the same instant, without moving time', () => {
    const clock = virtualClock({ startMs: 0 })
    const ran: string[] = []
    clock.after(0, () => ran.push('timer'))
    clock.soon(() => {
      ran.push('first')
      clock.soon(() => ran.push('third'))
    })
    clock.soon(() => ran.push('second'))
    clock.advance(0)
    expect(ran).toEqual(['first', 'second', 'third', 'timer'])
    expect(clock.now()).toBe(0)
  })

  it('counts a cancelled callback as gone, once, and cancelling after the fact changes nothing', () => {
    const clock = virtualClock()
    const ran: string[] = []
    const cancelTimer = clock.after(5, () => ran.push('timer'))
    const cancelSoon = clock.soon(() => ran.push('soon'))
    const cancelRun = clock.after(1, () => ran.push('run'))
    expect(clock.pending()).toBe(3)
    cancelTimer()
    cancelTimer()
    cancelSoon()
    expect(clock.pending()).toBe(1)
    clock.advance(10)
    cancelRun()
    expect(ran).toEqual(['run'])
    expect(clock.pending()).toBe(0)
    expect(clock.nextAt()).toBeNull()
  })

  it('stops where the predicate first holds', () => {
    const clock = virtualClock({ startMs: 0 })
    let count = 0
    const again = (): void => {
      count++
      clock.after(10, again)
    }
    clock.after(10, again)
    expect(clock.runUntil(() => count === 3)).toBe(true)
    expect(clock.now()).toBe(30)
    expect(clock.nextAt()).toBe(40)
  })

  it('says when a predicate cannot come true any more', () => {
    const clock = virtualClock()
    clock.after(10, () => undefined)
    expect(clock.runUntil(() => false)).toBe(false)
  })

  it('throws instead of hanging on a callback that re-arms itself within the same instant', () => {
    const clock = virtualClock({ limit: 1_000 })
    const again = (): void => void clock.after(0, again)
    again()
    expect(() => clock.advance(1)).toThrow('re-arms itself')
  })

  it('lets promises settle between callbacks', async () => {
    const clock = virtualClock({ startMs: 0 })
    let done = false
    const sleep = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve))
    void sleep(10)
      .then(() => sleep(10))
      .then(() => {
        done = true
      })
    expect(await clock.settleUntil(() => done)).toBe(true)
    expect(clock.now()).toBe(20)
  })

  it('takes a delay that is no positive number for 0', () => {
    const clock = virtualClock({ startMs: 5 })
    let ran = 0
    clock.after(-3, () => ran++)
    clock.after(Number.NaN, () => ran++)
    clock.advance(0)
    expect([ran, clock.now()]).toEqual([2, 5])
  })

  it('moves wall time with time, and alone when it is set', () => {
    const clock = virtualClock({ startMs: 0, wallMs: 50 })
    clock.advance(10)
    expect(clock.wall()).toBe(60)
    clock.shiftWall(-1_000)
    expect([clock.wall(), clock.now()]).toEqual([-940, 10])
  })
})
