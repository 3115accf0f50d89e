/** A story's time: what runs when it runs, stands still and jumps. */
import { expect, test } from 'vitest'
import { type PageTime, storyTime } from './storyTime.ts'

/** A page whose time moves by hand. */
function page() {
  let now = 100
  const timers = new Set<{ at: number; callback: () => void }>()
  const ports: PageTime = {
    now: () => now,
    wall: () => 1_000_000 + now,
    setTimer(callback, ms) {
      const timer = { at: now + ms, callback }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    turn: (callback) => queueMicrotask(callback),
  }
  return {
    ports,
    timers,
    pass(ms: number) {
      now += ms
      for (const timer of [...timers]) if (timer.at <= now && timers.delete(timer)) timer.callback()
    },
  }
}

test('runs with the page', () => {
  const { ports, pass } = page()
  const time = storyTime(ports)
  const ran: number[] = []
  time.after(50, () => ran.push(time.now()))
  pass(49)
  expect(ran).toEqual([])
  pass(1)
  expect(ran).toEqual([150])
  expect(time.wall()).toBe(1_000_150)
})

test('stands still, and goes on with what was left', () => {
  const { ports, pass } = page()
  const time = storyTime(ports)
  const ran: number[] = []
  time.after(50, () => ran.push(time.now()))
  pass(20)
  time.stop()
  pass(1_000)
  expect([time.now(), ran]).toEqual([120, []])
  time.go()
  pass(29)
  expect(ran).toEqual([])
  pass(1)
  expect(ran).toEqual([150])
})

test('jumps, and everything on the way happens in its order and at its time', async () => {
  const { ports, pass } = page()
  const time = storyTime(ports)
  const ran: string[] = []
  const beat = (): void => {
    ran.push(`beat ${time.now()}`)
    void Promise.resolve().then(() => time.after(25, beat))
  }
  time.after(25, beat)
  time.after(60, () => ran.push(`once ${time.now()}`))
  await time.skip(100)
  expect(ran).toEqual(['beat 125', 'beat 150', 'once 160', 'beat 175', 'beat 200'])
  expect(time.now()).toBe(200)
  pass(25)
  expect(ran.at(-1)).toBe('beat 225')
})

test('jumps while it stands still, and stands still again', async () => {
  const { ports, pass } = page()
  const time = storyTime(ports)
  time.stop()
  await time.skip(40)
  pass(40)
  expect([time.now(), time.stopped]).toEqual([140, true])
})

test('runs what was asked for soon while it stands still', async () => {
  const time = storyTime(page().ports)
  time.stop()
  const ran: string[] = []
  time.soon(() => ran.push('soon'))
  time.soon(() => ran.push('cancelled'))()
  await time.skip(0)
  expect(ran).toEqual(['soon'])
})

test('tells who watches after every step of a jump', async () => {
  const time = storyTime(page().ports)
  const seen: number[] = []
  time.watch(() => seen.push(time.now()))
  time.after(10, () => undefined)
  await time.skip(30)
  expect(seen).toEqual([100, 110, 130])
})

test('jumps to where something holds, and no further', async () => {
  const { ports } = page()
  const time = storyTime(ports)
  let beats = 0
  const beat = (): void => {
    beats++
    time.after(25, beat)
  }
  time.after(25, beat)
  expect(await time.skipUntil(() => beats === 3, 1_000)).toBe(true)
  expect([time.now(), beats]).toEqual([175, 3])
  expect(await time.skipUntil(() => false, 50)).toBe(false)
  expect([time.now(), beats]).toEqual([225, 5])
})

test('leaps, and what fell due by that comes late', () => {
  const { ports, pass } = page()
  const time = storyTime(ports)
  const ran: number[] = []
  time.after(10, () => ran.push(time.now()))
  time.leap(500)
  expect([time.now(), ran]).toEqual([600, []])
  pass(1)
  expect(ran).toEqual([601])
})

test('ends without a timer', () => {
  const { ports, timers } = page()
  const time = storyTime(ports)
  time.after(10, () => undefined)
  time.end()
  expect(timers.size).toBe(0)
})
