/** What becomes of a finger on the grid. */
import { describe, expect, test } from 'vitest'
import { IDLE, isNoClick, touch, type Finger, type Gesture, type Order } from './gesture.ts'

const ROW = 18

function play(...fingers: readonly Finger[]): { readonly gesture: Gesture; readonly orders: readonly Order[] } {
  let gesture: Gesture = IDLE
  const orders: Order[] = []
  for (const finger of fingers) {
    const [next, asked] = touch(gesture, finger, ROW)
    gesture = next
    orders.push(...asked)
  }
  return { gesture, orders }
}

const down = (y = 200, first = true): Finger => ({ type: 'down', at: 0, point: { x: 50, y }, first })
const move = (at: number, y: number, x = 50): Finger => ({ type: 'move', at, point: { x, y } })
const up = (at: number): Finger => ({ type: 'up', at })
const rows = (orders: readonly Order[]): number =>
  orders.reduce((sum, order) => sum + (order.do === 'scroll' ? order.rows : 0), 0)

test('a tap is a click, also one that trembles', () => {
  const { gesture, orders } = play(down(), move(20, 204, 53))
  expect(isNoClick(gesture)).toBe(false)
  expect(orders).toEqual([{ do: 'want-held' }])
  expect(play(down(), move(20, 204), up(60)).gesture).toEqual(IDLE)
})

describe('a drag', () => {
  test('up goes towards the end, by whole rows, and loses no pixel', () => {
    const steps = Array.from({ length: 100 }, (_, index) => move(10 * (index + 1), 200 - (index + 1)))
    const { gesture, orders } = play(down(), ...steps)
    expect(rows(orders)).toBe(Math.trunc(100 / ROW))
    expect(isNoClick(gesture)).toBe(true)
  })

  test('down goes towards the beginning', () => {
    expect(rows(play(down(), move(10, 200 + 5 * ROW)).orders)).toBe(-5)
  })

  test('that rested before it ended does not coast', () => {
    expect(play(down(), move(10, 100), up(200)).gesture).toEqual(IDLE)
  })

  test('coasts, slower and slower, until it stands', () => {
    let { gesture } = play(down(600), move(16, 560), move(32, 500), move(48, 440), up(50))
    expect(gesture.kind).toBe('coasting')
    const byFrame: number[] = []
    let at = 50
    while (gesture.kind === 'coasting') {
      at += 16
      const [next, orders] = touch(gesture, { type: 'frame', at }, ROW)
      byFrame.push(rows(orders))
      gesture = next
    }
    const half = Math.floor(byFrame.length / 2)
    const sum = (frames: readonly number[]): number => frames.reduce((a, b) => a + b, 0)
    expect(sum(byFrame.slice(0, half))).toBeGreaterThan(sum(byFrame.slice(half)))
    expect(sum(byFrame)).toBeGreaterThan(20)
    expect(at).toBeLessThan(4000)
  })

  test('is stopped by the next finger', () => {
    const { gesture } = play(down(600), move(16, 500), up(20), down(300))
    expect(gesture.kind).toBe('pressed')
  })
})

describe('a long press', () => {
  test('selects the word under it, then as far as the finger goes', () => {
    const { gesture, orders } = play(down(), { type: 'held' }, move(600, 240, 90))
    expect(orders.slice(1)).toEqual([
      { do: 'select-word', point: { x: 50, y: 200 } },
      { do: 'select-to', point: { x: 90, y: 240 } },
    ])
    expect(isNoClick(gesture)).toBe(true)
  })

  test('is none once the finger scrolls', () => {
    const { orders } = play(down(), move(10, 150), { type: 'held' })
    expect(orders.map((order) => order.do)).not.toContain('select-word')
  })
})

test('two fingers are the browser’s', () => {
  const { orders } = play(down(), down(220, false), move(10, 100), { type: 'held' })
  expect(orders).toEqual([{ do: 'want-held' }])
})

test('a finger that the browser took does nothing more', () => {
  expect(play(down(), move(10, 100), { type: 'cancel' }).gesture).toEqual(IDLE)
})
