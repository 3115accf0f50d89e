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
/** The arms of U+2500 to U+257F, in their order, four figures each. Those that have none are dashes, arcs and diagonals. */
const ARMS =
  '0101020210102020................................0110021001200220' +
  '0011001200210022110012002100220010011002200120021110121021101120' +
  '2120221012202220101110122011102120212012102220220111011202110212' +
  '0121012202210222110111021201120221012102220122021111111212111212' +
  '211111212121211222111122122122121222212222212222................' +
  '0303303003100130033000130031003313003100330010033001300313103130' +
  '3330101330313033031301310333130331013303131331313333............' +
  '................000110000100001000022000020000200201102001022010'

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
  const at = (character - BOX_DRAWING) * 4
  const arms = ARMS.slice(at, at + 4)
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
  if (opposite === 0 && (left === 3 || right === 3)) return left === right ? 1 : -3
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

/** U+2504 to U+250B and U+254C to U+254F, in fours: thin and thick across, then down. */
function dashes(character: number, cell: CellBox): readonly Polygon[] {
  const count = character >= 0x254c ? 2 : character >= 0x2508 ? 4 : 3
  const kind = character % 4
  const thickness = halves((kind % 2) + 1) * cell.stroke
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
  return [rising, falling].filter((_, index) => (which & (index + 1)) !== 0)
}

// ---- areas ----

function block(character: number, cell: CellBox): readonly Polygon[] {
  const edge = (eighths: number, size: number, over: number): number =>
    eighths === 0 ? -over : eighths === 8 ? size + over : Math.round((size * eighths) / 8)
  const across = (eighths: number): number => edge(eighths, cell.width, ASIDE)
  const down = (eighths: number): number => edge(eighths, cell.height, beyond(cell))
  /** Between edges in eighths of the cell. */
  const part = (left: number, top: number, right: number, bottom: number): Polygon =>
    bar(across(left), down(top), across(right), down(bottom))
  if (character === 0x2580) return [part(0, 0, 8, 4)]
  if (character <= 0x2588) return [part(0, 0x2588 - character, 8, 8)]
  if (character < 0x2590) return [part(0, 0, 0x2590 - character, 8)]
  if (character === 0x2590) return [part(4, 0, 8, 8)]
  if (character === 0x2594) return [part(0, 0, 8, 1)]
  if (character === 0x2595) return [part(7, 0, 8, 8)]
  const quarters = QUARTERS[character - 0x2596] ?? 0
  return [0, 1, 2, 3]
    .filter((quarter) => (quarters >> quarter) % 2 === 1)
    .map((quarter) => {
      const left = (quarter % 2) * 4
      const top = quarter < 2 ? 0 : 4
      return part(left, top, left + 4, top + 4)
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
