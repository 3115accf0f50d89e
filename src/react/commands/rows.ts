/** What the panel asks of the emulator about commands. Types alone. */
import type { EmulatorPart } from '../xterm/api.ts'
import type { Command, MarkKind } from './commands.ts'

export interface Cell {
  /** From the first row of the scrollback. */
  readonly row: number
  readonly column: number
}

/** Cells from `start` up to, and without, `end`. */
export interface CommandRange {
  readonly start: Cell
  readonly end: Cell
}

/** A mark that can be seen now. Rows count from the top of the view. */
export interface GutterMark {
  readonly command: Command
  readonly kind: MarkKind
  readonly row: number
  /** The rows of its output that can be seen, if any. */
  readonly span: { readonly row: number; readonly rows: number } | null
}

export interface CommandWatcher {
  /** Milliseconds; null while the bytes that are parsed are older than now. */
  now(): number | null
  /** Marks, or the rows that they stand on, may have changed. Called often. */
  changed(): void
  began(command: Command): void
  ended(command: Command): void
  /** The working directory, as the program wrote it. */
  folder(path: string): void
}

export interface CommandRows extends EmulatorPart {
  /** One watcher at a time. */
  watch(watcher: CommandWatcher): () => void
  commands(): readonly Command[]
  /** The marks in the view, from top to bottom; none while a full-screen program runs. */
  marks(): readonly GutterMark[]
  /** CSS pixels. */
  rowHeight(): number
  /** Where the output stands; null if there is none, or nothing of it is left. */
  range(id: number): CommandRange | null
  /** The output as text. */
  output(id: number): string
  select(id: number): void
  /** The cursor's line will be all that is left; what this returns is called when it is. */
  clears(): () => void
  /** Nobody will tell how the command ended that still runs. */
  over(): void
  /** Its prompt still stands somewhere. */
  marked(id: number): boolean
  /** Scrolls until the prompt is in the view. */
  reveal(id: number): void
  toEnd(): void
}
