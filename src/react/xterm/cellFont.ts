/**
 * Joins lines and blocks from row to row where the DOM draws them, as WebGL does by itself: a font of those characters in the size of
 * the cells comes before the fonts of the panel.
 */
import type { Terminal } from '@xterm/xterm'
import { CELL_CHARACTERS, cellGlyph } from '../glyphs/cellGlyphs.ts'
import { trueTypeFont } from '../glyphs/trueType.ts'
import type { EmulatorPart, Inside } from './api.ts'

/** A cell in pixels of the device, and what a font has to know of the letters beside its own. */
interface Geometry {
  readonly width: number
  readonly height: number
  /** From the top of the row. */
  readonly baseline: number
  /** Of the letters, above and below the baseline. Some browsers take the metrics of a line from the first font, whatever it has. */
  readonly ascent: number
  readonly descent: number
  readonly pixelsPerEm: number
}

const UNITS_PER_EM = 2048
/** Pixels of an em for which a line has the thickness of one. */
const EM_OF_STROKE = 14

/** A font, with the number of terminals that draw with it. */
interface Shared {
  readonly faces: readonly FontFace[]
  uses: number
}

/** Fonts of a page by their names. */
const fonts = new WeakMap<Document, Map<string, Shared>>()

export function cellFontPart({ terminal, host, leadFont, signal }: Inside): EmulatorPart {
  const { ownerDocument: document } = host
  let name: string | null = null

  function follow(): void {
    const geometry = measure(terminal, host)
    if (geometry === null) return
    const next = nameOf(geometry)
    if (next === name) return
    const before = name
    name = next
    keepFont(document, next, geometry)
    leadFont(next)
    if (before !== null) dropFont(document, before)
  }

  // While nobody sees it xterm.js leaves the grid in its old size, whatever its letters have become.
  const observer = new ResizeObserver(follow)
  const screen = screenOf(terminal)
  if (screen) observer.observe(screen)
  signal.addEventListener('abort', () => observer.disconnect())
  return {
    restyled: follow,
    dispose() {
      if (name !== null) dropFont(document, name)
      name = null
    },
  }
}

const nameOf = (geometry: Geometry): string =>
  `nimbus-cells-${Object.values(geometry)
    .map((pixels) => Math.round(pixels * 64))
    .join('-')}`

function keepFont(document: Document, name: string, geometry: Geometry): void {
  const known = fonts.get(document) ?? new Map<string, Shared>()
  fonts.set(document, known)
  const used = known.get(name)
  if (used !== undefined) return void used.uses++
  const { buffer } = fontOf(name, geometry)
  // Lines are neither bold nor slanted: they would not meet others.
  const faces = ['normal', 'italic'].map((style) => new FontFace(name, buffer, { unicodeRange: RANGE, weight: '1 1000', style }))
  known.set(name, { faces, uses: 1 })
  for (const face of faces) document.fonts.add(face)
}

function dropFont(document: Document, name: string): void {
  const known = fonts.get(document)
  const used = known?.get(name)
  if (used === undefined || --used.uses > 0) return
  known?.delete(name)
  for (const face of used.faces) document.fonts.delete(face)
}

const RANGE = 'U+2500-2590, U+2594-259F, U+E0B0-E0B3'

function fontOf(name: string, { width, height, baseline, ascent, descent, pixelsPerEm }: Geometry): Uint8Array<ArrayBuffer> {
  const cell = { width, height, stroke: Math.max(1, Math.round(pixelsPerEm / EM_OF_STROKE)) }
  const units = (pixels: number): number => Math.round((pixels * UNITS_PER_EM) / pixelsPerEm)
  return trueTypeFont({
    name,
    unitsPerEm: UNITS_PER_EM,
    ascent: units(ascent),
    descent: units(descent),
    advance: units(width),
    glyphs: CELL_CHARACTERS.map((codePoint) => ({
      codePoint,
      outlines: cellGlyph(codePoint, cell).map((polygon) => polygon.map(([x, y]) => [units(x), units(baseline - y)] as const)),
    })),
  })
}

const screenOf = ({ element }: Terminal): HTMLElement | null | undefined => element?.querySelector<HTMLElement>('.xterm-screen')

/** Null while the grid has no size. */
function measure(terminal: Terminal, host: HTMLElement): Geometry | null {
  const { options, rows, cols } = terminal
  const { width = '', height = '' } = screenOf(terminal)?.style ?? {}
  const row = Number.parseFloat(height) / rows
  if (!(row > 0) || options.fontSize === undefined) return null
  const letters = lettersIn(row, host, options.fontSize)
  if (letters.ascent === 0) return null
  const pixel = devicePixelRatio
  return {
    width: (Number.parseFloat(width) / cols) * pixel,
    height: row * pixel,
    baseline: letters.baseline * pixel,
    ascent: letters.ascent * pixel,
    descent: letters.descent * pixel,
    pixelsPerEm: options.fontSize * pixel,
  }
}

/** Where the panel's own letters stand in a row, in CSS pixels; all 0 where nothing is laid out. */
function lettersIn(row: number, host: HTMLElement, fontSize: number) {
  const { ownerDocument: document } = host
  const line = document.createElement('div')
  line.className = 'nt-probe'
  Object.assign(line.style, { height: `${row}px`, lineHeight: `${row}px`, fontSize: `${fontSize}px` })
  const letter = document.createElement('span')
  letter.textContent = 'W'
  const mark = document.createElement('span')
  mark.style.display = 'inline-block'
  line.append(letter, mark)
  host.append(line)
  const baseline = mark.offsetTop
  const top = letter.offsetTop
  const found = { baseline, ascent: baseline - top, descent: top + letter.offsetHeight - baseline }
  line.remove()
  return found
}
