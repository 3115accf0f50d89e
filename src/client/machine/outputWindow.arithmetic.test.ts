/** The window's arithmetic, number by number: when a measurement begins and counts, what it makes of rate and size. */
import { describe, expect, test } from 'vitest'
import { INITIAL_WINDOW, arrived, elsewhere, type OutputWindow } from './outputWindow.ts'

const KiB = 1024
const MiB = 1024 * KiB

/** A window whose measurement began at 0 ms and offset 0. */
const measuring = (patch: Partial<OutputWindow> = {}): OutputWindow => ({
  ...INITIAL_WINDOW,
  from: { at: 0, offset: 0 },
  last: 0,
  ...patch,
})
/** After `bytes` that came within 100 ms, 10 ms away. */
const after = (window: OutputWindow, bytes: number, roundTripMs = 10) => arrived(window, 100, bytes, roundTripMs)

describe('a measurement', () => {
  test('needs a round trip that is known', () => {
    expect(arrived(INITIAL_WINDOW, 5, 5, null)).toBe(INITIAL_WINDOW)
  })

  test('begins with the first bytes, and anew after a silence as long as a measurement', () => {
    expect(arrived(INITIAL_WINDOW, 7, 9, 10)).toEqual({ ...INITIAL_WINDOW, from: { at: 7, offset: 9 }, last: 7 })
    expect(arrived(measuring({ last: 50 }), 151, 9 * MiB, 10)).toEqual(
      measuring({ from: { at: 151, offset: 9 * MiB }, last: 151 }),
    )
    expect(arrived(measuring({ last: 50 }), 150, 9 * MiB, 10).rate).toBe((9 * MiB) / 150)
  })

  test('takes 100 ms, two round trips and what a grant is worth, at least', () => {
    expect(arrived(measuring({ last: 50 }), 99, MiB, 10)).toEqual(measuring({ last: 99 }))
    expect(arrived(measuring({ last: 90 }), 159, MiB, 80)).toEqual(measuring({ last: 159 }))
    expect(arrived(measuring({ last: 90 }), 160, MiB, 80)).toMatchObject({
      rate: MiB / 160,
      from: { at: 160, offset: MiB },
      last: 160,
    })
    expect(after(measuring(), 128 * KiB - 1)).toEqual(measuring({ last: 100 }))
    expect(after(measuring(), 128 * KiB).rate).toBe(1310.72)
    expect(after(measuring({ size: 64 * KiB }), 32 * KiB).rate).toBe(327.68)
  })

  test('counts from where it began', () => {
    const later = measuring({ from: { at: 1000, offset: 500 }, last: 1050 })
    expect(arrived(later, 1100, 500 + MiB, 10).rate).toBe(MiB / 100)
    expect(arrived(later, 1099, 500 + MiB, 10).rate).toBe(0)
    expect(arrived(later, 1100, 499 + 128 * KiB, 10).rate).toBe(0)
  })

  test('is given up where offsets are others', () => {
    expect(elsewhere(measuring({ rate: 5 }))).toEqual({ ...INITIAL_WINDOW, rate: 5 })
  })
})

describe('the size', () => {
  test('doubles, or becomes what the rate needs for a round trip if that is more, while more comes', () => {
    expect(after(measuring(), 200_000)).toMatchObject({ size: 512 * KiB, growing: true })
    // 10 485.76 bytes a millisecond for 10 ms and a tenth and 4 ms, with 24 KiB of room, and 128 KiB until the next grant.
    const flight = 10_485.76 * 15 + 24 * KiB
    expect(after(measuring({ size: 64 * KiB }), MiB)).toMatchObject({ size: Math.round(flight + 128 * KiB), growing: true })
  })

  test('is what the rate needs where no more comes: the flight, and as much again until the next grant', () => {
    const known = measuring({ rate: 2000, growing: false })
    expect(after(known, 200_000)).toMatchObject({ size: 2 * (2000 * 15 + 24 * KiB), growing: false, rate: 2000 })
    expect(after(measuring({ rate: 20_000, growing: false }), 2_000_000).size).toBe(20_000 * 15 + 24 * KiB + 128 * KiB)
  })

  test('lies between 64 KiB and 2 MiB', () => {
    expect(after(measuring({ rate: 500, growing: false, size: 64 * KiB }), 50_000, 1).size).toBe(64 * KiB)
    expect(after(measuring({ size: 2 * MiB }), MiB).size).toBe(2 * MiB)
    expect(after(measuring({ rate: 90_000, growing: false }), 9_000_000, 50).size).toBe(2 * MiB)
  })

  test('goes on growing for 15 % more, and begins to grow again for half as much more', () => {
    const growing = (bytes: number, before: boolean) => after(measuring({ rate: 2000, growing: before }), bytes).growing
    expect([growing(229_900, true), growing(230_100, true)]).toEqual([false, true])
    expect([growing(299_900, false), growing(300_000, false), growing(300_100, false)]).toEqual([false, false, true])
  })

  test('follows a rate that falls by a tenth at most each time', () => {
    expect(after(measuring({ rate: 2000, growing: false }), 150_000).rate).toBe(1800)
    expect(after(measuring({ rate: 2000, growing: false }), 190_000).rate).toBe(1900)
  })
})
