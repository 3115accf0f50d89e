/** What the host of a panel gives and hears. */
import type { Diagnostic, End } from '../../client/api.ts'
import type { CommandInfo } from '../commands/controller.ts'
import type { Progress } from '../progress/progress.ts'
import type { SomeWords } from '../words/words.ts'

/** The newest props are asked at each event. */
export interface PanelHandlers {
  readonly words?: SomeWords
  readonly onReady?: (event: { readonly resumed: boolean }) => void
  /** Output as it comes, drawn or not. The bytes are the panel's own: copy what is kept. */
  readonly onData?: (bytes: Uint8Array<ArrayBuffer>) => void
  readonly onClose?: (end: End) => void
  readonly onError?: (error: Error) => void
  readonly onDiagnostic?: (diagnostic: Diagnostic) => void
  readonly onPolicy?: (diagnostic: Diagnostic) => void
  readonly onSignIn?: () => void
  readonly onTitle?: (title: string) => void
  /** The working directory, as an absolute path of the machine. */
  readonly onCwd?: (path: string) => void
  /** A command of a shell with shell integration has ended. Not told again for output that a reload replays. */
  readonly onCommand?: (command: CommandInfo) => void
  /** A program tells how far its task is; null when it is over. At most ten times a second. */
  readonly onProgress?: (progress: Progress | null) => void
  /** Says aloud when a quarter, a half and three quarters of a task are done. */
  readonly speakProgress?: boolean
  /** The person's home on the machine, which the line then shows as `~`. */
  readonly home?: string
  readonly autoFocus?: boolean
  /** Lines kept above the screen. */
  readonly scrollback?: number
}
