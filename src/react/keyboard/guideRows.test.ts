/** What the list of shortcuts says, with and without changes of the host. */
import { expect, test } from 'vitest'
import { german } from '../words/de.ts'
import { english } from '../words/english.ts'
import { guideRows } from './guideRows.ts'
import { shortcutTable, type ShortcutSettings } from './shortcuts.ts'

const rows = (settings: ShortcutSettings, platform: 'mac' | 'other' = 'other', lacks: readonly string[] = []) =>
  Object.fromEntries(
    guideRows(shortcutTable(platform, settings), english.shortcuts, (shortcut) => !lacks.includes(shortcut)).map(
      ({ what, keys }) => [what, keys],
    ),
  )

test('the keys are those of the platform', () => {
  expect(rows({})['Find in output']).toBe('Ctrl Shift F')
  expect(rows({}, 'mac')['Find in output']).toBe('⌘F')
  expect(rows({}, 'mac')).not.toHaveProperty('Larger or smaller text')
  expect(rows({ larger: true, smaller: true }, 'mac')['Larger or smaller text']).toBe('⌘+ / −')
})

test('what is off or cannot be done has no row, and the way out always has one', () => {
  expect(rows({ details: false, find: 'Ctrl+K' }, 'other', ['next-command'])).toMatchObject({ 'Find in output': 'Ctrl K' })
  expect(rows({ details: false })).not.toHaveProperty('Connection details')
  expect(rows({}, 'other', ['next-command'])).not.toHaveProperty('Next command')
  expect(rows(false)).toEqual({ 'Leave the terminal': 'Esc, then Tab' })
})

test('keys have the names that stand on the keyboards of the language', () => {
  const keys = (platform: 'mac' | 'other') =>
    Object.fromEntries(guideRows(shortcutTable(platform, {}), german.shortcuts, () => true).map(({ what, keys }) => [what, keys]))
  expect(keys('other')).toMatchObject({
    'In der Ausgabe suchen': 'Strg Umschalt F',
    'Eine Seite blättern': 'Umschalt Bild↑ / Bild↓',
    'Zum Ende springen': 'Strg Umschalt Ende',
    'Diese Liste': 'Alt F1',
  })
  expect(keys('mac')['In der Ausgabe suchen']).toBe('⌘F')
})
