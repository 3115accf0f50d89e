/** What the host of a panel gives and hears. */
import type { BugReport, Diagnostic, End } from '../../client/api.ts'
import type { GetToken } from '../../client/ports.ts'
import type { AddonOptions } from '../addons/addons.ts'
import type { CommandInfo } from '../commands/controller.ts'
import type { Progress } from '../progress/progress.ts'
import type { RendererChoice } from '../gpu/drawing.ts'
import type { ShortcutSettings } from '../keyboard/shortcuts.ts'
import type { DropFiles, MiddleClick, RightClick } from '../clipboard/clipboard.ts'
import type { OpenLink } from '../links/links.ts'
import type { SavedOutput } from '../save/saving.ts'
import type { SomeWords } from '../words/words.ts'

/** The newest props are asked at each event. */
export interface PanelHandlers extends AddonOptions {
  /** Replaces sentences, buttons and names; whole languages too. */
  readonly words?: SomeWords
  /** Asks for a one-time token in the host's own way; whether there is one at all is decided when the session begins. */
  readonly getToken?: GetToken
  /** The connection stands, and the shell is there; `resumed`: it is the one that was there before. */
  readonly onReady?: (event: { readonly resumed: boolean }) => void
  /** Output as it comes, drawn or not. The bytes are the panel's own: copy what is kept. */
  readonly onData?: (bytes: Uint8Array<ArrayBuffer>) => void
  /** The session is over, and why. */
  readonly onClose?: (end: End) => void
  /** Something of the panel could not be loaded or started, or a handler has thrown. What can go on without it goes on. */
  readonly onError?: (error: Error) => void
  /** What the connection notes, for logs: codes and figures, never output, typing or secrets. */
  readonly onDiagnostic?: (diagnostic: Diagnostic) => void
  /** Something was refused for the sake of security: a token, a link, a program that wanted the clipboard. */
  readonly onPolicy?: (diagnostic: Diagnostic) => void
  /** Gets the bug report that a person saves in the connection details, instead of a download. */
  readonly onBugReport?: (report: BugReport) => void
  /** The person presses “Sign in again”. Without it the button reads “Try again”. */
  readonly onSignIn?: () => void
  /** The program gave its terminal a title, cleaned of what could deceive. */
  readonly onTitle?: (title: string) => void
  /** The program rang its bell; at most once a second. */
  readonly onBell?: () => void
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
  /** A person opens a link. False if the host took it, and the panel must not open a tab. */
  readonly onOpenLink?: (link: OpenLink) => boolean | void
  /** Hosts whose addresses may be opened, as names or `*.` and a name; all of them if absent. The others can be copied. */
  readonly linkHosts?: readonly string[]
  /** The browser's own menu if absent. With Shift, and in programs that want the mouse, the button is never taken. */
  readonly rightClick?: RightClick
  /** What the browser does with it if absent: on X11 and Wayland it pastes what was selected last. In programs that want the mouse it is theirs alone. */
  readonly middleClick?: MiddleClick
  /** Copies whatever is selected with the pointer, at once. */
  readonly copyOnSelect?: boolean
  /** Files that were dropped or pasted. Paths that it returns are typed, quoted for a POSIX shell. */
  readonly onDropFiles?: DropFiles
  /**
   * Lets programs write text into the clipboard (OSC 52) within five seconds of a key or a click in the panel, at most
   * 100 000 bytes or `maxBytes`. They never read it.
   */
  readonly dangerouslyAllowClipboardWrite?: boolean | { readonly maxBytes: number }
  /** Gets the output that a person saves, instead of a download. */
  readonly onSaveOutput?: (output: SavedOutput) => void
  /** Takes the focus at once; keys are kept until there is a grid. */
  readonly autoFocus?: boolean
  /** Other keys for what the panel does, or none: `{ find: 'Ctrl+K', details: false }`; `false` switches all off. */
  readonly shortcuts?: ShortcutSettings
  /** The row of extra keys: where fingers point (default), always, or never. Asked for once, at mount. */
  readonly softKeys?: 'auto' | 'always' | 'never'
  /** The person may look and not type: no key, paste or answer reaches the program. `typing` names who does. */
  readonly viewOnly?: boolean | { readonly typing?: string }
  /** What draws the grid. Default `auto`: WebGL where a graphics processor draws it, else the DOM. */
  readonly renderer?: RendererChoice
  /** Lines kept above the screen. */
  readonly scrollback?: number
}
