/** Where a composition stands, and that none is lost: xterm.js draws it beyond the grid, and out of sight of whoever looks back. */
import type { EmulatorPart, Inside } from './api.ts'

/** What xterm.js 6.0.0 has inside; not public. With another version, which looks different inside, it draws in its own way. */
interface Core {
  readonly _core?: { readonly _compositionHelper?: CompositionHelper }
}

interface CompositionHelper {
  /** Text that was composed is sent with the next task. */
  readonly _isSendingComposition?: boolean
  _finalizeComposition?(wait: boolean): void
  updateCompositionElements?(once?: boolean): void
}

export function composingPart({ terminal, signal }: Inside): EmulatorPart {
  const { textarea: field, element } = terminal
  const helper = core(terminal)._core?._compositionHelper
  const place = helper?.updateCompositionElements?.bind(helper)
  const view = element?.querySelector<HTMLElement>('.composition-view')
  const screen = element?.querySelector('.xterm-screen')
  if (!field || !helper || !place || !view || !screen) return {}

  helper.updateCompositionElements = (once) => {
    place(once)
    const over = view.offsetLeft + view.offsetWidth - screen.clientWidth
    // The browser would scroll the grid to what is composed. Its end is what a person looks at.
    if (over > 0 && view.classList.contains('active')) view.style.left = field.style.left = `${view.offsetLeft - over}px`
  }
  field.addEventListener('compositionstart', () => terminal.scrollToBottom(), { signal })
  // The field is emptied without the focus.
  const leave = (): void => {
    if (helper._isSendingComposition) helper._finalizeComposition?.(false)
  }
  field.addEventListener('blur', leave, { signal, capture: true })
  return {}
}

const core = (terminal: object): Core => terminal
