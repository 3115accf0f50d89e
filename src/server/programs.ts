/** The programs that run, and the end of those that are nobody's any more. */
import type { Backend, Clock, OpenRequest, Program, ProgramEvents } from './ports.ts'

export interface ProgramHouse {
  open(backend: Backend, request: OpenRequest, events: ProgramEvents): Program
  /** Ends a program: HUP by its `end`, KILL when it is still there after a while. */
  bury(program: Program): void
  size(): number
  /** Resolves when no program runs any more. */
  empty(): Promise<void>
}

export function createProgramHouse(clock: Clock, killAfterMs: number): ProgramHouse {
  /** Running programs, with the timer of those that are being ended. */
  const running = new Map<Program, (() => void) | null>()
  let waiting: (() => void)[] = []

  function gone(program: Program): void {
    running.get(program)?.()
    running.delete(program)
    if (running.size > 0) return
    const awake = waiting
    waiting = []
    for (const wake of awake) wake()
  }

  return {
    open(backend, request, events) {
      let over = false
      let program: Program | null = null
      const end = (): void => {
        over = true
        if (program !== null) gone(program)
      }
      program = backend.open(request, {
        ...events,
        failed(reason, message) {
          end()
          events.failed(reason, message)
        },
        exited(exit) {
          end()
          events.exited(exit)
        },
      })
      // A program may be over before it was returned.
      if (!over) running.set(program, null)
      return program
    },
    bury(program) {
      if (running.get(program) !== null) return
      running.set(
        program,
        clock.after(killAfterMs, () => program.kill()),
      )
      program.end()
    },
    size: () => running.size,
    empty: () => (running.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  }
}
