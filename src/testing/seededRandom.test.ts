/** The same seed gives the same chance, and different seeds do not. */
import { describe, expect, it } from 'vitest'
import { seededRandom } from './seededRandom.ts'

const take = (seed: string | number, count: number): number[] => {
  const random = seededRandom(seed)
  return Array.from({ length: count }, random.next)
}

describe('seeded random', () => {
  it('repeats itself for the same seed', () => {
    expect(take('seed', 50)).toEqual(take('seed', 50))
    expect(take(42, 50)).toEqual(take('42', 50))
  })

  it('starts elsewhere for each of ten thousand neighbouring seeds', () => {
    const firsts = new Set(Array.from({ length: 10_000 }, (_, seed) => take(seed, 1)[0]))
    expect(firsts.size).toBeGreaterThan(9_995)
  })

  it('stays in [0, 1) and fills it evenly', () => {
    const buckets = Array.from({ length: 10 }, () => 0)
    const values = take('even', 100_000)
    expect(values.filter((value) => value < 0 || value >= 1)).toEqual([])
    for (const value of values) buckets[Math.floor(value * 10)]!++
    for (const bucket of buckets) expect(Math.abs(bucket - 10_000)).toBeLessThan(500)
  })

  it('gives every integer of a range, both ends included, and nothing else', () => {
    const random = seededRandom(1)
    const seen = new Set(Array.from({ length: 1_000 }, () => random.int(-2, 2)))
    expect([...seen].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2])
  })

  it('picks every item, and refuses an empty list', () => {
    const random = seededRandom(2)
    expect(new Set(Array.from({ length: 200 }, () => random.pick(['a', 'b', 'c'])))).toEqual(new Set(['a', 'b', 'c']))
    expect(() => random.pick([])).toThrow('nothing to pick')
  })

  it('is true as often as asked', () => {
    const random = seededRandom(3)
    const heads = Array.from({ length: 10_000 }, () => random.chance(0.25)).filter(Boolean).length
    expect(Math.abs(heads - 2_500)).toBeLessThan(200)
  })

  it('gives bytes of the asked length, all values among them', () => {
    const bytes = seededRandom(4).bytes(20_000)
    expect(bytes.length).toBe(20_000)
    expect(new Set(bytes).size).toBe(256)
  })

  it('forks into generators that the parent does not move', () => {
    const parent = seededRandom('p')
    const early = parent.fork('x').next()
    parent.next()
    expect(parent.fork('x').next()).toBe(early)
    expect(parent.fork('y').next()).not.toBe(early)
  })
})
