/** The host's handlers as a terminal calls them: what one throws, or rejects with, stops nothing. */
import { uncaught } from '../uncaught.ts'
import type { PanelHandlers } from './handlers.ts'

type Handler = (...args: readonly unknown[]) => unknown

/**
 * Handlers are called while output is parsed, where an exception would end all parsing. `onError` hears of it; where there is none,
 * or where it is `onError` that throws, the browser reports it as it does for any listener.
 */
export function guarded(handlers: PanelHandlers): PanelHandlers {
  const all: Readonly<Record<string, unknown>> = { ...handlers }
  const onError = isHandler('onError', all['onError']) ? guard(all['onError'], uncaught) : undefined

  function guardOf(name: string, handler: Handler): Handler {
    return guard(handler, (cause) =>
      onError === undefined ? uncaught(cause) : onError(new Error(`The handler ${name} has thrown.`, { cause })),
    )
  }

  const entries = Object.entries(all).map(([name, value]) => {
    if (name === 'onError') return [name, onError]
    return [name, isHandler(name, value) ? guardOf(name, value) : value]
  })
  // Each handler has become one that is called in the same way.
  return Object.fromEntries(entries) as PanelHandlers
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
