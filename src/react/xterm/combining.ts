/** Bounds the characters of one cell: a browser lays out thousands of accents on a letter in minutes, and a program can print them in a moment. */
import type { EmulatorPart, Inside } from './api.ts'

/** Characters that join the first one of a cell. People's own scripts and emoji need a dozen at most. */
export const MOST_JOINED = 16

/** What a character is: a state above 3 bits, a width in 2, and whether it joins the one before it, whose value is `preceding`. */
type CharProperties = (codepoint: number, preceding: number) => number

/** Where xterm.js 6.0.0 asks for it; not public. */
interface UnicodeService {
  charProperties?: CharProperties
  readonly _activeProvider?: { readonly charProperties?: CharProperties }
}

interface Bounded {
  readonly _activeProvider: { readonly charProperties: CharProperties }
}

interface Core {
  readonly _core?: { readonly unicodeService?: UnicodeService }
}

const JOINS = 1
/** One cell wide, joins nothing, begins anew. */
const CELL_OF_ITS_OWN = 1 << 1

/** How many have joined the cell that was written last, where any has. */
const joined = new WeakMap<Bounded, number>()

/** One character too many stands in the next cell. With another version of xterm.js, which looks different inside, nothing is bounded. */
export function combiningPart({ terminal }: Pick<Inside, 'terminal'>): EmulatorPart {
  const service = core(terminal)._core?.unicodeService
  if (service?.charProperties === undefined || service._activeProvider?.charProperties === undefined) return {}
  service.charProperties = boundedProperties as CharProperties // it is called on the service alone, which was looked at
  return {}
}

/**
 * Asked for each character that is printed. One function for all terminals, and no call between it and the provider: the
 * browser's compiler puts both into the loop, where a function for each terminal costs a third of the parser's pace.
 */
function boundedProperties(this: Bounded, codepoint: number, preceding: number): number {
  const value = this._activeProvider.charProperties(codepoint, preceding)
  return value & JOINS ? join(this, preceding, value) : value
}

function join(service: Bounded, preceding: number, value: number): number {
  const count = preceding & JOINS ? (joined.get(service) ?? 0) + 1 : 1
  joined.set(service, count)
  return count > MOST_JOINED ? CELL_OF_ITS_OWN : value
}

const core = (terminal: object): Core => terminal
