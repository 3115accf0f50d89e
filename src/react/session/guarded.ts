/** The host's handlers as a terminal calls them: what one throws, or rejects with, stops nothing. */
import { uncaught } from '../uncaught.ts'
import type { PanelHandlers } from './handlers.ts'

type Handler = (...args: readonly unknown[]) => unknown

/**
 * Handlers are called while output is parsed, where an exception would end all parsing. `onError` hears of it; where there is none,
 * or where it is `onError` that throws, the browser reports it as it does for any listener.
 */
export function guarded(handlers: PanelHandlers): PanelHandlers {
  const told = (name: string) => (cause: unknown) => {
    const onError = name === 'onError' ? undefined : all.onError
    if (onError) onError(new Error(`The handler ${name} has thrown.`, { cause }))
    else uncaught(cause)
  }
  const entries = Object.entries(handlers).map(([name, value]) => [
    name,
    isHandler(name, value) ? guard(value, told(name)) : value,
  ])
  // Each handler has become one that is called in the same way.
  const all = Object.fromEntries(entries) as PanelHandlers
  return all
}

const isHandler = (name: string, value: unknown): value is Handler => /^on[A-Z]/.test(name) && typeof value === 'function'

function guard(handler: Handler, failed: (cause: unknown) => void): Handler {
  return (...args) => {
    try {
      const answer = handler(...args)
      return answer instanceof Promise ? answer.catch((cause: unknown) => void failed(cause)) : answer
    } catch (cause) {
      return void failed(cause)
    }
  }
}
