/** A panel under fingers: the row of extra keys with its Ctrl and Alt, and the height that the on-screen keyboard leaves. */
import { focusedBeside } from '../focused.ts'
import type { Feature, PanelContext } from '../session/context.ts'
import type { Hands } from '../xterm/hands.ts'
import type { SoftInput } from '../xterm/softInput.ts'
import { followKeyboard } from './followKeyboard.ts'
import { keyBytes, modified, tapped, UNLATCHED, used, type Latch, type LatchState, type SoftKey } from './keys.ts'

export interface SoftKeysView {
  readonly ctrl: Latch
  readonly alt: Latch
  /** Something is selected and can be copied. */
  readonly selected: boolean
}

export const NO_KEYS: SoftKeysView = { ctrl: 'off', alt: 'off', selected: false }

export interface Touching extends Feature {
  /** There is a row of extra keys. */
  readonly row: boolean
  press(key: SoftKey): void
  /** `at` is when it was tapped, milliseconds on the clock of the page's events. */
  modifier(which: 'ctrl' | 'alt', at: number): void
  /** What typed text becomes under the keys that were tapped before it. */
  typed(text: string): string
}

const SELECTED_MS = 50

/** `heard` is told what was typed, so that its echo is not said. */
export function touching(context: PanelContext, heard: (text: string) => void): Touching {
  const { alarms, emulator, host, say, show, type, view, words } = context
  let hands: Hands | null = null
  let input: SoftInput | null = null
  let ctrl: LatchState = UNLATCHED
  let alt: LatchState = UNLATCHED
  const coarse = isCoarse(host)
  const wanted = context.handlers().softKeys ?? 'auto'
  const row = wanted === 'auto' ? coarse : wanted === 'always'
  const release = coarse ? followKeyboard(panelOf(host)) : () => {}

  const modifiers = () => ({ ctrl: ctrl.latch !== 'off', alt: alt.latch !== 'off' })

  function latch(change: { readonly ctrl?: LatchState; readonly alt?: LatchState }): void {
    ctrl = change.ctrl ?? ctrl
    alt = change.alt ?? alt
    input?.eager(ctrl.latch !== 'off' || alt.latch !== 'off')
    draw()
  }

  function draw(): void {
    const keys = { ctrl: ctrl.latch, alt: alt.latch, selected: hands !== null && hands.selection() !== '' }
    const shown = view().softKeys ?? NO_KEYS
    if (shown.ctrl !== keys.ctrl || shown.alt !== keys.alt || shown.selected !== keys.selected) show({ softKeys: keys })
  }

  const spend = (): void => latch({ ctrl: used(ctrl), alt: used(alt) })

  return {
    row,
    ready(loaded) {
      hands = loaded.early.hands
      // A finger that selects does so many times a second.
      if (row) hands.onSelection(() => alarms.set('touch-selection', SELECTED_MS, draw))
      if (!row && !coarse) return
      void import('../xterm/underFingers.ts').then(({ fingersPart, softInputPart }) => {
        if (emulator() !== loaded) return
        input = loaded.part(softInputPart)
        if (coarse) loaded.part(fingersPart)
      })
    },
    press(key) {
      const dialog = key === 'Escape' ? openDialog(host) : null
      // Over a question, Escape is for the question.
      if (dialog !== null) return void dialog.dispatchEvent(escape())
      input?.finish()
      const bytes = keyBytes(key, modifiers(), hands?.applicationCursor() ?? false)
      heard(bytes)
      type(bytes)
      spend()
    },
    modifier(which, at) {
      const next = tapped(which === 'ctrl' ? ctrl : alt, at)
      latch({ [which]: next })
      if (next.latch === 'locked') say(which === 'ctrl' ? words().touch.ctrlLocked : words().touch.altLocked)
    },
    typed(text) {
      const held = modifiers()
      if (!held.ctrl && !held.alt) return text
      spend()
      return modified(text, held)
    },
    dispose: release,
  }
}

const panelOf = (host: HTMLElement): HTMLElement => host.closest<HTMLElement>('.nt') ?? host

/** Whether fingers point here; asked once, at mount. */
function isCoarse(host: HTMLElement): boolean {
  return host.ownerDocument.defaultView?.matchMedia?.('(pointer: coarse)').matches ?? false
}

/** What Escape would close: the part of the panel that has the focus and is not the grid. */
function openDialog(host: HTMLElement): Element | null {
  const panel = panelOf(host)
  const active = focusedBeside(panel)
  return active !== null && panel.contains(active) && !host.contains(active) ? active : null
}

const escape = (): KeyboardEvent => new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true })
