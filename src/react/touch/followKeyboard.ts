/** Lets a panel end above the on-screen keyboard: one change of its height, once the keyboard stands still. */
import { focusedBeside } from '../focused.ts'
import { coveredBy } from './covered.ts'

const SETTLED_MS = 150

/** Follows until the returned function is called. The panel's height is taken back where it has no focus. */
export function followKeyboard(panel: HTMLElement): () => void {
  const view = panel.ownerDocument.defaultView
  const visual = view?.visualViewport
  if (!view || !visual) return () => {}
  const abort = new AbortController()
  const { signal } = abort
  let given = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function follow(): void {
    const active = focusedBeside(panel)
    const hasFocus = active !== null && panel.contains(active)
    const { offsetTop, height, scale } = visual as VisualViewport // checked above
    const visible = { offsetTop, height, scale, layoutHeight: panel.ownerDocument.documentElement.clientHeight }
    const box = panel.getBoundingClientRect()
    const next = hasFocus ? coveredBy(visible, box, given) : 0
    // Only what lies at the end of the screen keeps clear of its rounded corners.
    panel.toggleAttribute('data-last', next === 0 && box.bottom + given >= visible.layoutHeight - 1)
    if (next === given) return
    given = next
    if (next === 0) panel.style.removeProperty('--_covered')
    else panel.style.setProperty('--_covered', `${next}px`)
  }

  function soon(): void {
    clearTimeout(timer)
    timer = setTimeout(follow, SETTLED_MS)
  }

  for (const event of ['resize', 'scroll']) visual.addEventListener(event, soon, { signal })
  soon()
  for (const event of ['focusin', 'focusout']) panel.addEventListener(event, soon, { signal })
  return () => {
    abort.abort()
    clearTimeout(timer)
    panel.style.removeProperty('--_covered')
  }
}
