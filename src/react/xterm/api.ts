/** What the panel knows of its emulator: verbs, events, and the seam where a feature adds a part of its own. Types alone. */
import type { ITerminalAddon, Terminal } from '@xterm/xterm'
import type { TerminalSize } from '../../protocol/messages.ts'
import type { AddonOptions } from '../addons/addons.ts'
import type { Screen } from '../feed.ts'
import type { Look } from '../look.ts'
import type { Early } from './early.ts'
import type * as library from './library.ts'
import type { ReadOsc } from './readers.ts'

/** What the emulator tells. None of these is called after `dispose`. */
export interface EmulatorEvents {
  /** A key, or text from an input method. */
  typed(text: string): void
  /** A mouse or focus report that the program asked for; worth nothing later. */
  report(data: string | Uint8Array<ArrayBuffer>): void
  /** An answer to a query in the bytes that are parsed now. */
  reply(text: string): void
  pasted(text: string): void
  title(text: string): void
  folder(text: string): void
  bell(): void
  focus(on: boolean): void
  /** The box, the font or the pixels of the device changed; the grid may no longer fit. */
  fitWanted(): void
  /** A gap mark is on the screen. */
  gapVisible(): void
  /** The program says something that is for features which are loaded late. Its bytes wait until this resolves, which it does even where they cannot come. */
  wanted(): Promise<void>
  /** A key event of the grid, before the program gets it; true if the panel took it. */
  key(event: KeyboardEvent): boolean
  /** Something that the terminal can do without. */
  failed(error: Error): void
}

/** The part of xterm.js that an emulator is made of. */
export type Library = typeof library

export interface EmulatorOptions extends AddonOptions {
  /** The panel, whose style sheet is read. */
  readonly panel: HTMLElement
  /** The element that the grid fills. */
  readonly host: HTMLElement
  readonly highContrast: () => boolean
  readonly scrollback: number
  readonly label: string
  readonly describedBy: string
}

export interface HeldMark {
  readonly text: string
  readonly kind: 'held' | 'unsent'
}

/** What the part of a feature is made from. */
export interface Inside {
  readonly terminal: Terminal
  /** The element that the grid fills. */
  readonly host: HTMLElement
  /** Fonts and colours as they are now. */
  readonly look: () => Look
  /** Characters that this font has are drawn by it, whatever the fonts of the panel are. */
  readonly leadFont: (family: string) => void
  /** Ends with the emulator: for listeners. */
  readonly signal: AbortSignal
  /** From now on `reader` gets what programs say by this OSC. */
  readonly read: ReadOsc
}

/** The part of a feature that touches the emulator, with the moments it may want to hear of. */
export interface EmulatorPart {
  /** A new screen follows: what was on the old one is gone. */
  reset?(): void
  /** The new screen is there, with all that was kept of the old output, in the size that it stays in. */
  rebuilt?(): void
  /** Fonts, colours or pixels changed. */
  restyled?(): void
  dispose?(): void
}

export type MakePart<P extends EmulatorPart> = (inside: Inside) => P

/** Text, or the key that the emulator knows how to send. */
export type TypedInput = { readonly text: string } | { readonly key: KeyboardEventInit }

export interface Emulator extends Screen {
  /** Parts that are there from the start. */
  readonly early: Early
  /** The part that `make` makes: made at the first call, the same one ever after, disposed with the emulator. */
  part<P extends EmulatorPart>(make: MakePart<P>): P
  /** Gives it an addon, before the first byte; what that answers to the program is an answer too. Throws what the addon throws. */
  addon(addon: ITerminalAddon): void
  size(): TerminalSize
  /** The grid that fits now, or null while the box is hidden. */
  fitting(): TerminalSize | null
  /** Only while no write is pending. */
  resize(size: TerminalSize): void
  reset(): void
  /** What followed a `reset` is drawn. */
  rebuilt(): void
  /** Writes the row of a gap; `done` when it is drawn. */
  markGap(text: string, done: () => void): void
  showGap(): void
  showHeld(mark: HeldMark | null): void
  /** A printable key was sent at the cursor; its echo will tell that letters may be shown on this row. */
  expectEcho(text: string): void
  /** A key typed on the cursor's row came back. */
  echoed(): boolean
  bracketedPaste(): boolean
  /** The row of the cursor in the view, and how many rows there are. */
  cursorRow(): { readonly cursor: number; readonly rows: number }
  showCursor(on: boolean): void
  restyle(): void
  /** It has come into view: what could not be measured before is measured now. */
  seen(): void
  focus(): void
  /** What a person did before there was a grid, as if it were done now. */
  take(input: TypedInput): void
  text(): string
  dispose(): void
}
