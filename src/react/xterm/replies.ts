/** Tells what an emulator answers by itself from what a person types: both leave xterm.js through `onData`. */

interface Disposable {
  dispose(): void
}

interface FunctionId {
  readonly prefix?: string
  readonly intermediates?: string
  readonly final: string
}

type Params = readonly (number | readonly number[])[]

/** The parser of xterm.js and of @xterm/headless, as far as it is needed. */
export interface Parser {
  registerCsiHandler(id: FunctionId, callback: (params: (number | number[])[]) => boolean): Disposable
  registerDcsHandler(id: FunctionId, callback: (data: string, params: (number | number[])[]) => boolean): Disposable
  registerOscHandler(ident: number, callback: (data: string) => boolean): Disposable
}

/** Every control sequence that xterm.js 6.0.0 and its addon for images answer, by the places in their sources where data leaves without a key. */
const CSI_QUERIES: readonly FunctionId[] = [
  { final: 'c' }, // DA1
  { prefix: '>', final: 'c' }, // DA2
  { prefix: '=', final: 'c' }, // DA3
  { final: 'n' }, // DSR, CPR
  { prefix: '?', final: 'n' }, // DECXCPR
  { intermediates: '$', final: 'p' }, // DECRQM
  { prefix: '?', intermediates: '$', final: 'p' },
  { final: 't' }, // window reports
  { prefix: '>', final: 'q' }, // XTVERSION
  { prefix: '?', final: 'S' }, // XTSMGRAPHICS
]
/** Palette, foreground, background, cursor. */
const OSC_QUERIES: readonly number[] = [4, 10, 11, 12]
/** DECSET 1004: the emulator reports its focus at once. */
const FOCUS_MODE = 1004

export interface ReplyWatch extends Disposable {
  /** Data that leaves the emulator now is an answer to the program. */
  replying(): boolean
  /** The bytes that may have held a query are parsed. */
  settled(): void
  /** Sees queries before addons that have come since: the youngest handler is asked first, and one that answers ends the asking. */
  ahead(): void
}

/**
 * Marks the time between a query and the end of the call in which it is parsed. Keys come in calls of their own, so data
 * inside the mark is an answer. The handlers see the query first and leave it to the emulator.
 */
export function watchReplies(parser: Parser, defer: (task: () => void) => void = queueMicrotask): ReplyWatch {
  let replying = false
  const mark = (): false => {
    if (!replying) {
      replying = true
      defer(() => (replying = false))
    }
    return false
  }
  const register = (): readonly Disposable[] => [
    ...CSI_QUERIES.map((id) => parser.registerCsiHandler(id, mark)),
    ...OSC_QUERIES.map((ident) => parser.registerOscHandler(ident, mark)),
    parser.registerDcsHandler({ intermediates: '$', final: 'q' }, mark), // DECRQSS
    parser.registerCsiHandler({ prefix: '?', final: 'h' }, (params: Params) => (params.includes(FOCUS_MODE) ? mark() : false)),
  ]
  let registered = register()
  const dispose = (): void => registered.forEach((handler) => handler.dispose())
  return {
    replying: () => replying,
    settled: () => (replying = false),
    ahead() {
      dispose()
      registered = register()
    },
    dispose,
  }
}
