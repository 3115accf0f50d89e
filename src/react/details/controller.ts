/** The details of a panel: open or not, and what they need of the session. */
import type { BugReport, Connection } from '../../client/api.ts'
import { copyText } from '../clipboard/copyText.ts'
import type { Feature, PanelContext } from '../session/context.ts'
import type { Drawing } from './figures.ts'
import { summary } from './summary.ts'

export interface DetailsFeature extends Feature {
  close(): void
  toggle(): void
  turn(on: boolean): void
  readonly connection: Connection
  drawing(): Drawing | null
  /** For an administrator, as text. */
  summary(): string
  copy(text: string): void
  /** The host's own way with a bug report, if it has one. */
  onBugReport(): ((report: BugReport) => void) | undefined
  say(words: string): void
}

export function details(context: PanelContext, renderer: () => 'webgl' | 'dom'): DetailsFeature {
  const { connection, emulator, handlers, show, view, say } = context
  return {
    connection,
    close: () => show({ details: undefined }),
    toggle: () => show({ details: view().details === undefined ? true : undefined }),
    turn: (on) => show({ details: on || undefined }),
    drawing() {
      const size = emulator()?.size()
      return size === undefined ? null : { renderer: renderer(), ...size }
    },
    summary: () => summary(context),
    copy: (text) => copyText(context.host, text),
    onBugReport: () => handlers().onBugReport,
    say,
  }
}
