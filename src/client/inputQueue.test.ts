/** The bytes that were typed, by offset: held against a plain array that does the same slowly. */
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../testing/seededRandom.ts'
import { InputQueue } from './inputQueue.ts'

function bytesOf(queue: InputQueue, from: number, to: number, most = 1000): number[] {
  return [...queue.read(from, to, most)].flatMap((part) => [...part])
}

describe('a queue of input', () => {
  test('joins small pieces and splits large ones at the size asked for', () => {
    const queue = new InputQueue()
    for (const piece of [[1], [2, 3], [4, 5, 6]]) queue.push(new Uint8Array(piece), false)
    expect([...queue.read(0, 6, 4)].map((part) => [...part])).toEqual([
      [1, 2, 3, 4],
      [5, 6],
    ])
    expect(bytesOf(queue, 2, 5)).toEqual([3, 4, 5])
  })

  test('what follows keeps its offsets when the head goes, and the tail can be typed anew', () => {
    const queue = new InputQueue()
    for (const piece of [[1, 2, 3], [4], [5]]) queue.push(new Uint8Array(piece), false)
    expect([...queue.remove(0, 2).bytes]).toEqual([1, 2])
    expect(bytesOf(queue, 2, 5)).toEqual([3, 4, 5])
    expect(queue.remove(4, 5)).toMatchObject({ keys: 1 })
    queue.push(new Uint8Array([9]), false)
    expect(bytesOf(queue, 2, 5)).toEqual([3, 4, 9])
    queue.rebase(100)
    expect(bytesOf(queue, 100, 103)).toEqual([3, 4, 9])
  })

  test('the emulator’s own answers are in what is sent and in no report', () => {
    const queue = new InputQueue()
    queue.push(new Uint8Array([1]), false)
    queue.push(new Uint8Array([2, 2]), true)
    queue.push(new Uint8Array([3]), false)
    expect(bytesOf(queue, 0, 4)).toEqual([1, 2, 2, 3])
    const { bytes, keys } = queue.remove(0, 4)
    expect([[...bytes], keys]).toEqual([[1, 3], 2])
  })

  test('what was trimmed is kept no longer and is in no report', () => {
    const queue = new InputQueue()
    for (const piece of [[1, 2, 3], [4]]) queue.push(new Uint8Array(piece), false)
    queue.trim(2)
    expect(queue.remove(0, 2)).toMatchObject({ keys: 0 })
    expect([...queue.remove(2, 4).bytes]).toEqual([3, 4])
  })

  test('what is typed after everything was taken back begins where that began', () => {
    const queue = new InputQueue()
    queue.push(new Uint8Array([1, 2]), false)
    queue.trim(2)
    queue.push(new Uint8Array([3, 4]), false)
    expect([...queue.remove(2, 4).bytes]).toEqual([3, 4])
    queue.push(new Uint8Array([5]), false)
    expect(bytesOf(queue, 2, 3)).toEqual([5])
  })

  test('a key without bytes is no key', () => {
    const queue = new InputQueue()
    queue.push(new Uint8Array(0), false)
    queue.push(new Uint8Array([1]), false)
    expect(queue.remove(0, 1).keys).toBe(1)
  })

  test('any run of pushes, trims and reads is that of a plain array', () => {
    for (let run = 0; run < 200; run++) {
      const random = seededRandom(`queue-${run}`)
      const queue = new InputQueue()
      const model: number[] = []
      let start = 0
      for (let step = 0; step < 60; step++) {
        if (random.chance(0.5)) {
          const piece = random.bytes(random.int(0, 9))
          queue.push(piece, random.chance(0.3))
          model.push(...piece)
        } else if (random.chance(0.4)) {
          start = random.int(start, model.length)
          queue.trim(start)
        } else {
          const from = random.int(start, model.length)
          const to = random.int(from, model.length)
          expect(bytesOf(queue, from, to, random.int(1, 5))).toEqual(model.slice(from, to))
        }
      }
    }
  })
})
