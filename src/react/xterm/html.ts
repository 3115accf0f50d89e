/** Reads the buffer with its colours and writes it as a page. Loaded when somebody saves. */
import type { IBufferCell, IBufferLine, ITheme } from '@xterm/xterm'
import { htmlPage, type Run } from '../save/html.ts'
import type { EmulatorPart, Inside } from './api.ts'

export interface HtmlPart extends EmulatorPart {
  /** The screen with its scrollback; lines that the terminal wrapped are whole. */
  html(title: string): string
}

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const
const BRIGHT = [
  'brightBlack',
  'brightRed',
  'brightGreen',
  'brightYellow',
  'brightBlue',
  'brightMagenta',
  'brightCyan',
  'brightWhite',
] as const
/** The palette of xterm.js, where the panel has no style sheet. */
const PLAIN: ITheme = { foreground: '#dde0e5', background: '#15171c' }

export function htmlPart({ terminal, look }: Inside): HtmlPart {
  return {
    html(title) {
      const { theme = PLAIN, fontFamily } = look()
      const { foreground = '#dde0e5', background = '#15171c' } = theme
      return htmlPage({ title, color: foreground, background, fontFamily, lines: lines(theme) })
    },
  }

  function* lines(theme: ITheme): Generator<readonly Run[]> {
    const { active } = terminal.buffer
    let last = active.length - 1
    while (last >= 0 && active.getLine(last)?.translateToString(true) === '') last--
    let line: Run[] = []
    for (let row = 0; row <= last; row++) {
      const cells = active.getLine(row)
      if (cells === undefined) continue
      if (row > 0 && !cells.isWrapped) {
        yield line
        line = []
      }
      line.push(...runs(cells, theme, active.getLine(row + 1)?.isWrapped === true))
    }
    if (last >= 0) yield line
  }
}

/** `goesOn`: blanks at the end belong to a line that is wrapped there. */
function runs(line: IBufferLine, theme: ITheme, goesOn: boolean): Run[] {
  const found: { key: string; run: Run }[] = []
  let blank = ''
  let cell: IBufferCell | undefined
  for (let x = 0; x < line.length; x++) {
    cell = line.getCell(x, cell)
    if (cell === undefined || cell.getWidth() === 0) continue
    const look = lookOf(cell, theme)
    // What the program hid stays hidden: a saved file must not show what the screen did not.
    const text = cell.isInvisible() || cell.getChars() === '' ? ' ' : cell.getChars()
    const key = JSON.stringify(look)
    // Blanks without a look are written only where something follows.
    if (text === ' ' && key === '{}') {
      blank += ' '
      continue
    }
    if (blank !== '') add('{}', {}, blank)
    blank = ''
    add(key, look, text)
  }
  // A wide character that did not fit left the last cell empty: that is no blank.
  if (goesOn && line.getCell(line.length - 1)?.getChars() === '') blank = blank.slice(0, -1)
  if (goesOn && blank !== '') add('{}', {}, blank)
  return found.map(({ run }) => run)

  function add(key: string, look: Omit<Run, 'text'>, text: string): void {
    const before = found.at(-1)
    if (before?.key === key) before.run = { ...before.run, text: before.run.text + text }
    else found.push({ key, run: { ...look, text } })
  }
}

function lookOf(cell: IBufferCell, theme: ITheme): Omit<Run, 'text'> {
  const bold = cell.isBold() !== 0
  let color = colorOf(
    cell.isFgRGB(),
    cell.isFgPalette(),
    bold && cell.getFgColor() < 8 ? cell.getFgColor() + 8 : cell.getFgColor(),
    cell.getFgColor(),
    theme,
  )
  let background = colorOf(cell.isBgRGB(), cell.isBgPalette(), cell.getBgColor(), cell.getBgColor(), theme)
  if (cell.isInverse() !== 0) [color, background] = [background ?? theme.background, color ?? theme.foreground]
  const lines = (
    [cell.isUnderline() && 'underline', cell.isOverline() && 'overline', cell.isStrikethrough() && 'line-through'] as const
  ).filter((name) => typeof name === 'string')
  return {
    ...(color !== undefined && { color }),
    ...(background !== undefined && { background }),
    ...(bold && { bold }),
    ...(cell.isDim() !== 0 && { dim: true }),
    ...(cell.isItalic() !== 0 && { italic: true }),
    ...(lines.length > 0 && { lines }),
  }
}

function colorOf(isRgb: boolean, isPalette: boolean, index: number, rgb: number, theme: ITheme): string | undefined {
  if (isRgb) return `#${rgb.toString(16).padStart(6, '0')}`
  return isPalette ? paletteColor(index, theme) : undefined
}

/** 16 named colours of the theme, a cube of 216, and 24 greys. */
function paletteColor(index: number, theme: ITheme): string | undefined {
  const [name, bright] = [NAMES[index], BRIGHT[index - 8]]
  if (name !== undefined) return theme[name]
  if (bright !== undefined) return theme[bright]
  if (index >= 232) return hex([0, 0, 0].map(() => 8 + (index - 232) * 10))
  const cube = index - 16
  return hex([Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((step) => (step === 0 ? 0 : 55 + step * 40)))
}

const hex = (parts: readonly number[]): string => `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`
