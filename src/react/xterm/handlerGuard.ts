/** Keeps the parser going when an addon's handler fails: what it threw at is told once, and counts as not handled. */
import type { EmulatorPart, Inside } from './api.ts'

export interface HandlerGuard extends EmulatorPart {
  /** `told` hears the first failure of each handler that is registered from now on. */
  watch(told: (cause: unknown) => void): void
}

type Answer = boolean | Promise<boolean>

/** A handler that reads its sequence piece by piece, as addons register them on the parser inside. */
interface PieceHandler {
  /** Of an OSC. */
  start?(): void
  /** Of a DCS. */
  hook?(params: unknown): void
  put(data: Uint32Array, start: number, end: number): void
  end?(success: boolean): Answer
  unhook?(success: boolean): Answer
}

type Handler = ((...args: unknown[]) => Answer) | PieceHandler

/** Both the public parser of xterm.js and the one inside have these. */
type Register = 'registerCsiHandler' | 'registerDcsHandler' | 'registerEscHandler' | 'registerOscHandler'
type Registers = { [name in Register]?: (id: unknown, handler: Handler) => unknown }

/** What xterm.js 6.0.0 has inside; not public. Its public parser hands everything on to this one. */
interface Core {
  readonly _core?: { readonly _inputHandler?: { readonly _parser?: Registers } }
}

const REGISTERS: readonly Register[] = ['registerCsiHandler', 'registerDcsHandler', 'registerEscHandler', 'registerOscHandler']

/** An exception that leaves a handler leaves xterm.js in the middle of a write, and it parses nothing any more. */
export function handlerGuard({ terminal }: Inside): HandlerGuard {
  // Inside it is a field that no type tells of; with another version of xterm.js the public one is guarded alone.
  const parser = (terminal as unknown as Core)._core?._inputHandler?._parser ?? (terminal.parser as unknown as Registers)
  return {
    watch(told) {
      for (const name of REGISTERS) {
        const register = parser[name]?.bind(parser)
        if (register !== undefined) parser[name] = (id, handler) => register(id, guarded(handler, told))
      }
    },
  }
}

function guarded(handler: Handler, told: (cause: unknown) => void): Handler {
  const attempt = attempts(told)
  if (typeof handler === 'function') return (...args) => attempt(() => handler(...args))
  return guardedPieces(handler, attempt)
}

/** Runs something of a handler; false where it throws or rejects, of which the first time is told. */
function attempts(told: (cause: unknown) => void): (run: () => Answer) => Answer {
  let silent = false
  const failed = (cause: unknown): false => {
    if (!silent) told(cause)
    silent = true
    return false
  }
  return (run) => {
    try {
      const answer = run()
      return answer instanceof Promise ? answer.catch(failed) : answer
    } catch (cause) {
      return failed(cause)
    }
  }
}

/** After a failure it gets no more of that sequence, and is told that it was broken off. */
function guardedPieces(handler: PieceHandler, attempt: (run: () => Answer) => Answer): PieceHandler {
  let isBroken = false
  const step = (run: () => void): void => {
    if (!isBroken) isBroken = attempt(() => (run(), true)) === false
  }
  const begin = (run: () => void): void => {
    isBroken = false
    step(run)
  }
  const finish = (success: boolean, run: (success: boolean) => Answer): Answer => {
    if (!isBroken) return attempt(() => run(success))
    const left = attempt(() => run(false))
    return left instanceof Promise ? left.then(() => false) : false
  }
  return {
    start: () => begin(() => handler.start?.()),
    hook: (params) => begin(() => handler.hook?.(params)),
    put: (data, start, end) => step(() => handler.put(data, start, end)),
    end: (success) => finish(success, (success) => handler.end?.(success) ?? false),
    unhook: (success) => finish(success, (success) => handler.unhook?.(success) ?? false),
  }
}
