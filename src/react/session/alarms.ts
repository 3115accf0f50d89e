/** Timers by name: a new one replaces the old one of its name, and all end at once. */

export class Alarms {
  #timers = new Map<string, ReturnType<typeof setTimeout>>()

  set(name: string, ms: number, run: () => void): void {
    this.stop(name)
    this.#timers.set(
      name,
      setTimeout(() => {
        this.#timers.delete(name)
        run()
      }, ms),
    )
  }

  stop(name: string): void {
    clearTimeout(this.#timers.get(name))
    this.#timers.delete(name)
  }

  stopAll(): void {
    for (const name of [...this.#timers.keys()]) this.stop(name)
  }
}
