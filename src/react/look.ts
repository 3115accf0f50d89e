/** Reads the look of a panel from its style sheet: fonts, colours and cell sizes as the browser computes them. */
import type { ITheme } from '@xterm/xterm'
import type { TerminalSize } from '../protocol/messages.ts'

export interface Look {
  readonly fontFamily: string
  /** CSS pixels. */
  readonly fontSize: number
  readonly rowHeight: number
  readonly contrastRatio: number
  readonly theme: ITheme | undefined
  readonly warn: string
  readonly error: string
}

const ANSI = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const
type AnsiName = (typeof ANSI)[number]

/** An element of the panel that is never seen: its computed style resolves the private properties. */
export function makeProbe(panel: HTMLElement): HTMLElement {
  const probe = panel.ownerDocument.createElement('i')
  probe.className = 'nt-probe'
  probe.setAttribute('aria-hidden', 'true')
  panel.append(probe)
  return probe
}

export function readLook(probe: HTMLElement, highContrast: boolean): Look {
  const style = getComputedStyle(probe)
  const hasStyles = hasStyleSheet(probe)
  const color = (name: string): string => {
    probe.style.setProperty('color', `var(--_${name})`)
    return getComputedStyle(probe).color
  }
  const look: Look = {
    fontFamily: hasStyles ? style.fontFamily : 'monospace',
    fontSize: whole(style.fontSize, 13),
    rowHeight: whole(style.lineHeight, 18),
    contrastRatio: highContrast ? 7 : 4.5,
    theme: hasStyles
      ? { ...themeOf(color, highContrast ? SLIDER.high : SLIDER.normal), ...selectionText(style, color) }
      : undefined,
    warn: hasStyles ? color('warn') : '#eebb5e',
    error: hasStyles ? color('error') : '#f7817c',
  }
  probe.style.removeProperty('color')
  return look
}

/** The style sheet of the panel reaches this element of it. */
export function hasStyleSheet(element: Element): boolean {
  return getComputedStyle(element).getPropertyValue('--_background') !== ''
}

/** Forced colours bring their own text for a selection. */
function selectionText(style: CSSStyleDeclaration, color: (name: string) => string): ITheme {
  return style.getPropertyValue('--_selection-text') === '' ? {} : { selectionForeground: color('selection-text') }
}

function whole(length: string, fallback: number): number {
  const pixels = Math.round(Number.parseFloat(length))
  return pixels > 0 ? pixels : fallback
}

/** Opacities of the scrollbar: at rest, under the pointer, held. With high contrast its edge has a contrast of 3 at least. */
const SLIDER = { normal: [0.22, 0.34, 0.42], high: [0.55, 0.75, 1] } as const

function themeOf(color: (name: string) => string, [rest, hover, active]: readonly [number, number, number]): ITheme {
  const foreground = color('foreground')
  const theme: ITheme = {
    foreground,
    background: color('background'),
    cursor: color('cursor'),
    cursorAccent: color('cursor-accent'),
    selectionBackground: color('selection'),
    selectionInactiveBackground: color('selection-inactive'),
    scrollbarSliderBackground: faded(foreground, rest),
    scrollbarSliderHoverBackground: faded(foreground, hover),
    scrollbarSliderActiveBackground: faded(foreground, active),
    overviewRulerBorder: 'rgba(0, 0, 0, 0)',
  }
  for (const name of ANSI) {
    theme[name] = color(`ansi-${name}`)
    theme[brightKey(name)] = color(`ansi-bright-${name}`)
  }
  return theme
}

type BrightKey = `bright${Capitalize<AnsiName>}`
// The template type cannot be computed from a value; the tables of both names are the same eight words.
const brightKey = (name: AnsiName): BrightKey => `bright${name.charAt(0).toUpperCase()}${name.slice(1)}` as BrightKey

/** The colour with an opacity, if it is plain `rgb(…)`; xterm.js has a default for the rest. */
function faded(rgb: string, opacity: number): string | undefined {
  const match = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(rgb)
  return match === null ? undefined : `rgba(${match[1]}, ${match[2]}, ${match[3]}, ${opacity})`
}

/** The theme without a cursor: the cell under it looks like any other. */
export function withoutCursor(theme: ITheme | undefined): ITheme | undefined {
  return theme && { ...theme, cursor: theme.background, cursorAccent: theme.foreground }
}

export interface Cell {
  readonly width: number
  readonly height: number
}

/** The size of a cell in CSS pixels, as the emulator has it; null where nothing can be measured. */
export function measureCell(probe: HTMLElement, look: Look): Cell | null {
  const letter = measureLetter(probe, look)
  return letter && { ...letter, width: cutWidth(letter.width, devicePixelRatio) }
}

/** The size of a character in CSS pixels, measured as xterm.js does it. */
function measureLetter(probe: HTMLElement, look: Look): Cell | null {
  if (typeof OffscreenCanvas === 'function') {
    const context = new OffscreenCanvas(1, 1).getContext('2d')
    if (context !== null) {
      context.font = `${look.fontSize}px ${look.fontFamily}`
      const metrics = context.measureText('W')
      const height = metrics.fontBoundingBoxAscent + metrics.fontBoundingBoxDescent
      if (metrics.width > 0 && height > 0) return { width: metrics.width, height }
    }
  }
  probe.style.setProperty('transition', 'none')
  probe.style.setProperty('line-height', 'normal')
  probe.textContent = 'W'.repeat(32)
  const { width, height } = probe.getBoundingClientRect()
  probe.textContent = ''
  probe.style.removeProperty('line-height')
  probe.style.removeProperty('transition')
  return width > 0 && height > 0 ? { width: width / 32, height } : null
}

/** Browsers know font sizes in steps of this many CSS pixels. */
const FONT_STEP = 1 / 64
/** What cells may be wider than whole device pixels: a font step at most. */
const SLACK = 0.05
/** Firefox draws text in canvases in steps of 1/8 CSS pixel, between which letters grow by up to this many CSS pixels. */
const COARSE_STEPS = 16
const COARSE_SLACK = 0.1

/** The width of cells whose letters are so wide: what only a coarse step of the font leaves over is cut off, with every renderer. In CSS pixels. */
export function cutWidth(width: number, pixelRatio: number): number {
  const pixels = Math.floor(width * pixelRatio)
  const over = width * pixelRatio - pixels
  return pixels > 0 && over >= SLACK && over < COARSE_SLACK * pixelRatio ? pixels / pixelRatio : width
}

/**
 * The look with the nearest font size whose cells are whole device pixels. Only those are equally wide with every renderer:
 * WebGL cuts the rest of a pixel off. Unchanged where no such size is found.
 */
export function wholeCells(probe: HTMLElement, look: Look, pixelRatio: number): Look {
  const widthAt = (fontSize: number): number => (measureLetter(probe, { ...look, fontSize })?.width ?? 0) * pixelRatio
  const width = widthAt(look.fontSize)
  if (width === 0) return look
  const pixels = Math.max(1, Math.round(width))
  const nearest = Math.floor((look.fontSize * pixels) / width / FONT_STEP) * FONT_STEP
  for (const fontSize of [look.fontSize, nearest, nearest + FONT_STEP, nearest + 2 * FONT_STEP]) {
    const over = widthAt(fontSize) - pixels
    if (over >= 0 && over < SLACK) return { ...look, fontSize }
  }
  for (let step = 1; step <= COARSE_STEPS; step++) {
    const fontSize = nearest + step * FONT_STEP
    const over = widthAt(fontSize) - pixels
    if (over >= 0) return over < COARSE_SLACK * pixelRatio ? { ...look, fontSize } : look
  }
  return look
}

/** The factor that gives rows their height in whole pixels; xterm.js rounds down on the device's pixels. */
export function lineHeightFor(look: Look, cell: Cell | null, pixelRatio: number): number {
  if (cell === null) return 1
  return Math.max(1, (look.rowHeight * pixelRatio + 0.25) / Math.ceil(cell.height * pixelRatio))
}

/** The room of the scrollbar in CSS pixels: the ruler of the view. */
export const RULER_WIDTH = 12

/** What is cut off to less than this in one direction, in CSS pixels, is folded away: nobody can read it. */
const FOLDED = 40

/** Whether some element around `box` shows nothing of it that could be read, as a collapsed pane does. A panel has a least size and cannot tell by its own. */
export function isFoldedAway(box: HTMLElement): boolean {
  const { body } = box.ownerDocument
  let { position } = getComputedStyle(box)
  for (let around = parentOf(box); around !== null && around !== body && position !== 'fixed'; around = parentOf(around)) {
    const style = getComputedStyle(around)
    // What is placed by something further out is not cut off by what lies between.
    if (position === 'absolute' && style.position === 'static') continue
    if (around.clientWidth < FOLDED && style.overflowX !== 'visible') return true
    if (around.clientHeight < FOLDED && style.overflowY !== 'visible') return true
    position = style.position
  }
  return false
}

function parentOf(element: Element): Element | null {
  const root = element.parentElement === null ? element.getRootNode() : null
  return root instanceof ShadowRoot ? root.host : element.parentElement
}

/** The grid that will fit into `box`, before the emulator is there to say it; null for a box that is hidden. */
export function estimateSize(box: HTMLElement, cell: Cell | null, look: Look): TerminalSize | null {
  if (cell === null || isFoldedAway(box)) return null
  const cols = Math.floor((box.clientWidth - RULER_WIDTH) / cell.width)
  const rows = Math.floor(box.clientHeight / Math.max(look.rowHeight, Math.ceil(cell.height)))
  return cols >= 2 && rows >= 1 ? { cols: Math.min(cols, 1000), rows: Math.min(rows, 1000) } : null
}
