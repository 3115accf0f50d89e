/** Who gets one of the few GPU contexts of a page, and who gives his up. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { virtualClock } from '../../testing/virtualClock.ts'
import { GpuLeases, LEASE_TIMES, type Lease, MOST_LOSSES } from './leases.ts'

function page(most: number) {
  const clock = virtualClock()
  const leases = new GpuLeases(clock, most)
  const log: string[] = []
  const panel = (name: string): Lease => leases.claim({ grant: () => log.push(`+${name}`), revoke: () => log.push(`-${name}`) })
  const said = (): string => log.splice(0).join(' ')
  return { clock, leases, panel, said }
}

describe('leases of GPU contexts', () => {
  test('a panel gets one once it has been in view for a moment', () => {
    const { clock, panel, said } = page(2)
    panel('a').see(true)
    expect(said()).toBe('')
    clock.advance(LEASE_TIMES.settle)
    expect(said()).toBe('+a')
  })

  test('nobody is woken while nothing is to come: a timer without an end would run at once, again and again', () => {
    const clock = virtualClock()
    const waits: number[] = []
    const ports = {
      now: () => clock.now(),
      after(ms: number, run: () => void) {
        waits.push(ms)
        return clock.after(ms, run)
      },
    }
    const lease = new GpuLeases(ports, 1).claim({ grant() {}, revoke() {} })
    lease.see(true)
    clock.advance(LEASE_TIMES.settle)
    lease.focus()
    lease.see(false)
    clock.advance(LEASE_TIMES.keep)
    expect(waits.length).toBeGreaterThan(0)
    expect(waits.filter((ms) => !Number.isFinite(ms))).toEqual([])
  })

  test('a panel that scrolls by gets none', () => {
    const { clock, panel, said } = page(2)
    const a = panel('a')
    a.see(true)
    clock.advance(LEASE_TIMES.settle - 1)
    a.see(false)
    clock.advance(60_000)
    expect(said()).toBe('')
  })

  test('a hidden panel keeps it for a while, and gives it back after that', () => {
    const { clock, panel, said } = page(2)
    const a = panel('a')
    a.see(true)
    clock.advance(LEASE_TIMES.settle)
    a.see(false)
    clock.advance(LEASE_TIMES.keep - 1)
    expect(said()).toBe('+a')
    clock.advance(1)
    expect(said()).toBe('-a')
  })

  test('a hidden panel gives it back at once where somebody who is seen needs it', () => {
    const { clock, panel, said } = page(1)
    const a = panel('a')
    const b = panel('b')
    a.see(true)
    clock.advance(LEASE_TIMES.settle)
    a.see(false)
    b.see(true)
    clock.advance(LEASE_TIMES.settle)
    expect(said()).toBe('+a -a +b')
  })

  test('nobody who is seen loses it to another who is only seen', () => {
    const { clock, panel, said } = page(1)
    panel('a').see(true)
    clock.advance(LEASE_TIMES.settle)
    panel('b').see(true)
    clock.advance(60_000)
    expect(said()).toBe('+a')
  })

  test('the panel that a person works in comes first', () => {
    const { clock, panel, said } = page(1)
    panel('a').see(true)
    const b = panel('b')
    b.see(true)
    clock.advance(LEASE_TIMES.settle)
    clock.advance(1)
    b.focus()
    expect(said()).toBe('+a -a +b')
  })

  test('one that ended makes room', () => {
    const { clock, panel, said } = page(1)
    const a = panel('a')
    a.see(true)
    panel('b').see(true)
    clock.advance(LEASE_TIMES.settle)
    a.end()
    a.end()
    expect(said()).toBe('+a -a +b')
  })

  test('after a loss it waits, and after the last one it asks no more', () => {
    const { clock, panel, said } = page(1)
    const a = panel('a')
    a.see(true)
    clock.advance(LEASE_TIMES.settle)
    for (let loss = 1; loss < MOST_LOSSES; loss++) {
      a.lost()
      clock.advance(LEASE_TIMES.afterLoss - 1)
      expect(said()).toBe('+a')
      clock.advance(1)
    }
    expect(said()).toBe('+a')
    a.lost()
    clock.advance(3_600_000)
    expect(said()).toBe('')
  })

  test('whatever panels do, there are never more than the most, and nobody is told the same thing twice', () => {
    const action = fc.record({
      panel: fc.nat(9),
      what: fc.constantFrom('show', 'hide', 'focus', 'lost', 'end', 'wait'),
      ms: fc.nat(3_000),
    })
    fc.assert(
      fc.property(fc.array(action, { maxLength: 80 }), fc.integer({ min: 1, max: 4 }), (actions, most) => {
        const { clock, leases } = page(most)
        const holds = new Set<number>()
        const panels = Array.from({ length: 10 }, (_, index) =>
          leases.claim({
            grant() {
              expect(holds.has(index)).toBe(false)
              holds.add(index)
              expect(holds.size).toBeLessThanOrEqual(most)
            },
            revoke() {
              expect(holds.delete(index)).toBe(true)
            },
          }),
        )
        const visible = new Set<number>()
        const gone = new Set<number>()
        for (const { panel, what, ms } of actions) {
          const lease = panels[panel]
          if (what === 'wait') clock.advance(ms)
          if (gone.has(panel) || lease === undefined) continue
          if (what === 'show') visible.add(panel)
          if (what === 'hide') visible.delete(panel)
          if (what === 'show' || what === 'hide') lease.see(what === 'show')
          if (what === 'focus') lease.focus()
          if (what === 'lost' && holds.delete(panel)) lease.lost()
          if (what === 'end') {
            lease.end()
            gone.add(panel)
            visible.delete(panel)
          }
          expect(leases.held()).toBe(holds.size)
        }
        clock.advance(60_000)
        for (const index of holds) expect(visible.has(index)).toBe(true)
      }),
    )
  })
})
