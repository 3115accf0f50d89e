/** Bounds what a program asks to be done over and over in one sequence: xterm.js does it two thousand million times if told so, and the page stands still for hours. */
import type { EmulatorPart, Inside } from './api.ts'

/** Tabs forward and back, lines in and out, scrolling up and down, and the character before it, again. */
const REPEATED = 'IZLMSTb'

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
  for (const final of REPEATED)
    parser?.registerCsiHandler?.({ final }, ({ params }) => {
      const { cols, rows } = terminal
      // After so many times nothing changes on the screen any more.
      const most = final === 'b' ? cols * rows : Math.max(cols, rows)
      params[0] = Math.min(params[0] ?? 0, most)
      return false
    })
  return {}
}

const core = (terminal: object): Core => terminal
