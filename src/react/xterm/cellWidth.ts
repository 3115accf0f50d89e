/** Gives every renderer of xterm.js cells of the same width: the DOM's would have the rest of a pixel that WebGL cuts off. */
import { cutWidth } from '../look.ts'

interface Size {
  readonly width: number
  readonly height: number
}

/** Where xterm.js 6.0.0 measures a letter; not public. With another version, which looks different inside, cells are as wide as letters. */
interface Inside {
  readonly _core?: {
    readonly _charSizeService?: { readonly _measureStrategy?: { measure?(): Size }; measure?(): void }
  }
}

/** Call it when the terminal is open. */
export function cutCells(terminal: object): void {
  const inside: Inside = terminal
  const sizes = inside._core?._charSizeService
  const strategy = sizes?._measureStrategy
  const measure = strategy?.measure?.bind(strategy)
  if (strategy === undefined || measure === undefined) return
  strategy.measure = () => {
    const { width, height } = measure()
    return { width: cutWidth(width, devicePixelRatio), height }
  }
  sizes?.measure?.()
}
