/** What a panel draws besides the grid, with one slice for each feature that is absent until it is used. */
import type { CommandMarks } from '../commands/controller.ts'
import type { PasteQuestion } from '../paste/pasting.ts'
import { FIRST_PAINT, type StatusLine } from '../status/status.ts'

/** Changes only when a person would see it. */
export interface PanelView {
  readonly line: StatusLine
  /** What the live regions hold. */
  readonly polite: string
  readonly alert: string
  readonly focused: boolean
  readonly bell: boolean
  /** The details were just copied. */
  readonly copied: boolean
  /** A paste that waits for the person's word. */
  readonly paste?: PasteQuestion
  /** The marks in the gutter, once the shell has made one. */
  readonly marks?: CommandMarks
}

export const EMPTY_VIEW: PanelView = {
  line: FIRST_PAINT,
  polite: '',
  alert: '',
  focused: false,
  bell: false,
  copied: false,
}

/** The old object if nothing in it changed, so that nothing renders. */
export function changed(view: PanelView, change: Partial<PanelView>): PanelView {
  const keys = Object.keys(change) as (keyof PanelView)[] // the keys of a Partial<PanelView>
  return keys.some((key) => view[key] !== change[key]) ? { ...view, ...change } : view
}
