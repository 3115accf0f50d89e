/**
 * Whether a story still looks as it did. Compared are the things that a designer decided and a font does not: which parts there
 * are, what they say, where they stand, the colour of their ground and of their ink, and roughly how much ink there is. The
 * shapes of letters are not compared, nor the exact width of anything that holds words.
 */
import { type Colour, lookOf, type Look } from './picture.ts'
import type { Part, Sighting } from './sighting.ts'

/** Pixels by which a part may be higher, lower, taller or shorter: a rounding of the layout. */
const PLACE = 2
/** Words of another font are wider or narrower by up to this share, and push their neighbours as far. */
const WORDS = 0.25
/** Distance of two grounds, of 441. The nearest two colours of the design, a surface and its page, are 12 apart. */
const GROUND = 7
/** Cosine between two inks. The nearest two signal colours of the design have 0.97. */
const INK = 0.985
/** Less ink than this share has no colour that could be told. */
const LITTLE_INK = 0.004
/** Ink may be as much thicker or thinner as the weights of two fonts are. */
const THICKNESS = 2.2
/** Side of the squares in which the ground is compared everywhere. */
const SQUARE = 12

/** Sentences about what is different; none if nothing is. */
export function differences(before: Sighting, after: Sighting): string[] {
  const { width, height } = before.picture
  if (width !== after.picture.width || height !== after.picture.height)
    return [`the picture is ${after.picture.width} × ${after.picture.height}, not ${width} × ${height}`]
  const found = compareParts(before, after)
  return [...found, ...compareGround(before, after)].slice(0, 12)
}

function compareParts(before: Sighting, after: Sighting): string[] {
  const left = [...after.parts]
  const found: string[] = []
  for (const part of before.parts) {
    const index = left.findIndex(({ kind, text }) => kind === part.kind && text === part.text)
    const [now] = index < 0 ? [] : left.splice(index, 1)
    if (now) found.push(...comparePart(before, part, after, now))
    else found.push(`${named(part)} is missing`)
  }
  return [...found, ...left.map((part) => `${named(part)} is new`)]
}

const named = ({ kind, text, x, y }: Part): string => `${kind}${text === '' ? '' : ` “${text}”`} at ${x}, ${y}`

function comparePart(before: Sighting, was: Part, after: Sighting, is: Part): string[] {
  const found: string[] = []
  const words = holdsWords(was) ? Math.round(Math.max(was.width, 100) * WORDS) : PLACE
  const far = (name: 'x' | 'y' | 'width' | 'height', allowed: number): void => {
    if (Math.abs(was[name] - is[name]) > allowed) found.push(`${named(was)} has ${name} ${is[name]}, not ${was[name]}`)
  }
  far('y', PLACE)
  far('height', PLACE)
  far('x', words)
  // A grid is whole columns wide, of whatever width those are.
  if (was.kind !== 'row') far('width', words)
  const difference = compareLooks(lookOf(before.picture, was), lookOf(after.picture, is))
  if (difference !== null) found.push(`${named(was)} ${difference}`)
  return found
}

/** Parts without words of their own that are as wide as the words in them leave them. */
const FITTED: readonly string[] = ['say', 'act', 'secondary', 'chip']

const holdsWords = ({ kind, text }: Part): boolean => text !== '' || FITTED.includes(kind)

function compareLooks(was: Look, is: Look): string | null {
  if (distance(was.ground, is.ground) > GROUND) return `stands on ${css(is.ground)}, not on ${css(was.ground)}`
  const [less, more] = [Math.min(was.amount, is.amount), Math.max(was.amount, is.amount)]
  if (more < LITTLE_INK) return null
  if (less < LITTLE_INK && more > 3 * LITTLE_INK) return is.amount < was.amount ? 'has lost its ink' : 'has ink where it had none'
  if (less >= LITTLE_INK && cosine(was.ink, is.ink) < INK) return `is written in another colour`
  return more > less * THICKNESS + LITTLE_INK ? `has ${(is.amount / was.amount).toFixed(1)} times its ink` : null
}

/** The ground of every square of the picture; a neighbour's will do, since edges move by a pixel. */
function compareGround(before: Sighting, after: Sighting): string[] {
  const { width, height } = before.picture
  const ground = ({ picture }: Sighting, column: number, row: number): Colour =>
    lookOf(picture, { x: column * SQUARE, y: row * SQUARE, width: SQUARE, height: SQUARE }).ground
  const columns = Math.floor(width / SQUARE)
  const rows = Math.floor(height / SQUARE)
  const others: string[] = []
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const was = ground(before, column, row)
      if (distance(was, ground(after, column, row)) <= GROUND) continue
      const near = neighbours(column, row, columns, rows).some(([x, y]) => distance(was, ground(after, x, y)) <= GROUND)
      if (!near) others.push(`${column * SQUARE}, ${row * SQUARE}`)
    }
  return others.length === 0 ? [] : [`the ground is another one at ${others.slice(0, 5).join(' and ')}`]
}

function neighbours(column: number, row: number, columns: number, rows: number): [number, number][] {
  const all: [number, number][] = []
  for (const y of [row - 1, row, row + 1])
    for (const x of [column - 1, column, column + 1]) if (x >= 0 && y >= 0 && x < columns && y < rows) all.push([x, y])
  return all
}

const distance = (a: Colour, b: Colour): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
const cosine = (a: Colour, b: Colour): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
const css = (colour: Colour): string => `#${colour.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
