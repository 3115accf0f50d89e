/** What a terminal prints in one go is read in one piece. */
import { describe, expect, it } from 'vitest'
import { gather, MOST } from './gather.ts'

const KiB = 1024

let time = 0
const now = (): number => time

/** A terminal that has `lengths` ready, one a read, counting up. */
function ready(...lengths: number[]) {
  let next = 4
  const reads: number[] = []
  const read = (buffer: Uint8Array, at: number): number => {
    const length = Math.min(lengths.shift() ?? 0, buffer.length - at)
    for (let i = 0; i < length; i++) buffer[at + i] = next++ & 0xff
    reads.push(length)
    return length
  }
  return { read, reads }
}

describe('a burst of a terminal', () => {
  it('is one piece, in order, until nothing is ready', () => {
    const first = Uint8Array.from({ length: 4 * KiB }, (_, i) => i & 0xff)
    const { read, reads } = ready(4096, 100)
    const pieces = gather(first, read, now)
    expect(pieces.length).toBe(4096 + 4096 + 100)
    expect([...pieces.subarray(4096, 4100)]).toEqual([4, 5, 6, 7])
    expect(pieces.at(-1)).toBe((4 + 4196 - 1) & 0xff)
    expect(reads).toEqual([4096, 100, 0])
  })

  it('ends at the largest piece however much is ready', () => {
    const { read } = ready(...Array.from({ length: 100 }, () => 4095))
    expect(gather(new Uint8Array(4095), read, now).length).toBe(MOST)
  })

  it('asks for nothing behind an echo or behind a whole piece', () => {
    const { read, reads } = ready(4095)
    expect(gather(new Uint8Array(10), read, now).length).toBe(10)
    expect(gather(new Uint8Array(64 * KiB), read, now).length).toBe(64 * KiB)
    expect(reads).toEqual([])
  })

  it('ends when the others have waited half a millisecond', () => {
    const { read, reads } = ready(4095, 4095, 4095, 4095)
    const slow = (buffer: Uint8Array, at: number): number => {
      time += 0.3
      return read(buffer, at)
    }
    expect(gather(new Uint8Array(4095), slow, now).length).toBe(3 * 4095)
    expect(reads).toEqual([4095, 4095])
  })

  it('takes no memory of its own: it is lent until the next burst', () => {
    const first = new Uint8Array(2 * KiB).fill(7)
    const piece = gather(first, ready(10).read, now)
    expect(piece[0]).toBe(7)
    expect(gather(first, ready(20).read, now).buffer).toBe(piece.buffer)
    const echo = new Uint8Array(10)
    expect(gather(echo, ready(10).read, now)).toBe(echo)
  })
})
