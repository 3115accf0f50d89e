/** The details of a panel: open or not, and what they need of the session. */
import type { BugReport, Connection } from '../../client/api.ts'
import type { Feature, PanelContext } from '../session/context.ts'
import type { Drawing } from './figures.ts'

export interface DetailsFeature extends Feature {
  open(): void
  close(): void
  toggle(): void
  readonly connection: Connection
  drawing(): Drawing | null
  /** The host's own way with a bug report, if it has one. */
  onBugReport(): ((report: BugReport) => void) | undefined
  say(words: string): void
}

export function details(
  { connection, emulator, handlers, show, view, say }: PanelContext,
  renderer: () => 'webgl' | 'dom',
): DetailsFeature {
  const set = (open: boolean): void => show({ details: open ? true : undefined })
  return {
    connection,
    open: () => set(true),
    close: () => set(false),
    toggle: () => set(view().details !== true),
    drawing() {
      const size = emulator()?.size()
      return size === undefined ? null : { renderer: renderer(), ...size }
    },
    onBugReport: () => handlers().onBugReport,
    say,
  }
}
