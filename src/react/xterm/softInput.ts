/** What an on-screen keyboard does to the emulator's field, for the program: it composes, puts words in the place of others, and takes away. */
import type { EmulatorPart, Inside } from './api.ts'

export interface SoftInput extends EmulatorPart {
  /** What is being composed goes to the program now: a key beside the keyboard follows it. */
  finish(): void
  /** While it is on, a first character goes at once: keys that were tapped before wait for it. */
  eager(on: boolean): void
}

/** What xterm.js 6.0.0 has inside; not public. With another version, which looks different inside, it sends compositions in its own way. */
interface Core {
  readonly _core?: { readonly _compositionHelper?: CompositionHelper }
}

interface CompositionHelper {
  /** Set while text that was composed waits to be sent. */
  _isSendingComposition?: boolean
  _finalizeComposition?(wait: boolean): void
  _handleAnyTextareaChanges?(): void
}

const ERASE = '\u007f'

/**
 * xterm.js sends what comes to the end of its field, and one deletion whatever went. Keyboards of phones compose words anew that
 * were sent long ago, correct them, and delete them whole. So what was in the field is compared with what is.
 */
export function softInputPart({ terminal, host, signal }: Inside): SoftInput {
  const field = terminal.textarea
  const inside: Core = terminal as object
  const helper = inside._core?._compositionHelper
  const finalize = helper?._finalizeComposition?.bind(helper)
  if (field === undefined || helper === undefined || finalize === undefined) return { finish() {}, eager() {} }
  let sent = ''
  let composing = false
  let eager = false
  /** The key was sent by itself, and what it puts into the field is the same. */
  let pressed = false

  function settle(): void {
    if (field === undefined) return
    const { value } = field
    const text = change(sent, value)
    sent = value
    if (text !== '') terminal.input(text)
  }

  function hide(): void {
    finalize?.(true)
    if (helper !== undefined) helper._isSendingComposition = false
  }

  function finish(): void {
    if (!composing || field === undefined) return
    settle()
    hide()
    composing = false
    // The browser ends a composition whose field changes.
    sent = field.value = ''
  }

  /** A word that was sent is composed anew: it stands where it is composed, not before it. */
  function recompose(word: string): void {
    if (field === undefined) return
    const same = sameStart(sent, field.value)
    if (same === sent.length) return
    const from = Math.max(0, field.value.lastIndexOf(word, same))
    terminal.input(change(sent, sent.slice(0, from)))
    sent = sent.slice(0, from)
  }

  function input(event: Event): void {
    if (!(event instanceof InputEvent)) return
    if (composing) return eager ? finish() : recompose(event.data ?? '')
    const isKey = pressed
    pressed = false
    if (isKey || !/^(?:insert|delete)/.test(event.inputType)) return
    event.stopPropagation()
    settle()
  }

  helper._handleAnyTextareaChanges = () => {}
  helper._finalizeComposition = () => {
    hide()
    settle()
  }
  const begin = (): void => {
    if (!composing) sent = field.value
  }
  host.addEventListener('keydown', () => (begin(), (pressed = false)), { signal, capture: true })
  host.addEventListener('keypress', ({ defaultPrevented }) => (pressed = !defaultPrevented), { signal })
  host.addEventListener('beforeinput', begin, { signal, capture: true })
  host.addEventListener('input', input, { signal, capture: true })
  field.addEventListener(
    'compositionstart',
    () => {
      composing = true
      sent = field.value
    },
    { signal, capture: true },
  )
  field.addEventListener('compositionend', () => (composing = false), { signal })
  return {
    finish,
    eager: (on) => {
      eager = on
    },
  }
}

/** What a person would type to make the one text the other: what differs is erased from the end. */
export function change(before: string, after: string): string {
  const same = sameStart(before, after)
  return ERASE.repeat([...before.slice(same)].length) + after.slice(same).replaceAll('\n', '\r')
}

/** Characters, as an emoji has two UTF-16 units. */
function sameStart(one: string, other: string): number {
  let same = 0
  for (const char of one) {
    if (!other.startsWith(char, same)) break
    same += char.length
  }
  return same
}
