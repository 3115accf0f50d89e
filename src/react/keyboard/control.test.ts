/** What Ctrl makes of signs, wherever a layout has them. */
import { describe, expect, test } from 'vitest'
import { signControl } from './control.ts'

const CTRL = { ctrlKey: true, altKey: false, metaKey: false }

describe('Ctrl with a sign', () => {
  test.each([
    ['/', '\u001f'],
    ['_', '\u001f'],
    ['^', '\u001e'],
    [']', '\u001d'],
    ['\\', '\u001c'],
    ['[', '\u001b'],
    ['@', '\u0000'],
  ])('%s is %j', (key, bytes) => {
    expect(signControl({ key, ...CTRL })).toBe(bytes)
  })

  test.each(['a', '2', '?', '-', 'ß', 'Dead', 'ArrowUp', 'Enter', ''])('leaves “%s” to the emulator', (key) => {
    expect(signControl({ key, ...CTRL })).toBeNull()
  })

  test('is no sign of AltGr on Windows, which is Ctrl with Alt, and no shortcut of a Mac', () => {
    expect(signControl({ key: '@', ...CTRL, altKey: true })).toBeNull()
    expect(signControl({ key: '/', ...CTRL, metaKey: true })).toBeNull()
    expect(signControl({ key: '/', ...CTRL, ctrlKey: false })).toBeNull()
  })
})
