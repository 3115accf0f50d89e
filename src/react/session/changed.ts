/** How what is drawn of a panel changes; apart from what is drawn at first, which every page loads. */
import type { PanelView } from './view.ts'

/** What covers the view, and has the focus until it is closed. */
const COVERS = { more: undefined, guide: undefined, outputText: undefined } satisfies Partial<PanelView>
/** What a person opens: it takes the place of what covers the view. */
const OPENED = ['more', 'guide', 'outputText', 'details', 'find', 'link', 'links', 'paste'] as const

/** The old object if nothing in it changed, so that nothing renders. */
export function changed(view: PanelView, change: Partial<PanelView>): PanelView {
  const opens = OPENED.some((part) => change[part] !== undefined)
  const whole: Partial<PanelView> = opens ? { ...COVERS, ...change } : change
  const keys = Object.keys(whole) as (keyof PanelView)[] // the keys of a Partial<PanelView>
  return keys.some((key) => view[key] !== whole[key]) ? { ...view, ...whole } : view
}
