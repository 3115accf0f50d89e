/** Ids of channels are remembered in bounded memory. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isUsed, nextId, withUsed, type UsedIds } from './usedIds.ts'

const after = (ids: readonly number[]): UsedIds => ids.reduce<UsedIds>(withUsed, [])

describe('used channel ids', () => {
  it('are remembered in any order, and the next one is the lowest that is free', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 30 }), (ids) => {
        const used = after(ids)
        for (let id = 1; id <= 60; id++) expect(isUsed(used, id)).toBe(ids.includes(id))
        expect(isUsed(used, nextId(used))).toBe(false)
        for (let id = 1; id < nextId(used); id++) expect(ids).toContain(id)
      }),
    )
  })

  it('take bounded memory, and never forget one', () => {
    const ids = Array.from({ length: 500 }, (_, i) => 1 + i * 3)
    const used = after(ids)
    expect(used.length).toBeLessThanOrEqual(32)
    for (const id of ids) expect(isUsed(used, id)).toBe(true)
  })

  it('give up the smallest gap, the first of equal ones, and only when there are more than 32 ranges', () => {
    // Gaps of 9 between 32 ids; one of 4 near the end.
    const starts = Array.from({ length: 31 }, (_, i) => 1 + i * 10)
    const full = after([...starts, 306])
    expect(full).toEqual([...starts, 306].map((id) => [id, id]))
    const over = withUsed(full, 400)
    expect(over).toHaveLength(32)
    expect(over.slice(-3)).toEqual([
      [291, 291],
      [301, 306],
      [400, 400],
    ])
    expect(after([...starts, 311, 321])[0]).toEqual([1, 11])
  })

  it('that follow each other are one range', () => {
    expect(after([1, 2, 3])).toEqual([[1, 3]])
    expect(after([1, 5, 9, 10, 6])).toEqual([
      [1, 1],
      [5, 6],
      [9, 10],
    ])
  })
})
