/** The characters that are drawn from cell to cell (box drawing, blocks, arrows of prompts) as polygons in a cell of any size. */

/** A cell in pixels of the device. */
export interface CellBox {
  readonly width: number
  readonly height: number
  /** Of a thin line. */
  readonly stroke: number
}

/** Pixels from the left and from the top of the cell. */
export type Point = readonly [x: number, y: number]
export type Polygon = readonly Point[]

/** Up, right, down, left: 0 is no line, 1 a thin one, 2 a thick one, 3 a double one. */
type Arms = readonly number[]

const BOX_DRAWING = 0x2500
/** The arms of U+2500 to U+257F, in their order. Those that have none are dashes, arcs and diagonals. */
const ARMS = `
  0101 0202 1010 2020 .... .... .... .... .... .... .... .... 0110 0210 0120 0220
  0011 0012 0021 0022 1100 1200 2100 2200 1001 1002 2001 2002 1110 1210 2110 1120
  2120 2210 1220 2220 1011 1012 2011 1021 2021 2012 1022 2022 0111 0112 0211 0212
  0121 0122 0221 0222 1101 1102 1201 1202 2101 2102 2201 2202 1111 1112 1211 1212
  2111 1121 2121 2112 2211 1122 1221 2212 1222 2122 2221 2222 .... .... .... ....
  0303 3030 0310 0130 0330 0013 0031 0033 1300 3100 3300 1003 3001 3003 1310 3130
  3330 1013 3031 3033 0313 0131 0333 1303 3101 3303 1313 3131 3333 .... .... ....
  .... .... .... .... 0001 1000 0100 0010 0002 2000 0200 0020 0201 1020 0102 2010
`
  .trim()
  .split(/\s+/)

/** Dashes in a cell of U+2504 to U+250B and U+254C to U+254F: thin and thick, across and down. */
const DASHES: ReadonlyMap<number, number> = new Map([
  [0x2504, 3],
  [0x2508, 4],
  [0x254c, 2],
])

/** The quarters of U+2596 to U+259F: upper left 1, upper right 2, lower left 4, lower right 8. */
const QUARTERS = [4, 8, 1, 13, 9, 7, 11, 2, 6, 14]

/** Every character that is drawn, in the order of their numbers. Shades are left to fonts: they are patterns, which need not join. */
export const CELL_CHARACTERS: readonly number[] = [
  ...span(0x2500, 0x2590),
  ...span(0x2594, 0x259f),
  // The arrows with which prompts end.
  ...span(0xe0b0, 0xe0b3),
]

function span(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/** What one of `CELL_CHARACTERS` looks like. Parts may overlap, and go on beyond what they touch of the cell's edges. */
export function cellGlyph(character: number, cell: CellBox): readonly Polygon[] {
  if (character >= 0xe0b0) return promptArrow(character - 0xe0b0, cell)
  if (character >= 0x2580) return block(character, cell)
  const arms = ARMS[character - BOX_DRAWING] ?? ''
  if (arms !== '....') return junction(Array.from(arms, Number), cell)
  if (character >= 0x2571) return diagonals(character - 0x2570, cell)
  if (character >= 0x256d) return [arc(character - 0x256d, cell)]
  return dashes(character, cell)
}

// ---- lines ----

/** Directions as they stand in `Arms`. */
const UP = 0
const DOWN = 2

/** Lines from the middle to the sides. Each is drawn as one that goes right, and turned. */
function junction(arms: Arms, cell: CellBox): readonly Polygon[] {
  return [0, 1, 2, 3].flatMap((direction) => armOf(arms, direction, cell))
}

function armOf(arms: Arms, direction: number, cell: CellBox): readonly Polygon[] {
  const arm = (turns: number): number => arms[(direction + turns) % 4] ?? 0
  const half = cell.stroke / 2
  const line = (start: number, low: number, high: number): Polygon =>
    turned(direction, cell, start * half, low * half, high * half)
  const own = arm(0)
  if (own === 0) return []
  if (own < 3) return [line(singleStart(arm(3), arm(1), arm(2)), -halves(own), halves(own))]
  // Two lines, each of which meets what goes off on its own side.
  return [line(doubleStart(arm(3), arm(1), arm(2)), -3, -1), line(doubleStart(arm(1), arm(3), arm(2)), 1, 3)]
}

/** From the middle of a line to its edge, in halves of a stroke. */
const halves = (weight: number): number => (weight === 2 ? 3 : 1)

/** Where a single line begins, in halves of a stroke from the middle: it covers the arms to its left and right. */
function singleStart(left: number, right: number, opposite: number): number {
  const isBetweenDoubles = left === 3 && right === 3 && opposite === 0
  if (isBetweenDoubles) return 1
  if ((left === 3 || right === 3) && opposite === 0) return -3
  return left === 2 || right === 2 ? -3 : -1
}

/** Where a line of a double one begins; `near` is the arm on its side of the other line. */
function doubleStart(near: number, far: number, opposite: number): number {
  if (near === 3) return 1
  return near === 0 && far === 3 && opposite === 0 ? -3 : -1
}

/** A bar from `start` to the side of the cell that lies in this direction, between two distances to the right of that direction. */
function turned(direction: number, cell: CellBox, start: number, low: number, high: number): Polygon {
  const { x, y } = middle(cell)
  switch (direction) {
    case UP:
      return bar(x + low, -beyond(cell), x + high, y - start)
    case DOWN:
      return bar(x - high, y + start, x - low, cell.height + beyond(cell))
    case 1:
      return bar(x + start, y + low, cell.width + ASIDE, y + high)
    default:
      return bar(-ASIDE, y - high, x - start, y - low)
  }
}

/** The middle of every line, where the edges of thin ones are whole pixels. */
function middle({ width, height, stroke }: CellBox): { readonly x: number; readonly y: number } {
  const at = (size: number): number => Math.floor((size - stroke) / 2) + stroke / 2
  return { x: at(width), y: at(height) }
}

/** What they go on to the sides, in pixels: a browser may place a cell between pixels, and a gap would shine through. */
const ASIDE = 0.2

/** What they go on above and below the cell, which cuts them off. */
const beyond = ({ height }: CellBox): number => height / 4

function bar(left: number, top: number, right: number, bottom: number): Polygon {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ]
}

function dashes(character: number, cell: CellBox): readonly Polygon[] {
  const first = [...DASHES.keys()].findLast((key) => key <= character) ?? character
  const count = DASHES.get(first) ?? 1
  const kind = character - first
  const thickness = halves(kind % 2 === 0 ? 1 : 2) * cell.stroke
  const isAcross = kind < 2
  const { x, y } = middle(cell)
  const length = isAcross ? cell.width : cell.height
  const gap = Math.max(1, Math.round(length / count / 4))
  return Array.from({ length: count }, (_, index) => {
    const from = Math.round((length * index) / count) + Math.floor(gap / 2)
    const to = Math.round((length * (index + 1)) / count) - Math.ceil(gap / 2)
    return isAcross ? bar(from, y - thickness / 2, to, y + thickness / 2) : bar(x - thickness / 2, from, x + thickness / 2, to)
  })
}

/** Corners of a quarter circle are drawn with this many straight pieces. */
const PIECES = 8

/** U+256D and after: down and right, down and left, up and left, up and right. */
function arc(corner: number, cell: CellBox): Polygon {
  const { x, y } = middle(cell)
  const right = corner === 0 || corner === 3 ? 1 : -1
  const down = corner < 2 ? 1 : -1
  const sideX = right > 0 ? cell.width + ASIDE : -ASIDE
  const sideY = down > 0 ? cell.height + beyond(cell) : -beyond(cell)
  const radius = Math.min(Math.abs(sideX - x), cell.height / 2)
  const half = cell.stroke / 2
  const along = (distance: number): Point[] =>
    Array.from({ length: PIECES + 1 }, (_, piece) => {
      const angle = (Math.PI / 2) * (piece / PIECES)
      const length = radius + distance
      return [x + right * (radius - length * Math.cos(angle)), y + down * (radius - length * Math.sin(angle))]
    })
  const outer = along(half)
  const inner = along(-half).reverse()
  return [
    [x - right * half, sideY],
    ...outer,
    [sideX, y - down * half],
    [sideX, y + down * half],
    ...inner,
    [x + right * half, sideY],
  ]
}

/** 1 rises, 2 falls, 3 is both. */
function diagonals(which: number, { width, height, stroke }: CellBox): readonly Polygon[] {
  // So much to both sides that the line is as thick as others.
  const half = (stroke / 2) * Math.hypot(1, width / height)
  const falling: Polygon = [
    [-half, 0],
    [half, 0],
    [width + half, height],
    [width - half, height],
  ]
  const rising: Polygon = falling.map(([x, y]) => [x, height - y])
  return [...((which & 1) !== 0 ? [rising] : []), ...((which & 2) !== 0 ? [falling] : [])]
}

// ---- areas ----

function block(character: number, cell: CellBox): readonly Polygon[] {
  const { width, height } = cell
  const above = -beyond(cell)
  const below = height + beyond(cell)
  const left = -ASIDE
  const right = width + ASIDE
  const down = (eighths: number): number => Math.round((height * eighths) / 8)
  const across = (eighths: number): number => Math.round((width * eighths) / 8)
  if (character === 0x2580) return [bar(left, above, right, down(4))]
  if (character <= 0x2588) return [bar(left, character === 0x2588 ? above : down(0x2588 - character), right, below)]
  if (character < 0x2590) return [bar(left, above, across(0x2590 - character), below)]
  if (character === 0x2590) return [bar(across(4), above, right, below)]
  if (character === 0x2594) return [bar(left, above, right, down(1))]
  if (character === 0x2595) return [bar(across(7), above, right, below)]
  const quarters = QUARTERS[character - 0x2596] ?? 0
  return [1, 2, 4, 8]
    .filter((quarter) => (quarters & quarter) !== 0)
    .map((quarter) => {
      const isLeft = quarter === 1 || quarter === 4
      const isUpper = quarter < 4
      return bar(isLeft ? left : across(4), isUpper ? above : down(4), isLeft ? across(4) : right, isUpper ? down(4) : below)
    })
}

/** To the right, filled and as a line, then the same to the left. */
function promptArrow(which: number, { width, height, stroke }: CellBox): readonly Polygon[] {
  const thickness = stroke * Math.hypot(1, (2 * width) / height)
  const shapes: readonly (readonly Polygon[])[] = [
    [
      [
        [-ASIDE, 0],
        [0, 0],
        [width, height / 2],
        [0, height],
        [-ASIDE, height],
      ],
    ],
    [
      [
        [0, 0],
        [thickness, 0],
        [width, height / 2],
        [thickness, height],
        [0, height],
        [width - thickness, height / 2],
      ],
    ],
  ]
  const shape = shapes[which % 2] ?? []
  return which < 2 ? shape : shape.map((polygon) => polygon.map(([x, y]) => [width - x, y]))
}
