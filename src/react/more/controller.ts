/** The More menu of one panel: what it offers now, and what each item does. */
import type { Deed, Keyboard } from '../keyboard/controller.ts'
import type { ShortcutTable } from '../keyboard/shortcuts.ts'
import type { Feature, PanelContext } from '../session/context.ts'
import { MORE, SHORTCUT, type MoreAction } from './moreItems.ts'

/** What the menu shows while it is open. */
export interface MoreView {
  readonly actions: readonly MoreAction[]
  readonly table: ShortcutTable
}

export interface More extends Feature {
  toggle(): void
  /** `back`: the button that opened it gets the focus. */
  close(back: boolean): void
  choose(action: MoreAction): void
}

/** Items after which the focus is somewhere else than in the grid. */
const KEEPS_FOCUS: ReadonlySet<MoreAction> = new Set<MoreAction>(['find', 'links', 'text', 'details', 'guide'])

/** What has a shortcut is done by the keyboard's own deed; `others` are those that have none. */
export function more(
  { focus, host, show, view }: PanelContext,
  keyboard: Keyboard,
  others: Partial<Record<MoreAction, Deed>>,
): More {
  function can(action: MoreAction): boolean {
    const shortcut = SHORTCUT[action]
    const deed = others[action]
    return shortcut === undefined ? deed !== undefined && (deed.can?.() ?? true) : keyboard.can(shortcut)
  }

  function close(back: boolean): void {
    if (view().more === undefined) return
    show({ more: undefined })
    if (back) host.closest('.nt')?.querySelector<HTMLElement>('[data-more]')?.focus()
  }

  return {
    toggle: () =>
      view().more === undefined ? show({ more: { actions: MORE.filter(can), table: keyboard.table() } }) : close(true),
    close,
    choose(action) {
      close(false)
      if (!KEEPS_FOCUS.has(action)) focus()
      const shortcut = SHORTCUT[action]
      if (shortcut === undefined) others[action]?.run()
      else keyboard.run(shortcut)
    },
  }
}
