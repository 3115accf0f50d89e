/** A program whose output and input can be checked byte by byte: it prints a known pattern, asks, and remembers what it read. */
import type { Backend, OpenRequest, Program, ProgramEvents } from '../src/server/ports.ts'
import type { SeededRandom } from '../src/testing/seededRandom.ts'
import type { VirtualClock } from '../src/testing/virtualClock.ts'

/** The byte that every program prints at an offset. */
export function patternByte(offset: number): number {
  return (offset * 31 + (offset >>> 8) * 7 + (offset >>> 16)) & 0xff
}

/** What a program read: whole records in order, and the pieces of records that were torn. */
export interface Reading {
  readonly records: readonly string[]
  readonly torn: readonly string[]
}

export interface ScriptedProgram {
  readonly request: OpenRequest
  /** Offsets of output bytes at which the program asked the terminal something. */
  readonly queries: ReadonlySet<number>
  readonly produced: () => number
  /** Bytes that it was told to print and could not yet. */
  readonly remaining: () => number
  readonly isOver: () => boolean
  readonly size: () => string
  /** Prints so many bytes as soon as it may. */
  print(bytes: number): void
  /** Asks with the next byte that it prints. */
  ask(): void
  /** Ends after all that it was told to print. */
  exit(code: number): void
  reading(): Reading
}

export interface ScriptedBackend extends Backend {
  readonly programs: readonly ScriptedProgram[]
}

export interface ScriptedBackendOptions {
  readonly clock: VirtualClock
  readonly random: SeededRandom
  /** Bytes of input that the program takes at a time, after a delay of up to this many milliseconds. 0: at once. */
  readonly takesWithinMs: number
  /** Called with every new program. */
  readonly onStart?: (program: ScriptedProgram) => void
}

export function scriptedBackend(options: ScriptedBackendOptions): ScriptedBackend {
  const programs: ScriptedProgram[] = []
  return {
    programs,
    open(request, events) {
      const { program, face } = startProgram(request, events, options)
      programs.push(face)
      options.onStart?.(face)
      return program
    },
  }
}

/** Largest piece that the program prints at once, like a read of a PTY. */
const PIECE = 4096

function startProgram(
  request: OpenRequest,
  events: ProgramEvents,
  { clock, random, takesWithinMs }: ScriptedBackendOptions,
): { readonly program: Program; readonly face: ScriptedProgram } {
  const queries = new Set<number>()
  const read: number[] = []
  let produced = 0
  let wanted = 0
  let paused = false
  let over = false
  let exitCode: number | null = null
  let printing = false
  let takesAt = 0
  let { size } = request

  function print(): void {
    if (printing || over) return
    printing = true
    while (!paused && !over && wanted > 0) {
      const bytes = new Uint8Array(Math.min(PIECE, wanted))
      for (let i = 0; i < bytes.length; i++) bytes[i] = patternByte(produced + i)
      produced += bytes.length
      wanted -= bytes.length
      events.output(1, bytes)
    }
    printing = false
    if (!over && wanted === 0 && exitCode !== null) finish({ code: exitCode })
  }

  function finish(exit: { readonly code?: number; readonly sig?: string }): void {
    if (over) return
    over = true
    events.exited(exit)
  }

  function take(bytes: Uint8Array<ArrayBuffer>): void {
    read.push(...bytes)
    events.took(bytes.length)
  }

  clock.soon(() => {
    if (!over) events.opened()
  })

  return {
    program: {
      write(bytes) {
        if (over) return
        if (takesWithinMs === 0) return take(bytes)
        // In order: what was written later is not read sooner.
        takesAt = Math.max(takesAt, clock.now() + random.int(0, takesWithinMs))
        clock.after(takesAt - clock.now(), () => {
          if (!over) take(bytes)
        })
      },
      resize: (next) => void (size = next),
      signal: (sig) => finish({ sig }),
      pause: () => void (paused = true),
      resume() {
        paused = false
        clock.soon(print)
      },
      end: () => void clock.soon(() => finish({ sig: 'HUP' })),
      kill: () => finish({ sig: 'KILL' }),
    },
    face: {
      request,
      queries,
      produced: () => produced,
      remaining: () => (over ? 0 : wanted),
      isOver: () => over,
      size: () => `${size.cols}x${size.rows}`,
      print(bytes) {
        wanted += bytes
        print()
      },
      ask() {
        queries.add(produced + wanted)
        wanted += 1
        print()
      },
      exit(code) {
        exitCode = code
        print()
      },
      reading: () => parseRecords(String.fromCharCode(...read)),
    },
  }
}

/** A record of input: a letter, then lower-case letters and digits, then a dot. A piece without its head or its dot is torn. */
const RECORD = /[KR][a-z0-9]*\./g

export function parseRecords(text: string): Reading {
  const records: string[] = []
  const torn: string[] = []
  let at = 0
  for (const match of text.matchAll(RECORD)) {
    if (match.index > at) torn.push(text.slice(at, match.index))
    records.push(match[0])
    at = match.index + match[0].length
  }
  if (at < text.length) torn.push(text.slice(at))
  return { records, torn }
}
