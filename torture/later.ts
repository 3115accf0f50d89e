/** A value that comes later without the microtask queue, so that virtual time alone decides what happens when. */
export class Later<T> implements PromiseLike<T> {
  #value: { readonly it: T } | null = null
  readonly #takers: ((value: T) => void)[] = []

  settle(it: T): void {
    if (this.#value !== null) return
    this.#value = { it }
    for (const take of this.#takers) take(it)
  }

  /** Only what the client needs of a promise: it calls back, and what the callback returns goes nowhere. */
  then<A, B>(take?: ((value: T) => A | PromiseLike<A>) | null): PromiseLike<A | B> {
    if (this.#value !== null) void take?.(this.#value.it)
    else this.#takers.push((value) => void take?.(value))
    return new Later<A | B>()
  }
}
