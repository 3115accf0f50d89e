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
})
