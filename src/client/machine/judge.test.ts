/** The judgement on a link at every moment that matters: a millisecond before and at it. */
import { describe, expect, test } from 'vitest'
import { bornAt, heard, judge, pinged, ponged, probed, wantsMeasuring, type Liveness } from './liveness.ts'

const quiet = { waiting: false, busy: false }
const verdict = (liveness: Liveness, now: number, needs: Partial<typeof quiet> = {}) => {
  const judged = judge(liveness, now, { ...quiet, ...needs })
  return judged.verdict === 'alive' ? judged.againMs : judged.verdict
}
/** Born at 0, with so many pings of which none was answered. */
const unanswered = (...at: readonly number[]) => at.reduce(pinged, bornAt(0))

describe('a link', () => {
  test('is pinged at 20, 40 and 60 s of silence and dead 5 s after the third', () => {
    expect([verdict(bornAt(0), 0), verdict(bornAt(0), 19_999), verdict(bornAt(0), 20_000)]).toEqual([20_000, 1, 'ping'])
    expect([verdict(unanswered(20_000), 39_999), verdict(unanswered(20_000), 40_000)]).toEqual([1, 'ping'])
    expect([verdict(unanswered(20_000, 40_000), 59_999), verdict(unanswered(20_000, 40_000), 60_000)]).toEqual([1, 'ping'])
    const thrice = unanswered(20_000, 40_000, 60_000)
    expect([verdict(thrice, 60_000), verdict(thrice, 64_999), verdict(thrice, 65_000)]).toEqual([5000, 1, 'dead'])
  })

  test('is looked at every 20 s at least, because whatever is heard brings the next ping forward', () => {
    expect(verdict(unanswered(0, 0), 10_000)).toBe(20_000)
  })

  test('is asked after 5 s of silence while input waits, and dead 5 s later', () => {
    const waiting = { waiting: true }
    expect([verdict(bornAt(0), 4999, waiting), verdict(bornAt(0), 5000, waiting)]).toEqual([1, 'ping'])
    expect([verdict(unanswered(5000), 9999, waiting), verdict(unanswered(5000), 10_000, waiting)]).toEqual([1, 'dead'])
    expect(verdict(unanswered(5000), 10_000)).toBe(20_000)
    const spoken = heard(unanswered(5000), 7000)
    expect(verdict(spoken, 11_999, waiting)).toBe(1)
    expect(verdict(spoken, 12_000, waiting)).toBe('ping')
  })

  test('is asked every minute although it speaks, and is dead after two without a pong', () => {
    const spoken = heard(bornAt(0), 59_000)
    expect([verdict(spoken, 59_999), verdict(spoken, 60_000)]).toEqual([1, 'ping'])
    const deaf = heard(pinged(bornAt(0), 118_000), 119_000)
    expect([verdict(deaf, 119_999), verdict(deaf, 120_000)]).toEqual([1, 'dead'])
    expect(verdict(ponged(deaf, 1, 119_500), 120_000)).toBe(19_000)
  })

  test('is measured every 5 s while output flows', () => {
    const busy = { busy: true }
    expect([verdict(bornAt(0), 4999, busy), verdict(bornAt(0), 5000, busy)]).toEqual([1, 'ping'])
    expect(verdict(unanswered(3000), 8000, busy)).toBe(20_000)
  })

  test('that is probed has 3 s from the first doubt, and anything that is heard ends it', () => {
    const doubted = probed(probed(bornAt(0), 1000), 2000)
    expect([verdict(doubted, 3999), verdict(doubted, 4000)]).toEqual([1, 'dead'])
    expect(verdict(heard(doubted, 3999), 4000)).toBe(19_999)
  })

  test('is not pinged by a clock that runs backwards', () => {
    expect(verdict({ ...bornAt(0), heardAt: 70_000 }, 60_000)).toBe(1)
  })
})

describe('a round trip', () => {
  test('is measured by the answer to the last ping alone, and never below nothing', () => {
    const asked = pinged(bornAt(0), 10.5)
    expect(asked).toMatchObject({ pingedAt: 10.5, lastTs: 10, unanswered: 1 })
    expect(ponged(asked, 9, 20)).toEqual({ ...asked, pongAt: 20 })
    expect(ponged(asked, 10, 30.5)).toMatchObject({ pongAt: 30.5, lastTs: null, roundTripMs: 20, shortestMs: 20, measured: 1 })
    expect(ponged(asked, 10, 5)).toMatchObject({ roundTripMs: 0, shortestMs: 0 })
    const again = pinged(ponged(asked, 10, 30.5), 40)
    expect(ponged(again, 40, 70)).toMatchObject({ roundTripMs: 30, shortestMs: 20, measured: 2 })
  })

  test('is wanted each second three times, then each five', () => {
    const few = { ...bornAt(0), measured: 2 }
    expect([wantsMeasuring(few, 999), wantsMeasuring(few, 1000)]).toEqual([false, true])
    const many = { ...bornAt(0), measured: 3 }
    expect([wantsMeasuring(many, 4999), wantsMeasuring(many, 5000)]).toEqual([false, true])
    expect([wantsMeasuring({ ...few, lastTs: 0 }, 1000), wantsMeasuring({ ...few, lastTs: 0 }, 5000)]).toEqual([false, true])
  })
})
