/** The world of the torture works at all. */
import { expect, test } from 'vitest'
import { World } from './world.ts'

test('a page types, a program prints, both see all of it', () => {
  const world = new World({ seed: 'smoke' })
  const page = world.open()
  world.clock.advance(1000)
  page.type()
  world.program.print(100_000)
  world.program.ask()
  world.settle()
  expect(page.connection.snapshot().status.phase).toBe('ready')
  expect(page.screen.drawn).toBe(100_001)
  expect(world.program.reading().records).toHaveLength(2)
  world.end()
  world.verify()
})

test('a cut in the middle is survived', () => {
  const world = new World({ seed: 'cut' })
  const page = world.open()
  world.clock.advance(1000)
  world.program.print(100_000)
  world.linkOf(page).last().cut()
  page.type()
  world.program.print(100_000)
  world.settle()
  expect(page.connection.snapshot()).toMatchObject({ status: { phase: 'ready' }, resumed: { warm: true, missing: 0 } })
  world.end()
  world.verify()
})

test('a reload shows the same', () => {
  const world = new World({ seed: 'reload' })
  const page = world.open()
  world.clock.advance(1000)
  world.program.print(1000)
  world.clock.advance(1000)
  page.type()
  page.die()
  const again = world.open(page.storage)
  world.linkOf(page).last().cut()
  world.settle()
  expect(again.connection.snapshot()).toMatchObject({ status: { phase: 'ready' }, resumed: { warm: false } })
  expect(again.screen.drawn).toBe(1000)
  world.end()
  world.verify()
})
