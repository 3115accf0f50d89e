/** A program that prints what a test wants and writes down everything that reaches it: keys, answers, sizes. */
import { STREAM, type TerminalSize } from '../../src/protocol/messages.ts'
import type { Backend, Program, ProgramEvents } from '../../src/server/ports.ts'
import { until } from '../../src/testing/page/until.ts'

export interface Puppet {
  /** Prints as fast as the connection takes it. */
  print(text: string): void
  /** Everything that reached the program, byte for byte as characters of that code. */
  heard(): string
  sizes(): readonly TerminalSize[]
}

export interface Puppets {
  readonly backend: Backend
  /** The program behind an allocation, once it runs. */
  of(allocation: string): Promise<Puppet>
}

const CHUNK = 32_768

export function puppets(): Puppets {
  const running = new Map<string, Puppet>()
  return {
    backend: {
      open({ allocation, size }, events) {
        const { program, puppet } = makePuppet(size, events)
        running.set(allocation, puppet)
        setImmediate(() => events.opened())
        return program
      },
    },
    async of(allocation) {
      const puppet = await until(
        'the program to run',
        () => running.get(allocation),
        (one) => one !== undefined,
      )
      if (puppet === undefined) throw new Error('It ran and was gone.')
      return puppet
    },
  }
}

function makePuppet(size: TerminalSize, events: ProgramEvents): { program: Program; puppet: Puppet } {
  const sizes = [size]
  const queue: Uint8Array<ArrayBuffer>[] = []
  let heard = ''
  let paused = false
  let ended = false
  let turning = false

  function turn(): void {
    turning = false
    const next = paused || ended ? undefined : queue.shift()
    if (next === undefined) return
    events.output(STREAM.main, next)
    go()
  }

  function go(): void {
    if (turning) return
    turning = true
    setImmediate(turn)
  }

  function end(): void {
    if (ended) return
    ended = true
    setImmediate(() => events.exited({ code: 0 }))
  }

  return {
    program: {
      write(bytes) {
        heard += String.fromCharCode(...bytes)
        setImmediate(() => !ended && events.took(bytes.length))
      },
      resize: (size) => void sizes.push(size),
      signal: () => undefined,
      pause: () => (paused = true),
      resume() {
        paused = false
        go()
      },
      end,
      kill: end,
    },
    puppet: {
      print(text) {
        const bytes = new TextEncoder().encode(text)
        for (let at = 0; at < bytes.length; at += CHUNK) queue.push(bytes.slice(at, at + CHUNK))
        go()
      },
      heard: () => heard,
      sizes: () => sizes,
    },
  }
}
