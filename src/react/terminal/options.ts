/** What a terminal of a page is told by its host: where it is, how it looks, and what it may do. */
import type { PanelHandlers } from '../session/handlers.ts'
import type { Connect, PanelTarget } from '../store.ts'

/** Only the members of `PanelTarget` name a session: a change of one of them is another session. All others may change at any time. */
export interface TerminalOptions extends Omit<PanelTarget, 'allocationId'>, PanelHandlers {
  /** The page's own colour scheme if absent. */
  readonly theme?: 'dark' | 'light'
  /** What the person asked the system for if absent. */
  readonly contrast?: 'normal' | 'more'
  /** Names the terminal for people who do not see it. */
  readonly label?: string
  /** Replaces the client, for tests and stories. The first one given is used. */
  readonly connect?: Connect
}
