/** The field of a grid whose emulator is not there yet: takes the focus, keys, compositions and pastes, and keeps them in their order. */
import type { TypedInput } from '../xterm/api.ts'

/** One thing that a person did. */
export type EarlyInput = TypedInput | { readonly paste: string }

export interface EarlyField {
  readonly element: HTMLElement
  /** Gives all that was kept and goes; where a composition is under way, as soon as that ends. */
  handOver(take: (kept: readonly EarlyInput[], focused: boolean) => void): void
}

/** Things that are kept, and characters of pastes. Whoever holds a key down for two minutes types no further. */
const MOST_INPUTS = 4096
const MOST_PASTED = 1_000_000

/** As in the grid: Escape, then Tab, leaves. */
const LEAVE_MS = 1000

/** Keys that do nothing alone, and those that an input method has. */
const SILENT = /^(?:Shift|Control|Alt|AltGraph|Meta|CapsLock|Fn|NumLock|Dead|Process|Unidentified)$/

/** There Option makes letters. */
const isMac = (): boolean => /Mac|iP/.test(navigator.platform)

export function earlyField(mount: HTMLElement, label: string): EarlyField {
  const element = mount.ownerDocument.createElement('input')
  const kept: EarlyInput[] = []
  let pasted = 0
  let escapedAt = -Infinity
  let composing = false
  let taker: Parameters<EarlyField['handOver']>[0] | null = null

  element.className = 'nt-early'
  for (const [name, value] of Object.entries({
    'aria-label': label,
    'aria-describedby': mount.dataset['describedBy'] ?? '',
    autocomplete: 'off',
    autocapitalize: 'off',
    autocorrect: 'off',
    spellcheck: 'false',
  }))
    element.setAttribute(name, value)

  /** A field that is full tells so. */
  function keep(input: EarlyInput): void {
    if (kept.length < MOST_INPUTS) kept.push(input)
    element.readOnly = kept.length === MOST_INPUTS
  }

  /** What the browser has made of keys. It says nothing of what it is still composing. */
  function take(): void {
    if (composing || element.value === '') return
    keep({ text: element.value })
    element.value = ''
  }

  function key(event: KeyboardEvent): void {
    const { key, ctrlKey, altKey, shiftKey, metaKey, timeStamp } = event
    if (event.isComposing || metaKey || SILENT.test(key)) return
    const isText = key.length === 1 || [...key].length === 1
    if (isText && !ctrlKey && (!altKey || isMac())) return
    if (isText && event.getModifierState('AltGraph')) return
    // What the browser pastes comes as an event of its own.
    if (shiftKey && ((ctrlKey && key.toLowerCase() === 'v') || key === 'Insert')) return
    const leaves = key === 'Tab' && timeStamp - escapedAt < LEAVE_MS
    escapedAt = key === 'Escape' ? timeStamp : -Infinity
    if (leaves) return
    event.preventDefault()
    const { code, keyCode, location } = event
    if (key === 'Tab') keep({ text: shiftKey ? '\u001b[Z' : '\t' })
    else keep({ key: { key, code, keyCode, location, ctrlKey, altKey, shiftKey, bubbles: true, cancelable: true } })
  }

  function paste(event: ClipboardEvent): void {
    event.preventDefault()
    const text = event.clipboardData?.getData('text/plain') ?? ''
    pasted += text.length
    if (text !== '' && pasted <= MOST_PASTED) keep({ paste: text })
  }

  function composed(): void {
    composing = false
    take()
    if (taker !== null) go(taker)
  }

  function go(taker: Parameters<EarlyField['handOver']>[0]): void {
    taker(kept, element.matches(':focus'))
    element.remove()
  }

  element.addEventListener('keydown', key)
  element.addEventListener('input', take)
  element.addEventListener('paste', paste)
  element.addEventListener('compositionstart', () => (composing = true))
  element.addEventListener('compositionend', composed)
  mount.prepend(element)
  return {
    element,
    handOver(take) {
      if (composing) taker = take
      else go(take)
    },
  }
}
