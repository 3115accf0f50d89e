/** The window, step by step: when a measurement begins and counts, what it makes of the size, and what it learns nothing from. */
import { describe, expect, test } from 'vitest'
import { OUTPUT_WINDOW } from '../../protocol/limits.ts'
import { INITIAL_WINDOW, arrived, drew, elsewhere, type OutputWindow, type RoundTrip } from './outputWindow.ts'

const KiB = 1024
const MiB = 1024 * KiB

const trip = (shortestMs: number, latestMs = shortestMs, at = 0): RoundTrip => ({ shortestMs, latestMs, at })

/** A window in a steady flood of 2000 bytes a millisecond, whose measurement began at 100 000 ms and offset 0. */
const steady = (patch: Partial<OutputWindow> = {}): OutputWindow => ({
  ...INITIAL_WINDOW,
  rate: 2000,
  growing: null,
  rest: { until: Infinity, ms: 1000, pace: 4000 },
  from: { at: 100_000, offset: 0, busyMs: 0 },
  last: 100_000,
  parser: { pace: 4000, bytes: 0, ms: 0, busyMs: 200, at: 100_000 },
  ...patch,
})
/** After 200 ms, all of which the parser had work, and `bytes`, 10 ms away. */
const after = (window: OutputWindow, bytes: number, way = trip(10)): OutputWindow => arrived(window, 100_200, bytes, way)
const idle = { pace: 4000, bytes: 0, ms: 0, busyMs: 100, at: 100_000 }

/** What a rate needs: the flight, and what may be consumed before the next grant, 96 KiB at most. */
function fitting(rate: number, wayMs: number, beyondMs = 5): number {
  const flight = rate * (wayMs + beyondMs)
  return Math.round(flight + Math.min(flight, 96 * KiB))
}

describe('a measurement', () => {
  test('needs a round trip that is known', () => {
    expect(arrived(INITIAL_WINDOW, 5, 5, null)).toBe(INITIAL_WINDOW)
  })

  test('begins with the first bytes, and anew after a silence as long as a measurement', () => {
    expect(arrived(INITIAL_WINDOW, 7, 9, trip(10))).toEqual({ ...INITIAL_WINDOW, from: { at: 7, offset: 9, busyMs: 0 }, last: 7 })
    const begun = arrived(steady(), 100_201, MiB, trip(10))
    expect(begun).toEqual(steady({ from: { at: 100_201, offset: MiB, busyMs: 200 }, last: 100_201 }))
    expect(after(steady(), MiB).rate).toBe((2000 + MiB / 200) / 2)
  })

  test('takes 200 ms and two of the latest round trips, and what a grant is worth, at least', () => {
    expect(arrived(steady(), 100_199, MiB, trip(10))).toEqual(steady({ last: 100_199 }))
    expect(arrived(steady({ last: 100_200 }), 100_319, MiB, trip(10, 160))).toEqual(steady({ last: 100_319 }))
    expect(arrived(steady({ last: 100_200 }), 100_320, MiB, trip(10, 160)).from?.offset).toBe(MiB)
    expect(after(steady(), 96 * KiB - 1)).toEqual(steady({ last: 100_200 }))
    expect(after(steady(), 96 * KiB).from?.offset).toBe(96 * KiB)
  })

  test('is given up when so little came in four times its time', () => {
    const slow = steady({ last: 100_700 })
    expect(arrived(slow, 100_800, 1000, trip(10))).toEqual(steady({ last: 100_800 }))
    expect(arrived(slow, 100_801, 1000, trip(10)).from).toEqual({ at: 100_801, offset: 1000, busyMs: 200 })
  })

  test('is given up where offsets are others, and so is what growing proved', () => {
    const proof = { wayMs: 50, at: 90_000, holdsMs: 20_000 }
    expect(elsewhere(steady({ proof }))).toEqual(steady({ from: null }))
  })

  test('learns nothing from echoes and lines of progress', () => {
    let window = steady()
    for (let at = 100_050, offset = 40; at < 160_000; at += 50, offset += 40) window = arrived(window, at, offset, trip(1))
    expect(window).toMatchObject({ size: INITIAL_WINDOW.size, rate: 2000 })
  })
})

describe('the rate', () => {
  test('is a mean while the parser is the bound', () => {
    expect(after(steady(), 200 * 1000).rate).toBe(1500)
    expect(after(steady(), 200 * 2900).rate).toBe(2450)
  })

  test('falls very slowly while the parser waits: the window may be the reason', () => {
    expect(after(steady({ parser: idle }), 200 * 1600).rate).toBe(0.995 * 2000)
    expect(after(steady({ parser: { ...idle, busyMs: 170 } }), 200 * 1600).rate).toBe(1800)
    expect(after(steady({ parser: { ...idle, busyMs: 169 } }), 200 * 1600).rate).toBe(0.995 * 2000)
  })

  test('falls by a tenth if the latest pong waited in a queue of the network', () => {
    const far = (latestMs: number) => after(steady({ parser: idle }), 200 * 1600, trip(10, latestMs)).rate
    expect([far(40), far(41)]).toEqual([0.995 * 2000, 0.9 * 2000])
  })
})

describe('the size', () => {
  test('is what the rate needs for a round trip and until the next grant', () => {
    const parser = { ...idle, pace: 20_000, busyMs: 200 }
    expect(after(steady({ rate: 8000, parser }), 200 * 8000).size).toBe(fitting(8000, 10))
    expect(after(steady({ rate: 4000 }), 200 * 4000).size).toBe(2 * 4000 * (10 + 5))
  })

  test('lies between 64 KiB and 2 MiB', () => {
    expect(after(steady(), 200 * 2000, trip(1)).size).toBe(OUTPUT_WINDOW.min)
    const parser = { ...idle, pace: 90_000, busyMs: 200 }
    expect(after(steady({ rate: 90_000, parser }), 200 * 90_000, trip(50)).size).toBe(OUTPUT_WINDOW.max)
  })

  test('is at most what the parser draws in a round trip and 12 ms', () => {
    const parser = { ...idle, pace: 5000, busyMs: 200 }
    expect(after(steady({ rate: 10_000, parser }), 200 * 10_000).size).toBe(fitting(5000, 10, 12))
    expect(after(steady({ rate: 10_000, parser: { ...parser, pace: 0 } }), 200 * 10_000).size).toBe(fitting(10_000, 10))
  })
})

describe('growing', () => {
  test('begins for half as much more than before, goes on for 15 % more than at the last step, and takes the window times 1.5', () => {
    const begins = (rate: number) => after(steady(), 200 * rate).growing
    expect([begins(3000), begins(3001)]).toEqual([null, { size: 256 * KiB, rate: 3001, pace: 4000 }])
    const goesOn = (rate: number) => after(steady({ growing: { size: 128 * KiB, rate: 1000, pace: 4000 } }), 200 * rate).growing
    expect([goesOn(1150), goesOn(1151)]).toEqual([null, { size: 256 * KiB, rate: 1151, pace: 4000 }])
    const parser = { ...idle, pace: 40_000, busyMs: 200 }
    expect(after(steady({ parser }), 200 * 3001, trip(20)).size).toBe(384 * KiB)
  })

  test('is tried when the parser waits and has rested', () => {
    const rested = { until: 100_200, ms: 1000, pace: 4000 }
    expect(after(steady({ parser: idle, rest: rested }), 200 * 2000).growing).not.toBeNull()
    expect(after(steady({ parser: idle, rest: { ...rested, until: 100_201 } }), 200 * 2000).growing).toBeNull()
    expect(after(steady({ rest: rested }), 200 * 2000).growing).toBeNull()
  })

  test('is tried at once when the parser waits and something has moved: less comes twice in a row, or it has become faster', () => {
    const next = (rate: number, pace = 4000, dipped = false) => after(steady({ parser: { ...idle, pace }, dipped }), 200 * rate)
    expect([next(1500).dipped, next(1499).dipped]).toEqual([false, true])
    const moved = (...now: Parameters<typeof next>): boolean => next(...now).growing !== null
    expect([moved(1499), moved(1500, 4000, true), moved(1499, 4000, true)]).toEqual([false, false, true])
    expect([moved(2000, 8000), moved(2000, 8001)]).toEqual([false, true])
  })

  test('that brought nothing is tried again later and later, after 8 s at most', () => {
    const growing = { size: 128 * KiB, rate: 2000, pace: 4000 }
    const rests = (ms: number) => after(steady({ growing, rest: { until: 0, ms, pace: 1 } }), 200 * 2000).rest
    expect(rests(1000)).toEqual({ until: 101_200, ms: 2000, pace: 4000 })
    expect(rests(8000)).toEqual({ until: 108_200, ms: 8000, pace: 4000 })
    expect(after(steady({ growing, rest: { until: 0, ms: 4000, pace: 1 } }), 200 * 2400).rest.ms).toBe(1000)
  })
})

describe('a proof', () => {
  const growing = { size: 256 * KiB, rate: 1000, pace: 4000 }
  /** 160 KiB were on their way before the next grant, 1000 bytes a millisecond. */
  const wayMs = (160 * KiB) / 1000 - 5

  test('is a growth of 30 % at least, and no more than the window can explain', () => {
    const proves = (rate: number) => after(steady({ growing }), 200 * rate, trip(80, 100, 99_000)).proof
    for (const rate of [1299, 2201]) expect(proves(rate)).toEqual(INITIAL_WINDOW.proof)
    for (const rate of [1300, 2200]) expect(proves(rate)).toMatchObject({ at: 100_200, holdsMs: 10_000 })
    expect(proves(1300).wayMs).toBeCloseTo(wayMs)
  })

  test('is none where the parser has become as much faster', () => {
    const proves = (pace: number) => after(steady({ growing: { ...growing, pace } }), 200 * 1300, trip(80)).proof.holdsMs
    const doubled = 2 * INITIAL_WINDOW.proof.holdsMs
    expect([proves(4000 / 1.31), proves(4000 / 1.29)]).toEqual([INITIAL_WINDOW.proof.holdsMs, doubled])
  })

  test('counts for two of the shortest round trips at most, until a later pong says less and until its time is over', () => {
    const proof = { wayMs: 60, at: 99_000, holdsMs: 10_000 }
    const size = (patch: Partial<typeof proof>, way: RoundTrip) =>
      after(steady({ rate: 4000, proof: { ...proof, ...patch } }), 200 * 4000, way).size
    const most = (wayMs: number): number => fitting(4000, wayMs)
    expect(size({}, trip(30, 40, 98_000))).toBe(most(60))
    expect(size({}, trip(10, 40, 98_000))).toBe(most(20))
    expect(size({}, trip(30, 40, 99_001))).toBe(most(40))
    expect(size({}, trip(70, 70, 98_000))).toBe(most(70))
    expect(size({ at: 90_199 }, trip(30, 40, 80_000))).toBe(most(30))
    expect(size({ at: 90_200 }, trip(30, 40, 80_000))).toBe(most(60))
  })

  test('holds twice as long each time, 160 s at most', () => {
    const held = (holdsMs: number) => after(steady({ growing, proof: { wayMs: 1, at: 0, holdsMs } }), 200 * 1500).proof.holdsMs
    expect([held(10_000), held(160_000)]).toEqual([20_000, 160_000])
  })
})

describe('the parser', () => {
  test('is measured over 50 ms of work, from when it had some', () => {
    const first = drew(INITIAL_WINDOW, 140, 30_000, 100).parser
    expect(first).toEqual({ pace: 0, bytes: 30_000, ms: 40, busyMs: 40, at: 140 })
    const second = drew({ ...INITIAL_WINDOW, parser: first }, 150, 20_000, 100).parser
    expect(second).toEqual({ pace: 1000, bytes: 0, ms: 0, busyMs: 50, at: 150 })
    const third = drew({ ...INITIAL_WINDOW, parser: second }, 1050, 100_000, 1000).parser
    expect(third).toEqual({ pace: 1500, bytes: 0, ms: 0, busyMs: 100, at: 1050 })
  })
})
