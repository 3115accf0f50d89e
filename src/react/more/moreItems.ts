/** The items of the More menu, in an order that does not change. */
import { ariaShortcut, shortcutLabel, type Shortcut, type ShortcutTable } from '../keyboard/shortcuts.ts'
import type { Words } from '../words/words.ts'
import type { MenuItem } from './Menu.tsx'

export const MORE = [
  'find',
  'copy',
  'paste',
  'links',
  'select-all',
  'clear',
  'text',
  'save',
  'save-colours',
  'larger',
  'smaller',
  'details',
  'guide',
] as const
export type MoreAction = (typeof MORE)[number]

const WORD: Readonly<Record<MoreAction, keyof Words['more']>> = {
  find: 'find',
  copy: 'copy',
  paste: 'paste',
  links: 'links',
  'select-all': 'selectAll',
  clear: 'clear',
  text: 'text',
  save: 'save',
  'save-colours': 'saveColours',
  larger: 'larger',
  smaller: 'smaller',
  details: 'details',
  guide: 'guide',
}

export const SHORTCUT: Readonly<Partial<Record<MoreAction, Shortcut>>> = {
  find: 'find',
  copy: 'copy',
  paste: 'paste',
  text: 'text',
  larger: 'larger',
  smaller: 'smaller',
  details: 'details',
  guide: 'guide',
}

export function moreItems(
  actions: readonly MoreAction[],
  table: ShortcutTable,
  words: Pick<Words, 'more' | 'shortcuts'>,
): readonly MenuItem<MoreAction>[] {
  return actions.map((id) => {
    const shortcut = SHORTCUT[id]
    const label = words.more[WORD[id]]
    return shortcut === undefined
      ? { id, label }
      : { id, label, keys: words.shortcuts.keys(shortcutLabel(table, shortcut)), ariaKeys: ariaShortcut(table, shortcut) }
  })
}
