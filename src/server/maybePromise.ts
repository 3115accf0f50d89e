/** Goes on at once with a value that is there, and later with one that is not: so everything can run without a microtask. */
import type { MaybePromise } from './ports.ts'

/** `next` gets the value, `failed` whatever was thrown on the way to it (not what `next` throws). */
export function when<T>(start: () => MaybePromise<T>, next: (value: T) => void, failed: (error: unknown) => void): void {
  let value: MaybePromise<T>
  try {
    value = start()
  } catch (error) {
    return failed(error)
  }
  if (isPromise(value)) void value.then(next, failed)
  else next(value)
}

/** The result of `next`, at once if the value is there. */
export function after<T, U>(value: MaybePromise<T>, next: (value: T) => MaybePromise<U>): MaybePromise<U> {
  return isPromise(value) ? value.then(next) : next(value)
}

/** All values in order, at once if all are there. */
export function all<T>(values: readonly MaybePromise<T>[]): MaybePromise<readonly T[]> {
  const ready: T[] = []
  for (const value of values) {
    if (isPromise(value)) return Promise.all(values)
    ready.push(value)
  }
  return ready
}

export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
