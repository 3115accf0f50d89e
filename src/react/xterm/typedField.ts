/** Keeps what was typed in the emulator's field, for screen readers, without the wait that a browser has for text that a key puts there. */
import type { Terminal } from '@xterm/xterm'

export interface TypedField {
  /** A key that no input method has. True if its text goes to the program by the browser's next event. */
  key(event: KeyboardEvent): boolean
  /** Brings the field up to date: for whoever reads it. */
  settle(): void
}

/** How long text waits for its own echo, in a row that has shown others. */
const LATEST_MS = 250
/** How long it waits in a row that has shown none. */
const HIDDEN_MS = 2000

/**
 * Screen readers say what comes into a field, and xterm.js keeps typed characters out of its own. It takes them from the
 * browser's `keypress` just as well. That event must not put them into the field either: Chromium draws a frame for them
 * before it delivers anything else, and the echo waits for it. So they come into it with the frame of their echo. They stand
 * there until Enter or Ctrl-C empties it. What has no echo may be a password, and never comes into it.
 *
 * `echoed` tells whether the row of the cursor shows what is typed.
 */
export function typedField(terminal: Terminal, signal: AbortSignal, echoed: () => boolean): TypedField {
  const field = terminal.textarea
  let waiting: (string | typeof ERASED)[] = []
  let timer: ReturnType<typeof setTimeout> | undefined

  /** The text comes into the field, or goes if it was hidden. */
  function settle(): void {
    clearTimeout(timer)
    if (waiting.length === 0 || field === undefined) return
    const typed = waiting
    waiting = []
    if (!echoed()) return
    field.value = typed.reduce<string>((text, one) => (one === ERASED ? withoutLast(text) : text + one), field.value)
  }

  function look(): void {
    if (echoed()) settle()
  }

  function later(change: string | typeof ERASED): void {
    if (waiting.push(change) > 1) return
    timer = setTimeout(settle, echoed() ? LATEST_MS : HIDDEN_MS)
  }

  function key(event: KeyboardEvent): boolean {
    // These may empty the field: nothing comes into it after that.
    if (isOrder(event) || event.key === 'Enter') settle()
    if (isOrder(event)) return false
    if (event.key === 'Backspace') later(ERASED)
    if (!isCharacter(event)) return false
    // Typing is nobody else's shortcut.
    event.stopPropagation()
    return true
  }

  function press(event: KeyboardEvent): void {
    if (isOrder(event) || !isCharacter(event)) return
    event.preventDefault()
    later(event.key)
  }

  const parsed = terminal.onWriteParsed(look)
  field?.addEventListener('keypress', press, { signal })
  field?.addEventListener('compositionstart', settle, { signal, capture: true })
  field?.addEventListener('blur', settle, { signal })
  signal.addEventListener('abort', () => {
    clearTimeout(timer)
    parsed.dispose()
  })
  return { key, settle }
}

const ERASED = Symbol('erased')

/** An input method has the key. */
export const isComposed = ({ isComposing, key }: KeyboardEvent): boolean =>
  isComposing || key === 'Process' || key === 'Unidentified'

const isOrder = ({ ctrlKey, altKey, metaKey }: KeyboardEvent): boolean => ctrlKey || altKey || metaKey

const isCharacter = ({ key }: KeyboardEvent): boolean => [...key].length === 1

/** An emoji is two UTF-16 units; a half of one is read as nothing. */
const withoutLast = (text: string): string => text.replace(/.$/su, '')
