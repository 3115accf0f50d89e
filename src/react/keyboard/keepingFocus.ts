/** Keeps the focus in the panel when the button that has it goes: More takes it, where no key reaches the shell. */
import { focusedBeside } from '../focused.ts'
import type { Feature, PanelContext } from '../session/context.ts'

export function keepingFocus({ host }: PanelContext): Feature {
  const panel = host.closest<HTMLElement>('.nt')
  if (panel === null) return {}
  const abort = new AbortController()
  const { signal } = abort
  let last: Element | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const watch = new MutationObserver(() => {
    if (last === null || last.isConnected) return
    forget()
    const focused = focusedBeside(panel)
    if (focused !== null && focused !== panel.ownerDocument.body) return
    const stop = panel.querySelector<HTMLElement>('[data-more]') ?? panel.querySelector<HTMLElement>('.nt-dot')
    stop?.focus({ preventScroll: true })
  })

  function forget(): void {
    clearTimeout(timer)
    last = null
    watch.disconnect()
  }

  function enter({ target }: FocusEvent): void {
    forget()
    if (panel === null || !(target instanceof Element) || host.contains(target)) return
    last = target
    watch.observe(panel, { childList: true, subtree: true })
  }

  panel.addEventListener('focusin', enter, { signal })
  // Browsers tell of an element that is taken away as of one that is left: whether it is still there shows a moment later.
  panel.addEventListener('focusout', () => (timer = setTimeout(forget)), { signal })
  return {
    dispose() {
      abort.abort()
      forget()
    },
  }
}
