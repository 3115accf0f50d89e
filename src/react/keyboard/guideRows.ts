/** The rows of the shortcut guide: what can be done, and by which keys on this platform with this host's changes. */
import type { Words } from '../words/words.ts'
import { shortcutLabel, type Shortcut, type ShortcutTable } from './shortcuts.ts'

export interface GuideRow {
  readonly what: string
  readonly keys: string
}

type RowWord = Exclude<keyof Words['shortcuts'], 'title' | 'leaveKeys' | 'keys'>

/** No shortcut: the keys to leave the grid, which are nobody's to change. */
const ROWS: readonly (readonly [RowWord, ...Shortcut[]])[] = [
  ['find', 'find'],
  ['copy', 'copy'],
  ['paste', 'paste'],
  ['previous', 'previous-command'],
  ['next', 'next-command'],
  ['page', 'page-up', 'page-down'],
  ['end', 'end'],
  ['size', 'larger', 'smaller'],
  ['leave'],
  ['text', 'text'],
  ['details', 'details'],
  ['guide', 'guide'],
]

/** Only what works: `knows` tells what this panel can do at all, and a shortcut without keys has no row. */
export function guideRows(
  table: ShortcutTable,
  words: Words['shortcuts'],
  knows: (shortcut: Shortcut) => boolean,
): readonly GuideRow[] {
  return ROWS.flatMap(([word, ...shortcuts]) => {
    const keys = shortcuts.length === 0 ? words.leaveKeys : words.keys(shortcutLabel(table, ...shortcuts.filter(knows)))
    return keys === '' ? [] : [{ what: words[word], keys }]
  })
}
