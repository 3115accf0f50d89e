/** What the page of the benchmarks can be asked for, as `globalThis.bench`. Times are milliseconds, sizes bytes. */
import type { Stats, Status } from '../../src/client/api.ts'

export interface BenchPage {
  phase(): Status['phase']
  stats(): Stats
  counts(): Counts
  /** Types into the terminal without a key event. */
  type(text: string): void
  /** Resolves when the next `byte` of output has been parsed by the emulator. */
  mark(byte: number): Promise<Mark>
  /** From now on each letter pressed in the terminal is timed until the emulator has parsed its echo. */
  watchEchoes(on: boolean): void
  /** The times since the last call, and how many letters still wait. */
  takeEchoes(): { readonly echoes: readonly Echo[]; readonly waiting: number }
  /** When the last key was pressed, on the clock of {@link Mark}. */
  lastKeyAt(): number
  /**
   * Times keys pressed in two text fields over a raw socket with frames of the same size. `plain` takes no text; `inserting`
   * does, as the emulator's own field does, and the browser draws a frame for it first.
   */
  openRaw(): Promise<void>
  takeRaw(): { readonly plain: readonly number[]; readonly inserting: readonly number[] }
  /** Draws a frame as often as the browser lets it, and measures the gaps. */
  frames(ms: number): Promise<{ readonly frames: number; readonly worstGapMs: number; readonly p99GapMs: number }>
  /** Checks that output is the lines of `seq 1 …` or of a flood of the echo program without a gap, from now on. */
  verify(what: 'seq' | 'flood' | null): void
  verified(): { readonly items: number; readonly faults: readonly string[] }
  /** How long the terminal was away, each time since the last call. */
  takeOutages(): readonly number[]
  /** The longest time between two pieces of output since the last call. */
  takeLongestQuiet(): number
}

export interface Counts {
  /** Data frames and payload bytes that came, flows that went, times that the panel rendered nothing but output. */
  readonly frames: number
  readonly bytes: number
  readonly flows: number
}

/** From the time stamp of a key event until its handler, its frame's way into the socket, its echo's arrival and its parsing. */
export interface Echo {
  readonly seen: number
  readonly sent: number
  readonly received: number
  readonly parsed: number
}

export interface Mark {
  readonly receivedAt: number
  readonly parsedAt: number
  readonly offset: number
}

export interface Parse {
  readonly bytes: number
  readonly ms: number
  readonly worstGapMs: number
}
