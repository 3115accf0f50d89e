/** Copying, pasting and dropping in a session, by key, by button and by program: the host's choices, the rules, and what is said when a browser refuses. */
import { refuse } from '../session/policy.ts'
import type { Feature, PanelContext } from '../session/context.ts'
import type { FeatureFacts } from '../status/facts.ts'
import { readClipboard, writeClipboard } from './browser.ts'
import { CLIPBOARD_OFF, DEFAULT_MAX_BYTES, readOsc52, type ClipboardPolicy, type Refusal } from './osc52.ts'
import { quoted } from './text.ts'

/** What the right button of a mouse does: the browser's own menu, a paste, or a copy where something is selected. */
export type RightClick = 'menu' | 'paste' | 'copy-or-paste'

/** What the middle button of a mouse does: what the browser does (on X11 and Wayland it pastes what was selected last), a paste from the clipboard, or nothing. */
export type MiddleClick = 'browser' | 'paste' | 'nothing'

/** Takes dropped or pasted files; the paths that it returns are typed, quoted for a shell. */
export type DropFiles = (files: readonly File[]) => void | readonly string[] | Promise<void | readonly string[]>

export interface Clipboard extends Feature {
  /** Copies the selection; false where nothing is selected. */
  copy(): boolean
  /** Asks the browser for what is in the clipboard, and pastes it. */
  paste(): void
  copyText(text: string): void
}

type Notice = NonNullable<FeatureFacts['clipboard']>['kind']

const WRITE_EVERY_MS = 200
const TELL_EVERY_MS = 1000

export function clipboard(context: PanelContext, pasted: (raw: string) => void): Clipboard {
  const { emulator, feed, handlers, host, look, now } = context
  let notice: FeatureFacts['clipboard'] = null
  let gestureAt = -Infinity
  let wroteAt = -Infinity
  const told = new Map<string, number>()

  function tell(kind: Notice): void {
    notice = { kind, at: now() }
    look()
  }

  function copyText(text: string): void {
    void writeClipboard(host, text).then((done) => done || tell('cannotCopy'))
  }

  function copy(): boolean {
    const grid = emulator()?.early.clipboard
    const text = grid?.selection() ?? ''
    if (text === '') return false
    grid?.clearSelection()
    copyText(text)
    return true
  }

  function paste(): void {
    void readClipboard(host).then((text) => (text === null ? tell(isMac(host) ? 'cannotPasteMac' : 'cannotPaste') : pasted(text)))
  }

  /** A program asks for the clipboard. What was replayed has been asked for long ago. */
  function asked(data: string): void {
    if (feed.parsing()?.answered !== false) return
    const request = readOsc52(data, policyOf(handlers().dangerouslyAllowClipboardWrite), now() - gestureAt)
    if (request.kind === 'refused') return refused(request.why, request.bytes)
    if (now() - wroteAt < WRITE_EVERY_MS) return refused('rate', request.bytes)
    wroteAt = now()
    const { clipboard: browser } = host.ownerDocument.defaultView?.navigator ?? {}
    if (browser === undefined) return refused('browser', request.bytes)
    void browser.writeText(request.text).then(
      () => tell('programCopied'),
      () => refused('browser', request.bytes),
    )
  }

  /** At most one event a second for each reason: a program may ask as fast as it prints. */
  function refused(why: Refusal | 'rate' | 'browser', bytes: number): void {
    if (now() - (told.get(why) ?? -Infinity) < TELL_EVERY_MS) return
    told.set(why, now())
    refuse(context, 'clipboard_refused', { why, bytes })
  }

  async function dropped(files: readonly File[]): Promise<void> {
    const paths = await handlers().onDropFiles?.(files)
    // A page without types may return anything for no paths.
    if (Array.isArray(paths) && paths.length > 0) pasted(quoted(paths))
  }

  return {
    copy,
    paste,
    copyText,
    ready(grid) {
      grid.early.clipboard.watch({
        asked,
        gesture: (agoMs) => (gestureAt = now() - agoMs),
        selected: (text) => handlers().copyOnSelect && copyText(text),
        takesFiles: () => handlers().onDropFiles !== undefined,
        rightClick: () => handlers().rightClick ?? 'menu',
        middleClick: () => handlers().middleClick ?? 'browser',
        copy,
        paste,
        dropped({ files, text }) {
          if (files.length > 0) void dropped(files)
          else if (text !== '') pasted(text)
        },
      })
    },
    facts: () => ({ clipboard: notice }),
  }
}

function isMac(host: HTMLElement): boolean {
  return /Mac|iPhone|iPad/.test(host.ownerDocument.defaultView?.navigator.platform ?? '')
}

function policyOf(allowed: boolean | { readonly maxBytes: number } | undefined): ClipboardPolicy {
  if (allowed === undefined || allowed === false) return CLIPBOARD_OFF
  return { allowed: true, maxBytes: allowed === true ? DEFAULT_MAX_BYTES : allowed.maxBytes }
}
