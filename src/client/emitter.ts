/** Typed events, each with as many listeners as want to hear it. */
export class Emitter<Events> {
  readonly #listeners = new Map<keyof Events, Set<(value: never) => void>>()

  /** The result stops listening. */
  on<K extends keyof Events>(event: K, listener: (value: Events[K]) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set()
    listeners.add(listener)
    this.#listeners.set(event, listeners)
    return () => listeners.delete(listener)
  }

  hears(event: keyof Events): boolean {
    return (this.#listeners.get(event)?.size ?? 0) > 0
  }

  /** A listener that throws stops this emission; the caller says what becomes of it. */
  emit<K extends keyof Events>(event: K, value: Events[K]): void {
    // The map is filled by `on` alone, which pairs each event with listeners of its own type.
    for (const listener of [...(this.#listeners.get(event) ?? [])] as ((value: Events[K]) => void)[]) listener(value)
  }
}
