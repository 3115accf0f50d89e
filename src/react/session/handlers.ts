/** What the host of a panel gives and hears. */
import type { Diagnostic, End } from '../../client/api.ts'
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
  readonly autoFocus?: boolean
  /** Lines kept above the screen. */
  readonly scrollback?: number
}
