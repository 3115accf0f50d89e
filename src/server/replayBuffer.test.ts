import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Stream } from '../protocol/messages.ts'
import { ReplayBuffer } from './replayBuffer.ts'

const bytes = (length: number, first = 0) => Uint8Array.from({ length }, (_, i) => (first + i) & 0xff)

/** The kept bytes as text, each with its stream, so that two of them compare quickly. */
function readAll(buffer: ReplayBuffer, from: number): string {
  let all = ''
  for (let at = from; at < buffer.end;) {
    const run = buffer.read(at, 3000)
    expect(run.bytes.byteLength).toBeGreaterThan(0)
    all += marked(run.stream, run.bytes)
    at += run.bytes.byteLength
  }
  return all
}

function marked(stream: Stream, piece: Uint8Array): string {
  return String.fromCharCode(...Array.from(piece, (byte) => byte + 256 * stream))
}

describe('the replay buffer', () => {
  it('gives back what was appended, with its stream, after any appends and evictions', () => {
    const step = fc.record({
      length: fc.oneof(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 900, max: 5000 }),
        fc.integer({ min: 16_300, max: 16_500 }),
      ),
      stream: fc.constantFrom<Stream>(1, 2),
      evict: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const buffer = new ReplayBuffer()
        let model = ''
        let oldest = 0
        for (const { length, stream, evict } of steps) {
          const piece = bytes(length, model.length)
          model += marked(stream, piece)
          buffer.append(stream, piece)
          oldest = Math.max(oldest, Math.floor(evict * model.length))
          buffer.evict(oldest)
          expect(buffer.start).toBeLessThanOrEqual(oldest)
          expect(buffer.end).toBe(model.length)
        }
        expect(readAll(buffer, oldest) === model.slice(oldest)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('never reads across streams', () => {
    const buffer = new ReplayBuffer()
    buffer.append(1, bytes(3))
    buffer.append(2, bytes(2))
    buffer.append(1, bytes(4))
    expect(buffer.read(0, 100)).toEqual({ stream: 1, bytes: bytes(3) })
    expect(buffer.read(3, 100)).toEqual({ stream: 2, bytes: bytes(2) })
    expect(buffer.read(5, 2)).toEqual({ stream: 1, bytes: bytes(2) })
  })

  it('reads what lies in several blocks of one stream in one piece', () => {
    const buffer = new ReplayBuffer()
    for (let at = 0; at < 9000; at += 100) buffer.append(1, bytes(100, at))
    buffer.append(2, bytes(5))
    const run = buffer.read(500, 100_000)
    expect(run.bytes.byteLength).toBe(8500)
    expect([...run.bytes].every((byte, i) => byte === ((500 + i) & 0xff))).toBe(true)
    expect(buffer.read(500, 4000).bytes.byteLength).toBe(4000)
  })

  it('reads as much as is asked for at once, wherever it lies', () => {
    const buffer = new ReplayBuffer()
    for (let i = 0; i < 40; i++) buffer.append(1, bytes(4095, i * 4095))
    buffer.append(1, bytes(20_000, 40 * 4095))
    for (const from of [0, 1, 1000, 65_535, 100_000]) {
      const run = buffer.read(from, 65_536)
      expect(run.bytes.byteLength).toBe(65_536)
      expect(marked(1, run.bytes) === marked(1, bytes(65_536, from))).toBe(true)
    }
    expect(buffer.read(buffer.end - 10, 65_536).bytes.byteLength).toBe(10)
  })

  it('leaves a view that was read as it is when more is appended to the same block', () => {
    const buffer = new ReplayBuffer()
    buffer.append(1, bytes(3, 7))
    const view = buffer.read(0, 10).bytes
    buffer.append(1, bytes(3, 99))
    expect([...view]).toEqual([7, 8, 9])
  })

  it('refuses to read what was evicted and what was never written', () => {
    const buffer = new ReplayBuffer()
    buffer.append(1, bytes(20_000))
    buffer.append(1, bytes(10))
    buffer.evict(20_000)
    expect(() => buffer.read(0, 1)).toThrow(RangeError)
    expect(() => buffer.read(20_010, 1)).toThrow(RangeError)
    expect(buffer.read(20_000, 100).bytes.byteLength).toBe(10)
  })

  it('holds little while it is empty or small, and grows with what it keeps', () => {
    const buffer = new ReplayBuffer()
    expect(buffer.held).toBe(0)
    buffer.append(1, bytes(10))
    expect(buffer.held).toBe(1024)
    for (let i = 0; i < 1000; i++) {
      buffer.append(1, bytes(4096))
      buffer.evict(buffer.end - 65_536)
    }
    expect(buffer.held).toBeLessThanOrEqual(3 * 65_536)
  })

  it('holds hardly more than it keeps, whatever the sizes of the pieces', () => {
    const buffer = new ReplayBuffer()
    const lengths = [12_000, 32_768, 20_000, 100, 16_384, 4095]
    for (let i = 0; buffer.end < 4_000_000; i++) buffer.append(1, bytes(lengths[i % lengths.length]!))
    expect(buffer.held).toBeLessThanOrEqual(buffer.end + 65_536)
  })

  it('copies a small view out of a large buffer instead of keeping the large one alive', () => {
    const buffer = new ReplayBuffer()
    buffer.append(1, new Uint8Array(1_000_000).subarray(0, 20_000))
    expect(buffer.read(0, 100_000).bytes.buffer.byteLength).toBeLessThanOrEqual(65_536)
    const whole = new Uint8Array(20_000)
    const other = new ReplayBuffer()
    other.append(1, whole)
    expect(other.read(0, 100_000).bytes.buffer).toBe(whole.buffer)
  })

  it('holds hardly more than it keeps when two streams take turns', () => {
    const buffer = new ReplayBuffer()
    for (let i = 0; i < 1000; i++) buffer.append(i % 2 === 0 ? 1 : 2, bytes(20))
    expect(buffer.held).toBeLessThanOrEqual(buffer.end + 65_536)
    expect(buffer.read(19_980, 100)).toEqual({ stream: 2, bytes: bytes(20) })
  })

  it('lets go of the memory of every block below, and of none above', () => {
    const buffer = new ReplayBuffer()
    for (let i = 0; i < 10; i++) buffer.append(1, bytes(20_000))
    expect(buffer.held).toBe(200_000)
    for (let gone = 1; gone <= 10; gone++) {
      buffer.evict(gone * 20_000 - 1)
      expect(buffer.held).toBe(200_000 - (gone - 1) * 20_000)
      buffer.evict(gone * 20_000)
      expect(buffer.held).toBe(200_000 - gone * 20_000)
      expect(buffer.start).toBe(gone * 20_000)
    }
  })

  it('keeps the block that is being filled, however much of it is forgotten, until it is full or the other stream speaks', () => {
    const buffer = new ReplayBuffer()
    buffer.append(1, bytes(10))
    buffer.evict(10)
    expect([buffer.held, buffer.start]).toEqual([1024, 0])
    buffer.append(1, bytes(1014))
    expect(buffer.held).toBe(1024)
    buffer.evict(1024)
    expect([buffer.held, buffer.start, buffer.end]).toEqual([0, 1024, 1024])
    buffer.append(1, bytes(10))
    buffer.append(2, bytes(10))
    buffer.evict(1034)
    expect([buffer.held, buffer.start]).toEqual([1024, 1034])
  })

  it('starts small again after everything was forgotten', () => {
    const buffer = new ReplayBuffer()
    for (let i = 0; i < 3; i++) buffer.append(1, bytes(1024))
    expect(buffer.held).toBe(1024 + 2048)
    buffer.evict(3072)
    buffer.append(1, bytes(1))
    expect(buffer.held).toBe(1024)
  })

  it('says in a sentence what it holds to whoever asks for something else, even while it is empty', () => {
    const buffer = new ReplayBuffer()
    expect(() => buffer.read(0, 1)).toThrow(new RangeError('Offset 0 is not in the replay buffer, which holds 0 to 0.'))
    buffer.append(1, bytes(20_000))
    buffer.evict(20_000)
    expect(() => buffer.read(7, 1)).toThrow('Offset 7 is not in the replay buffer, which holds 20000 to 20000.')
  })

  it('copies only what has to be gathered, and no more memory than that', () => {
    const buffer = new ReplayBuffer()
    for (let at = 0; at < 4000; at += 100) buffer.append(1, bytes(100, at))
    const view = buffer.read(0, 500).bytes
    expect(view.buffer).toBe(buffer.read(500, 524).bytes.buffer)
    expect(buffer.read(3500, 1000).bytes.byteLength).toBe(500)
    expect(buffer.read(900, 1000).bytes.buffer.byteLength).toBe(1000)
    expect(buffer.read(1500, 100_000).bytes.buffer.byteLength).toBeLessThanOrEqual(3000)
  })

  it('keeps as it came a piece of 16 KiB that fills half of its memory, and no smaller one', () => {
    const kept = (memory: number, length: number) => {
      const piece = new Uint8Array(memory).subarray(0, length)
      const buffer = new ReplayBuffer()
      buffer.append(1, piece)
      return buffer.read(0, length).bytes.buffer === piece.buffer
    }
    expect([kept(16_384, 16_384), kept(32_768, 16_384)]).toEqual([true, true])
    expect([kept(16_383, 16_383), kept(32_769, 16_384)]).toEqual([false, false])
  })

  it('is empty after it was cleared', () => {
    const buffer = new ReplayBuffer()
    buffer.append(1, bytes(5000))
    buffer.clear()
    expect([buffer.held, buffer.start]).toEqual([0, 5000])
    buffer.append(1, bytes(3, 9))
    expect(buffer.read(5000, 10).bytes).toEqual(bytes(3, 9))
  })
})
