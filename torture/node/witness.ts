/** Stands between a server and its programs and hashes what really went in and came out. */
import { createHash } from 'node:crypto'
import type { Backend, OpenRequest, Program, ProgramEvents, ProgramExit } from '../../src/server/ports.ts'

/** SHA-256 of the bytes so far, and how many they are. */
export interface Sum {
  readonly sha256: string
  readonly bytes: number
}

/** Adds bytes to a sum. */
export class Summing {
  readonly #hash = createHash('sha256')
  #bytes = 0

  add(bytes: Uint8Array): void {
    this.#hash.update(bytes)
    this.#bytes += bytes.length
  }

  get bytes(): number {
    return this.#bytes
  }

  sum(): Sum {
    return { sha256: this.#hash.copy().digest('hex'), bytes: this.#bytes }
  }
}

export function sumOf(bytes: Uint8Array): Sum {
  const summing = new Summing()
  summing.add(bytes)
  return summing.sum()
}

/** One program as its backend saw it. */
export interface Seen {
  readonly allocation: string
  /** What the program printed. */
  readonly output: Summing
  /** What it was given to read. */
  readonly input: Summing
  exit: ProgramExit | null
}

export interface WitnessedBackend extends Backend {
  readonly seen: readonly Seen[]
}

export function witnessed(backend: Backend): WitnessedBackend {
  const seen: Seen[] = []
  return {
    ...(backend.pausable === undefined ? {} : { pausable: backend.pausable }),
    seen,
    open(request: OpenRequest, events: ProgramEvents): Program {
      const one: Seen = { allocation: request.allocation, output: new Summing(), input: new Summing(), exit: null }
      seen.push(one)
      return overhear(backend.open(request, listen(one, events)), one)
    },
  }
}

function listen(one: Seen, events: ProgramEvents): ProgramEvents {
  return {
    opened: () => events.opened(),
    failed: (reason, message) => events.failed(reason, message),
    took: (bytes) => events.took(bytes),
    output(stream, bytes) {
      one.output.add(bytes)
      events.output(stream, bytes)
    },
    exited(exit) {
      one.exit = exit
      events.exited(exit)
    },
  }
}

function overhear(program: Program, one: Seen): Program {
  return {
    write(bytes) {
      one.input.add(bytes)
      program.write(bytes)
    },
    resize: (size) => program.resize(size),
    signal: (signal) => program.signal(signal),
    pause: () => program.pause(),
    resume: () => program.resume(),
    end: () => program.end(),
    kill: () => program.kill(),
  }
}
