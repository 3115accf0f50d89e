/**
 * Joins lines and blocks from row to row where the DOM draws them, as WebGL does by itself: a font of those characters in the size of
 * the cells comes before the fonts of the panel.
 */
import type { ITerminalOptions, Terminal } from '@xterm/xterm'
import { CELL_CHARACTERS, cellGlyph } from '../glyphs/cellGlyphs.ts'
import { trueTypeFont } from '../glyphs/trueType.ts'
import type { EmulatorPart, Inside } from './api.ts'

/** A cell in pixels of the device, and what a font has to know of the letters beside its own. */
interface Geometry {
  readonly width: number
  readonly height: number
  /** From the top of the row. */
  readonly baseline: number
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

const nameOf = ({ width, height, baseline, pixelsPerEm }: Geometry): string =>
  `nimbus-cells-${[width, height, baseline, pixelsPerEm].map((pixels) => Math.round(pixels * 64)).join('-')}`

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

function fontOf(name: string, { width, height, baseline, pixelsPerEm }: Geometry): Uint8Array<ArrayBuffer> {
  const cell = { width, height, stroke: Math.max(1, Math.round(pixelsPerEm / EM_OF_STROKE)) }
  const units = (pixels: number): number => Math.round((pixels * UNITS_PER_EM) / pixelsPerEm)
  return trueTypeFont({
    name,
    unitsPerEm: UNITS_PER_EM,
    ascent: units(baseline),
    descent: units(height - baseline),
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
  const baseline = row > 0 ? baselineOf(host, options, row) : null
  if (baseline === null || options.fontSize === undefined) return null
  const pixel = devicePixelRatio
  return {
    width: (Number.parseFloat(width) / cols) * pixel,
    height: row * pixel,
    baseline: baseline * pixel,
    pixelsPerEm: options.fontSize * pixel,
  }
}

/** Where letters stand in a row, in CSS pixels from its top; null where nothing is laid out. Built as xterm.js builds a row. */
function baselineOf(host: HTMLElement, { fontFamily, fontSize }: ITerminalOptions, row: number): number | null {
  const { ownerDocument: document } = host
  const line = document.createElement('div')
  Object.assign(line.style, {
    position: 'absolute',
    visibility: 'hidden',
    height: `${row}px`,
    lineHeight: `${row}px`,
    fontFamily,
    fontSize: `${fontSize}px`,
  })
  const letters = document.createElement('span')
  Object.assign(letters.style, { display: 'inline-block', height: '100%', verticalAlign: 'top' })
  const mark = document.createElement('span')
  Object.assign(mark.style, { display: 'inline-block', verticalAlign: 'baseline' })
  letters.append('W', mark)
  line.append(letters)
  host.append(line)
  const baseline = line.offsetHeight > 0 ? mark.offsetTop + mark.offsetHeight : null
  line.remove()
  return baseline
}
