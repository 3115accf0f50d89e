/** What a part of a session sees of the rest, and what it may do. */
import type { Channel, Connection } from '../../client/api.ts'
import type { Feed } from '../feed.ts'
import type { FeatureFacts } from '../status/facts.ts'
import type { Words } from '../words/words.ts'
import type { Emulator } from '../xterm/api.ts'
import type { Alarms } from './alarms.ts'
import type { Features } from './features.ts'
import type { PanelHandlers } from './handlers.ts'
import type { Sight } from './sight.ts'
import type { PanelView } from './view.ts'

export interface PanelContext {
  readonly allocationId: string
  /** The element that the grid fills. */
  readonly host: HTMLElement
  readonly connection: Connection
  readonly channel: Channel
  readonly feed: Feed
  readonly sight: Sight
  /** Timers by name, a part's own: start the name with that of the part. They end with the session. */
  readonly alarms: Alarms
  /** Milliseconds on the connection's clock. */
  now(): number
  /** Null until xterm.js is loaded. */
  emulator(): Emulator | null
  words(): Words
  /** The newest props of the host. */
  handlers(): PanelHandlers
  view(): PanelView
  /** Changes what is drawn. A slice that is `undefined` is not drawn at all. */
  show(change: Partial<PanelView>): void
  /** The facts of the status line changed. */
  look(): void
  /** Says something that is not the line's sentence: politely, once. */
  say(words: string): void
  /** Types as a person does: kept while the connection is away, dropped after an end. */
  type(text: string): void
  /** Puts the focus into the grid. */
  focus(): void
  /** Does something with features that are loaded late: at once, or as soon as they are there. */
  later(run: (features: Features) => void): void
}

/** A feature of a session: the moments it may want to hear of, and what it knows for the line. */
export interface Feature {
  /** The emulator is there and has parsed nothing yet. */
  ready?(emulator: Emulator): void
  /** A new screen follows. */
  reset?(): void
  /** A key event of the grid before the program gets it; true takes it. */
  key?(event: KeyboardEvent): boolean
  /** The grid has the focus, or has it no more. */
  focused?(on: boolean): void
  /** The host gave other props. */
  hostChanged?(): void
  facts?(): FeatureFacts
  dispose?(): void
}
