/** Bounds what a program asks to be done over and over in one sequence: xterm.js does it two thousand million times if told so, and the page stands still for hours. */
import type { Terminal } from '@xterm/xterm'
import type { EmulatorPart, Inside } from './api.ts'

type Size = Pick<Terminal, 'cols' | 'rows'>

/** After so many times nothing changes on the screen any more. */
const MOST: Readonly<Record<string, (size: Size) => number>> = {
  I: ({ cols }) => cols, // tabs forward
  Z: ({ cols }) => cols, // tabs back
  L: ({ rows }) => rows, // lines in
  M: ({ rows }) => rows, // lines out
  S: ({ rows }) => rows, // scrolling up
  T: ({ rows }) => rows, // scrolling down
  b: ({ cols, rows }) => cols * rows, // the character before it, again
}

/** The parameters of a sequence as all of its handlers share them. */
interface Params {
  readonly params: Int32Array
}

/** What xterm.js 6.0.0 has inside; not public. */
interface Core {
  readonly _core?: {
    readonly _inputHandler?: {
      readonly _parser?: {
        registerCsiHandler?(id: { readonly final: string }, handler: (params: Params) => boolean): unknown
      }
    }
  }
}

/** The count is lowered before the emulator's own handler reads it. With another version of xterm.js, which looks different inside, nothing is bounded. */
export function repeatsPart({ terminal }: Pick<Inside, 'terminal'>): EmulatorPart {
  const parser = core(terminal)._core?._inputHandler?._parser
  for (const [final, most] of Object.entries(MOST))
    parser?.registerCsiHandler?.({ final }, ({ params }) => {
      params[0] = Math.min(params[0] ?? 0, most(terminal))
      return false
    })
  return {}
}

const core = (terminal: object): Core => terminal
