/** Orders from outside a page reach its network, for as long as they are taken, and whoever gives one learns whether. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { giveNetworkOrder, obeyNetworkOrders, orderOf } from './networkOrders.ts'

// All that is asked of a document here.
beforeEach(() => vi.stubGlobal('document', new EventTarget()))
afterEach(() => vi.unstubAllGlobals())

it('obeys until it is told not to', () => {
  const done: string[] = []
  const stop = obeyNetworkOrders({
    cut: () => void done.push('cut'),
    stall: () => void done.push('stall'),
    mend: () => void done.push('mend'),
  })
  expect((['cut', 'mend', 'stall'] as const).map((order) => giveNetworkOrder(orderOf(order)))).toEqual([true, true, true])
  stop()
  expect(giveNetworkOrder(orderOf('cut'))).toBe(false)
  expect(done).toEqual(['cut', 'mend', 'stall'])
})
