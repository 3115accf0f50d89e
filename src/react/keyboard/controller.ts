/** The shortcuts of one panel: takes its keys before the shell gets them, and does what they mean as far as the panel can. */
import type { Feature, PanelContext } from '../session/context.ts'
import type { Hands } from '../xterm/hands.ts'
import { comingBack } from './comingBack.ts'
import {
  isNativePaste,
  isShellKey,
  shortcutOf,
  shortcutTable,
  type Platform,
  type Shortcut,
  type ShortcutSettings,
  type ShortcutTable,
} from './shortcuts.ts'

/** Something that a shortcut or the More menu does. */
export interface Deed {
  /** Absent: always. */
  readonly can?: () => boolean
  readonly run: () => void
}

export type Deeds = Readonly<Partial<Record<Shortcut, Deed>>>

export interface Keyboard extends Feature {
  table(): ShortcutTable
  /** The panel knows how, though perhaps not now. */
  knows(shortcut: Shortcut): boolean
  can(shortcut: Shortcut): boolean
  run(shortcut: Shortcut): void
  closeGuide(): void
  /** A key event anywhere in the panel but in the grid; true takes it. */
  outside(event: KeyboardEvent): boolean
}

/** Pixels that the text may be smaller or larger than the host has it. */
const SMALLEST = -5
const LARGEST = 19
/** What a row grows by for each pixel of its text. */
const ROW_GROWS = 18 / 13

/** Shortcuts that mean something where no grid has the focus. */
const ANYWHERE: ReadonlySet<Shortcut> = new Set<Shortcut>(['find', 'guide', 'text', 'details', 'larger', 'smaller'])

export function keyboard(context: PanelContext, others: Deeds): Keyboard {
  const { handlers, host, show, view } = context
  const focus = comingBack(context)
  let hands: Hands | null = null
  let newest: { readonly settings: ShortcutSettings | undefined; readonly table: ShortcutTable } | null = null
  /** The names without a key that the host has heard of. */
  let told = ''
  let larger = 0

  const hasHands = (): boolean => hands !== null
  const deeds: Deeds = {
    // The browser pastes by itself at its own keys; the deed is for other keys and for the menu.
    'page-up': { can: hasHands, run: () => hands?.scrollPages(-1) },
    'page-down': { can: hasHands, run: () => hands?.scrollPages(1) },
    end: { can: hasHands, run: () => hands?.scrollToEnd() },
    larger: { can: () => larger < LARGEST, run: () => resize(1) },
    smaller: { can: () => larger > SMALLEST, run: () => resize(-1) },
    guide: { run: () => (view().guide === undefined ? openGuide() : closeGuide()) },
    ...others,
  }

  function openGuide(): void {
    focus.leave()
    show({ guide: true })
  }

  function closeGuide(): void {
    show({ guide: undefined })
    focus.back()
  }

  /** Made anew when the host changes its settings. */
  function table(): ShortcutTable {
    const settings = handlers().shortcuts
    if (newest !== null && newest.settings === settings) return newest.table
    newest = { settings, table: shortcutTable(platform(), settings) }
    const unknown = newest.table.unknown.join(', ')
    // A host may make its settings anew with each render.
    if (unknown !== '' && unknown !== told)
      handlers().onError?.(new Error(`No key is called ${unknown}. Shortcuts look like Ctrl+Shift+F, Alt+F1, Meta+Plus.`))
    told = unknown
    return newest.table
  }

  const can = (shortcut: Shortcut): boolean => {
    const deed = deeds[shortcut]
    return deed !== undefined && (deed.can?.() ?? true)
  }

  function resize(by: number): void {
    larger = Math.max(SMALLEST, Math.min(LARGEST, larger + by))
    const panel = host.closest<HTMLElement>('.nt')
    panel?.style.setProperty('--_larger', `${larger}px`)
    panel?.style.setProperty('--_row-larger', `${Math.round(larger * ROW_GROWS)}px`)
  }

  function key(event: KeyboardEvent): boolean {
    const meant = shortcutOf(table(), event)
    if (meant === null || deeds[meant.shortcut] === undefined) return false
    const { shortcut, chord } = meant
    if (!can(shortcut)) return !isShellKey(chord) && shortcut === 'copy'
    deeds[shortcut]?.run()
    return true
  }

  return {
    ready: ({ early }) => {
      hands = early.hands
    },
    table,
    knows: (shortcut) => deeds[shortcut] !== undefined,
    can,
    run: (shortcut) => can(shortcut) && deeds[shortcut]?.run(),
    key(event) {
      const meant = shortcutOf(table(), event)
      // What the browser pastes comes as an event of its own.
      if (meant?.shortcut === 'paste' && isNativePaste(meant.chord, table().platform)) return false
      return key(event)
    },
    outside(event) {
      const meant = shortcutOf(table(), event)
      return meant !== null && ANYWHERE.has(meant.shortcut) && key(event)
    },
    closeGuide,
  }
}

const platform = (): Platform =>
  typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform) ? 'mac' : 'other'
