/** What leaves the emulator (keys, answers, reports, pastes) and what the program says of itself, told apart. */
import type { Terminal } from '@xterm/xterm'
import { folderOfAddress } from '../folder/folder.ts'
import { signControl } from '../keyboard/control.ts'
import { cleanTitle } from '../title.ts'
import type { EmulatorEvents, EmulatorOptions, Inside } from './api.ts'
import type { EchoWatch } from './echoWatch.ts'
import type { ReplyWatch } from './replies.ts'
import { isComposed, typedField, type TypedField } from './typedField.ts'

export function watchInput(
  { terminal, host, signal }: Inside,
  options: EmulatorOptions,
  replies: ReplyWatch,
  echo: EchoWatch,
  events: EmulatorEvents,
): void {
  wakeCursor(terminal)
  terminal.textarea?.setAttribute('aria-label', options.label)
  terminal.textarea?.setAttribute('aria-describedby', options.describedBy)
  terminal.onData((data) => {
    if (replies.replying()) events.reply(data)
    else if (isReport(data)) events.report(data)
    else events.typed(data)
  })
  terminal.onBinary((data) => events.report(Uint8Array.from(data, (char) => char.charCodeAt(0) & 0xff)))
  terminal.onTitleChange((title) => events.title(cleanTitle(title)))
  terminal.onBell(() => events.bell())
  terminal.parser.registerOscHandler(7, (address) => {
    const folder = folderOfAddress(address)
    if (folder !== null) events.folder(folder)
    return true
  })
  terminal.textarea?.addEventListener('focus', () => events.focus(true), { signal })
  terminal.textarea?.addEventListener('blur', () => events.focus(false), { signal })
  host.addEventListener('paste', paste, { signal, capture: true })
  terminal.attachCustomKeyEventHandler(keyFilter(terminal, typedField(terminal, signal, echo.echoed), events.key))

  function paste(event: ClipboardEvent): void {
    // xterm.js would paste control characters as they are.
    event.preventDefault()
    event.stopPropagation()
    const text = event.clipboardData?.getData('text/plain') ?? ''
    if (text !== '') events.pasted(text)
  }
}

/** xterm.js draws no cursor before its first focus, not even the hollow one. */
function wakeCursor(terminal: Terminal): void {
  terminal.textarea?.dispatchEvent(new FocusEvent('focus'))
  terminal.textarea?.dispatchEvent(new FocusEvent('blur'))
}

/** Focus and mouse reports: sequences that no key makes. */
function isReport(data: string): boolean {
  return data === '\u001b[I' || data === '\u001b[O' || data.startsWith('\u001b[<')
}

const LEAVE_MS = 1000

/** The keys that the panel takes, the way out of the grid, what a screen reader should see of the others, and signs with Ctrl. */
function keyFilter(
  terminal: Terminal,
  field: TypedField,
  taken: (event: KeyboardEvent) => boolean,
): (event: KeyboardEvent) => boolean {
  let escapedAt = -Infinity
  return (event) => {
    if (event.type !== 'keydown') return true
    if (isComposed(event)) {
      field.settle()
      return true
    }
    if (event.key === 'Escape') escapedAt = event.timeStamp
    else if (event.key === 'Tab' && event.timeStamp - escapedAt < LEAVE_MS) return false
    else if (event.key !== 'Shift') escapedAt = -Infinity
    if (taken(event)) {
      event.preventDefault()
      return false
    }
    if (field.key(event)) return false
    const control = signControl(event)
    if (control === null) return true
    event.preventDefault()
    terminal.input(control)
    return false
  }
}
