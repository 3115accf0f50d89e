/** Bounds the characters of one cell: a browser lays out thousands of accents on a letter in minutes, and a program can print them in a moment. */
import type { EmulatorPart, Inside } from './api.ts'

/** Characters that join the first one of a cell. People's own scripts and emoji need a dozen at most. */
export const MOST_JOINED = 16

/** Where xterm.js 6.0.0 asks what a character is; not public. The value holds a state above 3 bits, a width in 2, and whether it joins. */
interface Core {
  readonly _core?: { readonly unicodeService?: { charProperties?(codepoint: number, preceding: number): number } }
}

const JOINS = 1
/** One cell wide, joins nothing, begins anew. */
const CELL_OF_ITS_OWN = 1 << 1

/** One character too many stands in the next cell. With another version of xterm.js, which looks different inside, nothing is bounded. */
export function combiningPart({ terminal }: Pick<Inside, 'terminal'>): EmulatorPart {
  const service = core(terminal)._core?.unicodeService
  const properties = service?.charProperties?.bind(service)
  if (service === undefined || properties === undefined) return {}
  let joined = 0
  service.charProperties = (codepoint, preceding) => {
    const value = properties(codepoint, preceding)
    joined = value & JOINS ? joined + 1 : 0
    if (joined <= MOST_JOINED) return value
    joined = 0
    return CELL_OF_ITS_OWN
  }
  return {}
}

const core = (terminal: object): Core => terminal
