import { describe, expect, it } from 'vitest'
import { trueTypeFont, type FontGlyph } from './trueType.ts'

const square = (size: number) =>
  [
    [0, 0],
    [0, size],
    [size, size],
    [size, 0],
  ] as const

const GLYPHS: readonly FontGlyph[] = [
  { codePoint: 0x2500, outlines: [square(100)] },
  { codePoint: 0x2501, outlines: [square(100), [...square(-300)].reverse()] },
  { codePoint: 0x2600, outlines: [] },
  {
    codePoint: 0xe0b0,
    outlines: [
      [
        [0.4, 0.6],
        [10, 20],
        [20, 0],
      ],
    ],
  },
]
const bytes = trueTypeFont({ name: 'Cells', unitsPerEm: 1000, ascent: 800, descent: 200, advance: 600, glyphs: GLYPHS })
const view = new DataView(bytes.buffer)

const tables = new Map(
  Array.from({ length: view.getUint16(4) }, (_, index) => {
    const at = 12 + index * 16
    const tag = String.fromCharCode(...bytes.subarray(at, at + 4))
    return [tag, { sum: view.getUint32(at + 4), at: view.getUint32(at + 8), length: view.getUint32(at + 12) }] as const
  }),
)
const table = (tag: string) => tables.get(tag) ?? { sum: 0, at: 0, length: 0 }

function sum(from: number, length: number): number {
  let total = 0
  for (let at = from; at < from + length; at += 4) total = (total + view.getUint32(at)) >>> 0
  return total
}

/** The glyph of a code point, by format 4 of `cmap`. */
function glyphOf(codePoint: number): number {
  const at = table('cmap').at + 12
  const runs = view.getUint16(at + 6) / 2
  for (let run = 0; run < runs; run++) {
    const last = view.getUint16(at + 14 + run * 2)
    if (codePoint > last) continue
    const first = view.getUint16(at + 16 + (runs + run) * 2)
    return codePoint < first ? 0 : (codePoint + view.getUint16(at + 16 + (2 * runs + run) * 2)) & 0xffff
  }
  return 0
}

describe('a font file', () => {
  it('has the tables that OpenType requires, in order, on boundaries of four bytes, with their sums', () => {
    expect([...tables.keys()]).toEqual(['OS/2', 'cmap', 'glyf', 'head', 'hhea', 'hmtx', 'loca', 'maxp', 'name', 'post'])
    for (const [tag, { at, length, sum: told }] of tables) {
      expect(at % 4).toBe(0)
      expect(at + length).toBeLessThanOrEqual(bytes.length)
      // The number in `head` that makes the file's own sum is not part of that table's.
      if (tag !== 'head') expect(sum(at, (length + 3) & ~3), tag).toBe(told)
    }
    expect(sum(0, bytes.length)).toBe(0xb1b0afba)
  })

  it('finds its glyphs by their code points, and none for others', () => {
    expect([0x2500, 0x2501, 0x2600, 0xe0b0].map(glyphOf)).toEqual([1, 2, 3, 4])
    expect([0x20, 0x24ff, 0x2502, 0x25ff, 0xe0af, 0xe0b1, 0xffff].map(glyphOf)).toEqual([0, 0, 0, 0, 0, 0, 0])
  })

  it('has each glyph between its offsets: none for one without outlines, whole numbers, and all turned the same way', () => {
    const offsets = Array.from({ length: 6 }, (_, index) => view.getUint32(table('loca').at + index * 4))
    expect(offsets[0]).toBe(0)
    expect(offsets[1]).toBe(0)
    expect(offsets[4]).toBe(offsets[3])
    expect(offsets[5]).toBe(table('glyf').length)
    const at = table('glyf').at + (offsets[2] ?? 0)
    expect(view.getInt16(at)).toBe(2)
    expect([2, 4, 6, 8].map((each) => view.getInt16(at + each))).toEqual([-300, -300, 100, 100])
    expect([view.getUint16(at + 10), view.getUint16(at + 12)]).toEqual([3, 7])
    const steps = (from: number) => Array.from({ length: 8 }, (_, index) => view.getInt16(from + index * 2))
    const [xs, ys] = [steps(at + 16 + 8), steps(at + 16 + 8 + 16)].map((each) => {
      let sum = 0
      return each.map((step) => (sum += step))
    }) as [number[], number[]]
    const area = (from: number): number =>
      [0, 1, 2, 3].reduce((total, index) => {
        const [one, next] = [from + index, from + ((index + 1) % 4)]
        return total + (xs[one] ?? 0) * (ys[next] ?? 0) - (xs[next] ?? 0) * (ys[one] ?? 0)
      }, 0)
    expect(area(0)).toBe(-20_000)
    expect(area(4)).toBe(-180_000)
  })

  it('says how wide and how high its characters are', () => {
    const { at } = table('hhea')
    expect([view.getInt16(at + 4), view.getInt16(at + 6), view.getUint16(at + 10), view.getUint16(at + 34)]).toEqual([
      800, -200, 600, 5,
    ])
    expect(view.getUint16(table('head').at + 18)).toBe(1000)
    expect(Array.from({ length: 5 }, (_, index) => view.getUint16(table('hmtx').at + index * 4))).toEqual([
      600, 600, 600, 600, 600,
    ])
  })
})
