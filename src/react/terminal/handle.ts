/** What a host can ask a terminal for, by ref or from the hook. */
import type { BugReport, Facts } from '../../client/api.ts'
import type { RecordOptions, Recording } from '../cast/recording.ts'
import type { CommandInfo } from '../commands/controller.ts'
import type { SaveFormat } from '../save/saving.ts'
import type { SearchCount, SearchOptions } from '../search/find.ts'
import type { EarlyField } from '../typing/earlyField.ts'

/** All of it is harmless at any time: before there is a session nothing happens, and nothing is found. */
export interface TerminalPanelHandle {
  /** Puts the focus into the grid. */
  focus(): void
  /** Tries at once while the connection is away; starts a new shell after an end. */
  reconnect(): void
  /** Takes the terminal from another tab, or from the same person elsewhere. */
  takeOver(): void
  /** Ends the session and its program. */
  disconnect(): void
  /** Types `text` as a person would: dropped after an end, kept within limits while the connection is away. */
  write(text: string): void
  /** Pastes `text` as a person would: cleaned, and asked about where it has several lines or hidden characters. */
  paste(text: string): void
  /** The scrollback goes, and the screen but for the line of the cursor; the program hears nothing of it. */
  clear(): void
  /** Fits the grid to the box again. The panel does so by itself whenever its box changes. */
  fit(): void
  /** Scrolls to the first row, to the end, or until a row stands at the top; rows count from 0 at the top of the scrollback. */
  scrollTo(place: 'start' | 'end' | number): void
  /** What is selected, as text; empty where nothing is. */
  selection(): string
  /** The screen with its scrollback as plain text. */
  serializeText(): string
  /** The screen with its scrollback: as text, or as a page of HTML with its colours. */
  serialize(format: SaveFormat): Promise<string>
  /** Downloads the same, or hands it to `onSaveOutput`. */
  save(format: SaveFormat): Promise<void>
  /** Opens the find bar with this text, and tells how often it is there. The focus stays where it is. */
  search(text: string, options?: SearchOptions): Promise<SearchCount>
  /** Closes the find bar; its marks go. */
  clearSearch(): void
  /** Opens the connection details, or closes them. */
  showDetails(on: boolean): void
  /** The bug report of the connection details, with facts of the host's own. Null before there is a connection. */
  bugReport(facts?: Facts): BugReport | null
  /** Records output from now on, as an asciicast. Null before there is a connection. */
  record(options?: RecordOptions): Promise<Recording | null>
  /** Shows the command before the one that was shown last. False if there is none. */
  previousCommand(): boolean
  /** Shows the next command, and after the last one the end of the output. False if none is shown. */
  nextCommand(): boolean
  /** Copies what the last finished command has printed. False if there is nothing to copy. */
  copyLastOutput(): boolean
  /** The commands of a shell with shell integration whose rows are still there, oldest first. */
  commands(): readonly CommandInfo[]
}

type Calls = Omit<TerminalPanelHandle, 'focus'>

/** What each call answers where there is no session. */
const ANSWERS: { readonly [Call in keyof Calls]: ReturnType<Calls[Call]> } = {
  reconnect: undefined,
  takeOver: undefined,
  disconnect: undefined,
  write: undefined,
  paste: undefined,
  clear: undefined,
  fit: undefined,
  scrollTo: undefined,
  selection: '',
  serializeText: '',
  serialize: Promise.resolve(''),
  save: Promise.resolve(),
  search: Promise.resolve({ current: 0, total: 0, more: false }),
  clearSearch: undefined,
  showDetails: undefined,
  bugReport: null,
  record: Promise.resolve(null),
  previousCommand: false,
  nextCommand: false,
  copyLastOutput: false,
  commands: [],
}

/** The handle before there is a session: nothing happens but that the focus is taken, and nothing is found. */
export function idleHandle(early: { readonly current: EarlyField | null }): TerminalPanelHandle {
  const calls = Object.entries(ANSWERS).map(([call, answer]) => [call, () => answer])
  // The table has every call, with an answer of its type.
  return { ...(Object.fromEntries(calls) as Calls), focus: () => early.current?.element.focus() }
}
