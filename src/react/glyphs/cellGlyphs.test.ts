import { describe, expect, it } from 'vitest'
import { CELL_CHARACTERS, cellGlyph, type CellBox, type Polygon } from './cellGlyphs.ts'

const CELLS: readonly CellBox[] = [
  { width: 8, height: 18, stroke: 1 },
  { width: 7, height: 17, stroke: 1 },
  { width: 16, height: 36, stroke: 2 },
  { width: 12.5, height: 27, stroke: 1 },
]

/** Whether the middle of a pixel is in one of the polygons, by the crossings of a ray. */
function isInked(polygons: readonly Polygon[], x: number, y: number): boolean {
  return polygons.some((polygon) => {
    let inside = false
    for (const [index, [x1, y1]] of polygon.entries()) {
      const [x2, y2] = polygon[(index + 1) % polygon.length] ?? [0, 0]
      if (y1 > y !== y2 > y && x < x1 + ((y - y1) * (x2 - x1)) / (y2 - y1)) inside = !inside
    }
    return inside
  })
}

/** Pixels along one edge of the cell that are inked, as a string of `#` and `.`. */
function edge(character: string, cell: CellBox, side: 'top' | 'right' | 'bottom' | 'left'): string {
  const polygons = cellGlyph(character.codePointAt(0) ?? 0, cell)
  const near = 0.01
  const { width, height } = cell
  const isAcross = side === 'top' || side === 'bottom'
  const along = (at: number): boolean =>
    isAcross
      ? isInked(polygons, at, side === 'top' ? near : height - near)
      : isInked(polygons, side === 'left' ? near : width - near, at)
  return Array.from({ length: Math.floor(isAcross ? width : height) }, (_, at) => (along(at + 0.5) ? '#' : '.')).join('')
}

describe.each(CELLS)('in a cell of $width by $height pixels', (cell) => {
  it('has a shape for every character, of which nothing lies outside the cell but what is cut off', () => {
    for (const character of CELL_CHARACTERS) {
      const polygons = cellGlyph(character, cell)
      expect(polygons.length, String.fromCodePoint(character)).toBeGreaterThan(0)
      for (const [x, y] of polygons.flat()) {
        expect(x).toBeGreaterThanOrEqual(-1.5)
        expect(x).toBeLessThanOrEqual(cell.width + 1.5)
        expect(y).toBeGreaterThanOrEqual(-cell.height / 2)
        expect(y).toBeLessThanOrEqual(cell.height * 1.5)
      }
    }
  })

  /** The line at each edge of what stands there. */
  const LINES = [
    ['thin', '│', '─', '┌┐└┘├┤┬┴┼╭╮╰╯'],
    ['thick', '┃', '━', '┏┓┗┛┣┫┳┻╋'],
    ['double', '║', '═', '╔╗╚╝╠╣╦╩╬'],
  ] as const
  /** Up, right, down, left. */
  const ARMS: Readonly<Record<string, string>> = {
    '┌┏╔╭': 'rd',
    '┐┓╗╮': 'dl',
    '└┗╚╰': 'ur',
    '┘┛╝╯': 'ul',
    '├┣╠': 'urd',
    '┤┫╣': 'udl',
    '┬┳╦': 'rdl',
    '┴┻╩': 'url',
    '┼╋╬': 'urdl',
  }
  it.each(LINES)('joins %s lines with their corners and crossings', (_kind, down, across, others) => {
    for (const other of others) {
      const arms = Object.entries(ARMS).find(([all]) => all.includes(other))?.[1] ?? ''
      for (const [arm, side, line] of [
        ['u', 'top', down],
        ['r', 'right', across],
        ['d', 'bottom', down],
        ['l', 'left', across],
      ] as const) {
        const seen = edge(other, cell, side)
        if (arms.includes(arm)) expect(seen, `${other} ${side}`).toBe(edge(line, cell, side))
        else expect(seen, `${other} ${side}`).not.toContain('#')
      }
    }
  })

  it('has lines that go from edge to edge without a gap, and corners of their whole thickness', () => {
    const inked = (character: string, x: number, y: number) => isInked(cellGlyph(character.codePointAt(0) ?? 0, cell), x, y)
    const x = Math.floor((cell.width - cell.stroke) / 2) + 0.5
    const y = Math.floor((cell.height - cell.stroke) / 2) + 0.5
    for (let at = 0.5; at < cell.height; at++) expect(inked('│', x, at)).toBe(true)
    for (let at = 0.5; at < cell.width; at++) expect(inked('─', at, y)).toBe(true)
    for (const corner of '┌┐└┘┼') expect(inked(corner, x, y), corner).toBe(true)
    for (const corner of '┏┓┗┛')
      for (const [dx, dy] of [
        [-1, -1],
        [1, -1],
        [-1, 1],
        [1, 1],
      ] as const)
        expect(inked(corner, x + dx * cell.stroke, y + dy * cell.stroke), corner).toBe(true)
    // The room between the lines of a double one stays free where they turn and cross.
    for (const corner of '╔╗╚╝╬') expect(inked(corner, x, y), corner).toBe(false)
  })

  it('divides the cell among blocks without an overlap or a gap', () => {
    const inked = (character: string, x: number, y: number) => isInked(cellGlyph(character.codePointAt(0) ?? 0, cell), x, y)
    for (const [one, other] of ['▀▄', '▌▐', '▖▜', '▗▛', '▘▟', '▙▝', '▚▞'].map((pair) => [...pair] as [string, string]))
      for (let y = 0.5; y < cell.height; y++)
        for (let x = 0.5; x < Math.floor(cell.width); x++) expect(inked(one, x, y)).not.toBe(inked(other, x, y))
    const heights = [...'▁▂▃▄▅▆▇█'].map((character) => edge(character, cell, 'left').replaceAll('.', '').length)
    expect(heights).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((eighths) => Math.floor(cell.height) - Math.round((cell.height * (8 - eighths)) / 8)),
    )
  })
})
