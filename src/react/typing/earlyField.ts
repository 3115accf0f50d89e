/** The field of a grid whose emulator is not there yet: takes the focus, keys, compositions and pastes, and keeps them in their order. */
import type { TypedInput } from '../xterm/api.ts'

/** One thing that a person did. */
export type EarlyInput = TypedInput | { readonly paste: string }

type Take = (kept: readonly EarlyInput[], focused: boolean) => void

export interface EarlyField {
  readonly element: HTMLElement
  /** Gives all that was kept and goes; where a composition is under way, as soon as that ends. */
  handOver(take: Take): void
}

/** Things that are kept. Whoever holds a key down for two minutes types no further. */
const MOST = 4096

/** As in the grid: Escape, then Tab, leaves. */
const LEAVE_MS = 1000

/** Keys that do nothing alone. */
const SILENT = /Shift|Control|Alt|Meta|Lock|^Fn|Dead/
/** The code of whatever an input method has. */
const COMPOSED = 229

/** There Option makes letters. */
const isMac = (): boolean => /Mac|iP/.test(navigator.platform)

export function earlyField(mount: HTMLElement): EarlyField {
  const element = mount.ownerDocument.createElement('input')
  const kept: EarlyInput[] = []
  let escapedAt = -Infinity
  let composing = false
  let taker: Take | undefined

  /** A field that is full tells so. */
  function keep(input: EarlyInput): void {
    if (kept.length < MOST) kept.push(input)
    element.readOnly = kept.length === MOST
  }

  /** What the browser has made of keys. It says nothing of what it is still composing. */
  function take(): void {
    if (composing || !element.value) return
    keep({ text: element.value })
    element.value = ''
  }

  function key(event: KeyboardEvent): void {
    const { key, keyCode, ctrlKey, altKey, shiftKey, metaKey, timeStamp } = event
    const leaves = key === 'Tab' && timeStamp - escapedAt < LEAVE_MS
    escapedAt = key === 'Escape' ? timeStamp : -Infinity
    if (leaves || event.isComposing || keyCode === COMPOSED || metaKey || SILENT.test(key)) return
    // Ctrl and Alt together are AltGr in some systems.
    if ([...key].length === 1 && (ctrlKey === altKey || (altKey && isMac()))) return
    // What the browser pastes comes as an event of its own.
    if (shiftKey && ((ctrlKey && key === 'V') || key === 'Insert')) return
    event.preventDefault()
    // An event has all that another one is made of.
    keep(key === 'Tab' ? { text: shiftKey ? '\u001b[Z' : '\t' } : { key: event })
  }

  function paste(event: ClipboardEvent): void {
    event.preventDefault()
    const text = event.clipboardData?.getData('text/plain') ?? ''
    if (text) keep({ paste: text })
  }

  function composed(): void {
    composing = false
    take()
    if (taker) go(taker)
  }

  function go(taker: Take): void {
    taker(kept, element.matches(':focus'))
    element.remove()
  }

  Object.assign(element, {
    className: 'nt-early',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: false,
    onkeydown: key,
    oninput: take,
    onpaste: paste,
  })
  element.setAttribute('aria-label', mount.dataset['label'] ?? '')
  element.setAttribute('aria-describedby', mount.dataset['describedBy'] ?? '')
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
