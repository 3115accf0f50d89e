/** The replay buffer gives back what was printed, byte by byte, and lets go of what is seen. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Stream } from '../protocol/messages.ts'
import { createBlockPool } from './blocks.ts'
import { LARGEST_BLOCK, ReplayBuffer } from './replayBuffer.ts'

const bytes = (length: number, first = 0) => Uint8Array.from({ length }, (_, i) => (first + i) & 0xff)

/** The bytes of one stream from `from` on, at most `max`. */
function read(buffer: ReplayBuffer, from: number, max: number): { stream: Stream; bytes: Uint8Array } {
  const { stream, length } = buffer.run(from, max)
  const copy = new Uint8Array(length)
  buffer.copy(from, copy)
  return { stream, bytes: copy }
}

/** The kept bytes as text, each with its stream, so that two of them compare quickly. */
function readAll(buffer: ReplayBuffer, from: number): string {
  let all = ''
  for (let at = from; at < buffer.end;) {
    const run = read(buffer, at, 3000)
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
    expect(read(buffer, 0, 100)).toEqual({ stream: 1, bytes: bytes(3) })
    expect(read(buffer, 3, 100)).toEqual({ stream: 2, bytes: bytes(2) })
    expect(read(buffer, 5, 2)).toEqual({ stream: 1, bytes: bytes(2) })
  })

  it('reads what lies in several blocks of one stream in one piece', () => {
    const buffer = new ReplayBuffer()
    for (let at = 0; at < 9000; at += 100) buffer.append(1, bytes(100, at))
    buffer.append(2, bytes(5))
    const run = read(buffer, 500, 100_000)
    expect(run.bytes.byteLength).toBe(8500)
    expect([...run.bytes].every((byte, i) => byte === ((500 + i) & 0xff))).toBe(true)
    expect(read(buffer, 500, 4000).bytes.byteLength).toBe(4000)
  })

  it('reads as much as is asked for at once, wherever it lies', () => {
    const buffer = new ReplayBuffer()
    for (let i = 0; i < 40; i++) buffer.append(1, bytes(4095, i * 4095))
    buffer.append(1, bytes(20_000, 40 * 4095))
    for (const from of [0, 1, 1000, 65_535, 100_000]) {
      const run = read(buffer, from, 65_536)
      expect(run.bytes.byteLength).toBe(65_536)
      expect(marked(1, run.bytes) === marked(1, bytes(65_536, from))).toBe(true)
    }
    expect(read(buffer, buffer.end - 10, 65_536).bytes.byteLength).toBe(10)
  })

  it('refuses to read what was evicted and what was never written', () => {
    const buffer = new ReplayBuffer()
    buffer.append(1, bytes(20_000))
    buffer.append(1, bytes(10))
    buffer.evict(20_000)
    expect(() => read(buffer, 0, 1)).toThrow(RangeError)
    expect(() => read(buffer, 20_010, 1)).toThrow(RangeError)
    expect(read(buffer, 20_000, 100).bytes.byteLength).toBe(10)
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

  it('holds hardly more than it keeps when two streams take turns', () => {
    const buffer = new ReplayBuffer()
    for (let i = 0; i < 1000; i++) buffer.append(i % 2 === 0 ? 1 : 2, bytes(20))
    expect(buffer.held).toBeLessThanOrEqual(buffer.end + 65_536)
    expect(read(buffer, 19_980, 100)).toEqual({ stream: 2, bytes: bytes(20) })
  })

  it('lets go of the memory of every block below, and of none above', () => {
    const buffer = new ReplayBuffer()
    for (let i = 0; i < 10; i++) buffer.append(1, bytes(20_000))
    // 1, 2, 4 … 64 KiB, and 64 KiB from there on; the last one is not full.
    const ends = [1, 3, 7, 15, 31, 63, 127, 191].map((end) => end * 1024)
    const held = buffer.held
    expect(held).toBe(255 * 1024)
    for (const end of ends) {
      const start = buffer.start
      buffer.evict(end - 1)
      expect(buffer.start).toBe(start)
      buffer.evict(end)
      expect([buffer.start, buffer.held]).toEqual([end, held - end])
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
    expect(() => read(buffer, 0, 1)).toThrow(new RangeError('Offset 0 is not in the replay buffer, which holds 0 to 0.'))
    buffer.append(1, bytes(1024))
    buffer.evict(1024)
    expect(() => read(buffer, 7, 1)).toThrow('Offset 7 is not in the replay buffer, which holds 1024 to 1024.')
  })

  it('shows what lies between two offsets, of both streams, without a copy', () => {
    const buffer = new ReplayBuffer()
    buffer.append(1, bytes(3000))
    buffer.append(2, bytes(500, 3000))
    buffer.append(1, bytes(3000, 3500))
    const seen = (from: number, to: number): number[] => {
      const all: number[] = []
      buffer.visit(from, to, (piece) => all.push(...piece))
      return all
    }
    const all = [...bytes(6500)]
    expect([seen(0, 6500), seen(2999, 3501), seen(6499, 6500), seen(7, 7)]).toEqual([
      all,
      all.slice(2999, 3501),
      all.slice(6499),
      [],
    ])
    expect(() => seen(0, 6501)).toThrow('Offset 6500 is not in the replay buffer')
    buffer.evict(3000)
    expect(() => seen(0, 1)).toThrow('Offset 0 is not in the replay buffer')
  })

  it('takes a copy: what it was given may be written to again', () => {
    const buffer = new ReplayBuffer()
    const lent = bytes(20_000)
    buffer.append(1, lent)
    lent.fill(0)
    expect(marked(1, read(buffer, 0, 20_000).bytes) === marked(1, bytes(20_000))).toBe(true)
  })

  it('uses the same memory again and again, however long a flood is', () => {
    const pool = createBlockPool(LARGEST_BLOCK, 16)
    const seen = new Set<Uint8Array>()
    const buffer = new ReplayBuffer({
      ...pool,
      take() {
        const block = pool.take()
        seen.add(block)
        return block
      },
    })
    const piece = bytes(32 * 1024)
    for (let i = 0; i < 1000; i++) {
      buffer.append(1, piece)
      buffer.evict(buffer.end - 512 * 1024)
    }
    expect(seen.size).toBeLessThanOrEqual(512 / 64 + 2)
  })

  it('gives every block back once, whether it was evicted, cleared or cut short by the other stream', () => {
    let out = 0
    const pool = {
      size: LARGEST_BLOCK,
      take: () => (out++, new Uint8Array(LARGEST_BLOCK)),
      give: () => void out--,
    }
    const buffer = new ReplayBuffer(pool)
    for (let i = 0; i < 30; i++) buffer.append(i % 7 === 6 ? 2 : 1, bytes(30_000))
    expect(out).toBeGreaterThan(3)
    buffer.evict(400_000)
    buffer.clear()
    buffer.clear()
    expect(out).toBe(0)
  })

  it('is empty after it was cleared', () => {
    const buffer = new ReplayBuffer()
    buffer.append(1, bytes(5000))
    buffer.clear()
    expect([buffer.held, buffer.start]).toEqual([0, 5000])
    buffer.append(1, bytes(3, 9))
    expect(read(buffer, 5000, 10).bytes).toEqual(bytes(3, 9))
  })
})
