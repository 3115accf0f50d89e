/** Every script is a story and an end-to-end test. */
import { expect, it } from 'vitest'
import { scripts } from '../scripts.ts'
import { unused } from '../usages.ts'
import { usagesOf } from './usages.ts'

it('no script lies around unused', () => {
  const found = usagesOf()
  expect(found.size).toBe(scripts.length)
  expect(unused(found)).toEqual([])
})
