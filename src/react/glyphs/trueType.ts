/** Writes a TrueType font of straight outlines, as browsers take it: the tables that OpenType requires, and no more. */

/** A closed outline in units of the font, y upwards. */
export type Outline = readonly (readonly [x: number, y: number])[]

export interface FontGlyph {
  readonly codePoint: number
  /** They may overlap: what lies in any of them is filled. */
  readonly outlines: readonly Outline[]
}

export interface FontOptions {
  /** In printable ASCII. */
  readonly name: string
  readonly unitsPerEm: number
  /** Units above and below the baseline, both positive. */
  readonly ascent: number
  readonly descent: number
  /** Of every glyph. */
  readonly advance: number
  /** In ascending order of their code points, which are below U+FFFF. */
  readonly glyphs: readonly FontGlyph[]
}

/** The file. Coordinates are rounded; those that are no 16-bit numbers are a mistake of the caller. */
export function trueTypeFont(options: FontOptions): Uint8Array<ArrayBuffer> {
  const { advance, unitsPerEm, ascent, descent } = options
  const glyphs = options.glyphs.map(({ codePoint, outlines }) => ({ codePoint, outlines: outlines.map(whole) }))
  const written = glyphs.map(({ outlines }) => glyphData(outlines))
  const offsets = [0, 0]
  for (const { length } of written) offsets.push(lastOf(offsets) + length)
  const count = glyphs.length + 1 // the first is for characters that the font lacks
  const box = boxOf(glyphs.flatMap(({ outlines }) => outlines))
  return fontFile({
    'OS/2': os2(options),
    cmap: characterMap(glyphs.map(({ codePoint }) => codePoint)),
    glyf: written.flat(),
    head: [
      ...u32(0x00010000, 0x00010000, 0, 0x5f0f3cf5),
      ...u16(0x0003, unitsPerEm),
      ...u32(0, 0, 0, 0), // made and changed at no time
      ...u16(...box, 0, 8, 2, 1, 0),
    ],
    hhea: [...u32(0x00010000), ...u16(ascent, -descent, 0, advance, box[0], 0, box[2], 1, 0, 0, 0, 0, 0, 0, 0, count)],
    hmtx: [{ outlines: [] }, ...glyphs].flatMap(({ outlines }) => u16(advance, boxOf(outlines)[0])),
    loca: u32(...offsets),
    maxp: [...u32(0x00010000), ...u16(count, ...largest(glyphs), 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)],
    name: names(options.name),
    post: u32(0x00030000, 0, 0, 1, 0, 0, 0, 0),
  })
}

/** Bytes of 16-bit numbers, with or without a sign. */
function u16(...values: readonly number[]): number[] {
  const bytes: number[] = []
  for (const value of values) bytes.push((value >> 8) & 0xff, value & 0xff)
  return bytes
}
const u32 = (...values: readonly number[]): number[] => values.flatMap((value) => u16(value >>> 16, value & 0xffff))

const lastOf = (values: readonly number[]): number => values.at(-1) ?? 0

/** Turned the same way as all others, so that overlaps are filled; TrueType's way is clockwise. */
function whole(outline: Outline): Outline {
  const rounded = outline.map(([x, y]) => [Math.round(x), Math.round(y)] as const)
  const area = rounded.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = rounded[(index + 1) % rounded.length] ?? [0, 0]
    return sum + x * nextY - nextX * y
  }, 0)
  return area > 0 ? rounded.reverse() : rounded
}

/** Least x and y, then greatest. */
function boxOf(outlines: readonly Outline[]): readonly [number, number, number, number] {
  const points = outlines.flat()
  if (points.length === 0) return [0, 0, 0, 0]
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)]
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}

/** Most points and most outlines in a glyph. */
function largest(glyphs: readonly FontGlyph[]): readonly [number, number] {
  const most = (count: (glyph: FontGlyph) => number): number => Math.max(0, ...glyphs.map(count))
  return [most(({ outlines }) => outlines.flat().length), most(({ outlines }) => outlines.length)]
}

const ON_CURVE = 0x01
const OVERLAPS = 0x40

function glyphData(outlines: readonly Outline[]): number[] {
  if (outlines.length === 0) return []
  const points = outlines.flat()
  let end = -1
  const ends = outlines.map((outline) => (end += outline.length))
  const steps = (axis: 0 | 1): readonly number[] => points.map((point, index) => point[axis] - (points[index - 1]?.[axis] ?? 0))
  const data = [
    ...u16(outlines.length, ...boxOf(outlines), ...ends, 0),
    ...points.map((_, index) => (index === 0 ? ON_CURVE | OVERLAPS : ON_CURVE)),
    ...u16(...steps(0), ...steps(1)),
  ]
  return padded(data)
}

function padded(data: readonly number[]): number[] {
  return [...data, ...Array.from({ length: -data.length & 3 }, () => 0)]
}

/** Format 4: runs of code points, each of which has the glyphs that follow those of the run before. */
function characterMap(codePoints: readonly number[]): number[] {
  const runs: { readonly first: number; last: number; readonly glyph: number }[] = []
  for (const [index, codePoint] of codePoints.entries()) {
    const run = runs.at(-1)
    if (run?.last === codePoint - 1) run.last = codePoint
    else runs.push({ first: codePoint, last: codePoint, glyph: index + 1 })
  }
  runs.push({ first: 0xffff, last: 0xffff, glyph: 0 })
  const search = 2 ** Math.floor(Math.log2(runs.length))
  const body = [
    ...u16(0, runs.length * 2, search * 2, Math.log2(search), (runs.length - search) * 2),
    ...u16(...runs.map(({ last }) => last), 0),
    ...u16(...runs.map(({ first }) => first)),
    ...u16(...runs.map(({ first, glyph }) => glyph - first)),
    ...u16(...runs.map(() => 0)),
  ]
  return [...u16(0, 1, 3, 1), ...u32(12), ...u16(4, body.length + 4), ...body]
}

function os2({ unitsPerEm, ascent, descent, advance, glyphs }: FontOptions): number[] {
  const codePoints = glyphs.map(({ codePoint }) => codePoint)
  const part = Math.round(unitsPerEm / 10)
  return [
    ...u16(4, advance, 400, 5, 0),
    ...u16(part, part, 0, part, part, part, 0, part, part, part, 0),
    ...u16(0, 0, 0, 0, 0), // no classification
    ...u32(0, 0, 0, 0, 0x20202020),
    ...u16(0x40, codePoints[0] ?? 0, lastOf(codePoints)),
    ...u16(ascent, -descent, 0, ascent, descent),
    ...u32(0, 0),
    ...u16(0, 0, 0, 0, 0),
  ]
}

/** Family, style, whole name and PostScript name, for Windows in English: all of them the same. */
function names(name: string): number[] {
  const text = u16(...Array.from(name, (character) => character.charCodeAt(0)))
  const records = [1, 2, 4, 6].flatMap((id) => u16(3, 1, 0x409, id, text.length, 0))
  return [...u16(0, 4, 6 + records.length), ...records, ...text]
}

const HEADER_BYTES = 12
const RECORD_BYTES = 16
/** Where `head` holds the number that brings the sum of the file to this. */
const ADJUSTMENT_AT = 8
const SUM_OF_FILE = 0xb1b0afba

/** The tables in the order of their names, each on a boundary of four bytes. */
function fontFile(tables: Readonly<Record<string, readonly number[]>>): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(tables)
  const search = 2 ** Math.floor(Math.log2(entries.length)) * RECORD_BYTES
  let at = HEADER_BYTES + entries.length * RECORD_BYTES
  let headAt = 0
  const records = entries.flatMap(([tag, data]) => {
    if (tag === 'head') headAt = at
    const record = [...Array.from(tag, (letter) => letter.charCodeAt(0)), ...u32(sumOf(padded(data)), at, data.length)]
    at += padded(data).length
    return record
  })
  const header = u16(1, 0, entries.length, search, Math.log2(search / RECORD_BYTES), entries.length * RECORD_BYTES - search)
  const file = [...header, ...records, ...entries.flatMap(([, data]) => padded(data))]
  const bytes = Uint8Array.from(file)
  bytes.set(u32((SUM_OF_FILE - sumOf(file)) >>> 0), headAt + ADJUSTMENT_AT)
  return bytes
}

function sumOf(data: readonly number[]): number {
  let sum = 0
  for (let at = 0; at < data.length; at += 4)
    sum = (sum + (((data[at] ?? 0) << 24) | ((data[at + 1] ?? 0) << 16) | ((data[at + 2] ?? 0) << 8) | (data[at + 3] ?? 0))) >>> 0
  return sum
}
