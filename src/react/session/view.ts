/** What a panel draws besides the grid, with one slice for each feature that is absent until it is used. */
import type { CommandMarks } from '../commands/controller.ts'
import type * as lateSlots from '../lateSlots.tsx'
import type { MoreView } from '../more/controller.ts'
import type { LinkListView } from '../links/links.ts'
import type { LinkQuestion } from '../links/question.ts'
import type { PasteQuestion } from '../paste/pasting.ts'
import type { OutputPart } from '../speech/outputParts.ts'
import { FIRST_PAINT, type StatusLine } from '../status/line.ts'
import type { SoftKeysView } from '../touch/controller.ts'
import type { Features } from './features.ts'

/** What is drawn of the features that are loaded late. */
export interface LateView {
  readonly features: Features
  readonly slots: typeof lateSlots.slots
}

/** Changes only when a person would see it. */
export interface PanelView {
  readonly line: StatusLine
  /** What the live regions hold. */
  readonly polite: string
  readonly alert: string
  readonly focused: boolean
  /** The emulator is there, with a field of its own. */
  readonly grid: boolean
  readonly bell: boolean
  /** The features that are loaded late, and what they draw, once they are there. */
  readonly late?: LateView
  /** A paste that waits for the person's word. */
  readonly paste?: PasteQuestion
  /** The find bar is open; what stands in it is in a store of its own. */
  readonly find?: true
  /** A link that waits for the person's word. */
  readonly link?: LinkQuestion
  /** The links on the screen, for keys to walk through. */
  readonly links?: LinkListView
  /** The connection details are open. */
  readonly details?: true | undefined
  /** The list of shortcuts is open. */
  readonly guide?: true | undefined
  readonly more?: MoreView | undefined
  /** The output as text is open, as it was then. */
  readonly outputText?: readonly OutputPart[] | undefined
  readonly softKeys?: SoftKeysView
  /** The marks in the gutter, once the shell has made one. */
  readonly marks?: CommandMarks
}

export const EMPTY_VIEW: PanelView = {
  line: FIRST_PAINT,
  polite: '',
  alert: '',
  focused: false,
  grid: false,
  bell: false,
}
