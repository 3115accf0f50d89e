/** Finds the cell under the pointer on a page that draws the terminal larger or smaller, by a transform or by `zoom`: xterm.js takes pixels of the page for its own. */
import type { EmulatorPart, Inside } from './api.ts'

interface Point {
  readonly clientX: number
  readonly clientY: number
}

/** Where xterm.js 6.0.0 measures places of the pointer; not public. With another version, which looks different inside, places are pixels of the page. */
interface Core {
  readonly _core?: {
    readonly screenElement?: HTMLElement
    readonly _mouseService?: {
      getCoords?(point: Point, ...rest: readonly unknown[]): unknown
      getMouseReportCoords?(point: Point, ...rest: readonly unknown[]): unknown
    }
    readonly _selectionService?: { _getMouseEventScrollAmount?(point: Point, ...rest: readonly unknown[]): unknown }
  }
}

export function pointingPart({ terminal }: Pick<Inside, 'terminal'>): EmulatorPart {
  const { screenElement: screen, _mouseService: mouse, _selectionService: selection } = core(terminal)._core ?? {}
  if (screen === undefined) return {}
  const { getCoords, getMouseReportCoords } = mouse ?? {}
  const { _getMouseEventScrollAmount: scrollAmount } = selection ?? {}
  if (mouse && getCoords) mouse.getCoords = (point, ...rest) => getCoords.call(mouse, unscaled(screen, point), ...rest)
  if (mouse && getMouseReportCoords)
    mouse.getMouseReportCoords = (point, ...rest) => getMouseReportCoords.call(mouse, unscaled(screen, point), ...rest)
  if (selection && scrollAmount)
    selection._getMouseEventScrollAmount = (point, ...rest) => scrollAmount.call(selection, unscaled(screen, point), ...rest)
  return {}
}

const core = (terminal: object): Core => terminal

/** The place as it would be if the screen had its own size. */
function unscaled(screen: HTMLElement, point: Point): Point {
  const { left, top, width, height } = screen.getBoundingClientRect()
  const x = scale(width, screen.offsetWidth)
  const y = scale(height, screen.offsetHeight)
  if (x === 1 && y === 1) return point
  return { clientX: left + (point.clientX - left) / x, clientY: top + (point.clientY - top) / y }
}

/** Own sizes are whole pixels: less than one between them is no scale. */
function scale(drawn: number, own: number): number {
  return Math.abs(drawn - own) < 1 || drawn === 0 || own === 0 ? 1 : drawn / own
}
