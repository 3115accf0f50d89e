/** Which keys are the panel's and which the shell's, on each platform, and what a host may change. */
import { describe, expect, test } from 'vitest'
import {
  SHORTCUTS,
  ariaShortcut,
  chordLabel,
  isNativePaste,
  isShellKey,
  parseChord,
  shortcutLabel,
  shortcutOf,
  shortcutTable,
  type KeyPress,
  type Platform,
  type ShortcutSettings,
} from './shortcuts.ts'

/** `Ctrl+Shift+F` as a press on a US keyboard. */
function press(text: string, more: Partial<KeyPress> = {}): KeyPress {
  const names = text.split('+')
  const key = names.pop() ?? ''
  return {
    key,
    code: '',
    ctrlKey: names.includes('Ctrl'),
    altKey: names.includes('Alt'),
    shiftKey: names.includes('Shift'),
    metaKey: names.includes('Meta'),
    ...more,
  }
}

const meaning = (platform: Platform, key: KeyPress, settings?: ShortcutSettings) =>
  shortcutOf(shortcutTable(platform, settings), key)?.shortcut ?? null

describe('the design’s table', () => {
  test.each([
    ['Ctrl+Shift+F', 'find'],
    ['Ctrl+Shift+C', 'copy'],
    ['Ctrl+c', 'copy'],
    ['Ctrl+Shift+V', 'paste'],
    ['Shift+Insert', 'paste'],
    ['Ctrl+Shift+ArrowUp', 'previous-command'],
    ['Ctrl+Shift+ArrowDown', 'next-command'],
    ['Shift+PageUp', 'page-up'],
    ['Shift+PageDown', 'page-down'],
    ['Ctrl+Shift+End', 'end'],
    ['Ctrl+Shift+_', 'smaller'],
    ['Alt+F1', 'guide'],
    ['Alt+F2', 'text'],
    ['Alt+F3', 'details'],
  ])('on Windows and Linux %s means %s', (keys, shortcut) => {
    expect(meaning('other', press(keys))).toBe(shortcut)
  })

  test.each([
    ['Meta+f', 'find'],
    ['Meta+c', 'copy'],
    ['Meta+v', 'paste'],
    ['Meta+ArrowUp', 'previous-command'],
    ['Meta+ArrowDown', 'next-command'],
    ['Shift+PageUp', 'page-up'],
    ['Meta+End', 'end'],
    ['Alt+F1', 'guide'],
  ])('on a Mac %s means %s', (keys, shortcut) => {
    expect(meaning('mac', press(keys))).toBe(shortcut)
  })

  test('leaves the shell its own keys', () => {
    for (const keys of [
      'Ctrl+f',
      'Ctrl+v',
      'Ctrl+ArrowUp',
      'ArrowUp',
      'PageUp',
      'F1',
      'Alt+f',
      'Escape',
      'Tab',
      'Shift+Tab',
      'Insert',
    ])
      expect(meaning('other', press(keys)), keys).toBeNull()
    for (const keys of ['Ctrl+c', 'Ctrl+f', 'Alt+ArrowUp', 'End']) expect(meaning('mac', press(keys)), keys).toBeNull()
  })

  test.each([
    ['US', { key: '+', code: 'Equal' }],
    ['German', { key: '*', code: 'BracketRight' }],
    ['Swedish', { key: '?', code: 'Minus' }],
    ['number pad', { key: '+', code: 'NumpadAdd' }],
  ])('finds the key for larger text on a keyboard that is %s', (_, key) => {
    expect(meaning('other', press('Ctrl+Shift+', key))).toBe('larger')
  })

  test('a question mark on a US keyboard is not larger text', () => {
    expect(meaning('other', press('Ctrl+Shift+?', { code: 'Slash' }))).toBeNull()
  })

  test('finds letters by their place where the keyboard writes another script', () => {
    expect(meaning('other', press('Ctrl+Shift+А', { code: 'KeyF' }))).toBe('find')
    // Dvorak: the letter counts, not the place.
    expect(meaning('other', press('Ctrl+Shift+U', { code: 'KeyF' }))).toBeNull()
  })

  test('leaves the zoom of the browser on a Mac alone until the host agrees', () => {
    expect(meaning('mac', press('Meta+='))).toBeNull()
    expect(meaning('mac', press('Meta+=', { code: 'Equal' }), { larger: true })).toBe('larger')
    expect(meaning('mac', press('Meta+-'), { smaller: true })).toBe('smaller')
  })
})

describe('a host', () => {
  test('switches one off, and the shell gets the key', () => {
    expect(meaning('other', press('Ctrl+Shift+F'), { find: false })).toBeNull()
    expect(meaning('other', press('Ctrl+Shift+C'), { find: false })).toBe('copy')
  })

  test('switches all off', () => {
    const table = shortcutTable('other', false)
    expect(SHORTCUTS.flatMap((shortcut) => table.chords[shortcut])).toEqual([])
  })

  test('chooses other keys, one or several', () => {
    const settings = { find: 'Ctrl+K', guide: ['F1', 'Ctrl+Shift+?'] }
    expect(meaning('other', press('Ctrl+k'), settings)).toBe('find')
    expect(meaning('other', press('Ctrl+Shift+F'), settings)).toBeNull()
    expect(meaning('other', press('F1'), settings)).toBe('guide')
    expect(meaning('other', press('Ctrl+Shift+?'), settings)).toBe('guide')
  })

  test('is told which of its keys mean nothing', () => {
    const table = shortcutTable('other', { find: 'Control+K', text: 'x', copy: 'Shift+X', paste: 'Ctrl+', details: 'Ctrl' })
    expect(table.unknown).toEqual(['Control+K', 'Shift+X', 'Ctrl+', 'x', 'Ctrl'])
  })
})

test('keys are called what stands on them', () => {
  const label = (text: string, platform: Platform) => chordLabel(parseChord(text)!, platform)
  expect(label('Ctrl+Shift+F', 'other')).toBe('Ctrl Shift F')
  expect(label('Meta+F', 'mac')).toBe('⌘F')
  expect(label('Alt+F1', 'mac')).toBe('⌥F1')
  expect(label('Ctrl+Shift+-', 'other')).toBe('Ctrl Shift −')
  const table = shortcutTable('other')
  expect(shortcutLabel(table, 'page-up', 'page-down')).toBe('Shift PgUp / PgDn')
  expect(shortcutLabel(table, 'larger', 'smaller')).toBe('Ctrl Shift + / −')
  expect(shortcutLabel(shortcutTable('mac'), 'larger', 'smaller')).toBe('')
  expect(shortcutLabel(shortcutTable('other', { 'page-up': 'Ctrl+B' }), 'page-up', 'page-down')).toBe('Ctrl B / Shift PgDn')
  expect(ariaShortcut(table, 'larger')).toBe('Control+Shift+Plus')
  expect(ariaShortcut(table, 'copy')).toBe('Control+Shift+C Control+C')
  expect(ariaShortcut(shortcutTable('other', false), 'copy')).toBeUndefined()
})

test('Ctrl-C is the shell’s too, and the browser pastes by itself only at its own keys', () => {
  expect(isShellKey(parseChord('Ctrl+C')!)).toBe(true)
  expect(isShellKey(parseChord('Ctrl+Shift+C')!)).toBe(false)
  expect(isNativePaste(parseChord('Shift+Insert')!, 'other')).toBe(true)
  expect(isNativePaste(parseChord('Ctrl+Y')!, 'other')).toBe(false)
})
