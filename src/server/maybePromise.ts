/** Goes on at once with a value that is there, and later with one that is not: so everything can run without a microtask. */
import type { MaybePromise } from './ports.ts'

/** `proceed` gets the value, `failed` whatever was thrown on the way to it. */
export function when<T>(start: () => MaybePromise<T>, proceed: (value: T) => void, failed: (error: unknown) => void): void {
  let value: MaybePromise<T>
  try {
    value = start()
  } catch (error) {
    return failed(error)
  }
  // A rejection that nobody hears would end the process, so here `failed` hears of what `proceed` throws, too.
  if (isPromise(value)) void value.then(proceed).catch(failed)
  else proceed(value)
}

/** The result of `proceed`, at once if the value is there. */
export function after<T, U>(value: MaybePromise<T>, proceed: (value: T) => MaybePromise<U>): MaybePromise<U> {
  return isPromise(value) ? value.then(proceed) : proceed(value)
}

/** Both values, at once if both are there. */
export function both<A, B>(first: MaybePromise<A>, second: MaybePromise<B>): MaybePromise<readonly [A, B]> {
  return isPromise(first) || isPromise(second) ? Promise.all([first, second]) : [first, second]
}

function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
