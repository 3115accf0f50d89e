/** What the keys of the touch row send. The sequences are those of xterm's control sequences document. */
import { describe, expect, test } from 'vitest'
import { keyBytes, modified, tapped, UNLATCHED, used, type SoftKey } from './keys.ts'

const NONE = { ctrl: false, alt: false }
const CTRL = { ctrl: true, alt: false }
const ALT = { ctrl: false, alt: true }
const BOTH = { ctrl: true, alt: true }

describe('a key', () => {
  test.each<[SoftKey, string, string]>([
    ['Escape', '\u001b', '\u001b'],
    ['Tab', '\t', '\t'],
    ['ArrowUp', '\u001b[A', '\u001bOA'],
    ['ArrowDown', '\u001b[B', '\u001bOB'],
    ['ArrowRight', '\u001b[C', '\u001bOC'],
    ['ArrowLeft', '\u001b[D', '\u001bOD'],
    ['Home', '\u001b[H', '\u001bOH'],
    ['End', '\u001b[F', '\u001bOF'],
    ['PageUp', '\u001b[5~', '\u001b[5~'],
    ['PageDown', '\u001b[6~', '\u001b[6~'],
    ['|', '|', '|'],
    ['~', '~', '~'],
  ])('%s sends %j, and %j in the mode for full-screen programs', (key, normal, application) => {
    expect(keyBytes(key, NONE, false)).toBe(normal)
    expect(keyBytes(key, NONE, true)).toBe(application)
  })

  test.each<[SoftKey, typeof NONE, string]>([
    ['ArrowLeft', CTRL, '\u001b[1;5D'],
    ['ArrowRight', ALT, '\u001b[1;3C'],
    ['ArrowUp', BOTH, '\u001b[1;7A'],
    ['Home', CTRL, '\u001b[1;5H'],
    ['PageUp', CTRL, '\u001b[5;5~'],
    ['PageDown', ALT, '\u001b[6;3~'],
    ['Tab', ALT, '\u001b\t'],
    ['|', ALT, '\u001b|'],
  ])('%s with %j sends %j in either mode', (key, modifiers, bytes) => {
    expect(keyBytes(key, modifiers, false)).toBe(bytes)
    expect(keyBytes(key, modifiers, true)).toBe(bytes)
  })
})

describe('typed text', () => {
  test.each([
    ['c', CTRL, '\u0003'],
    ['C', CTRL, '\u0003'],
    ['z', CTRL, '\u001a'],
    ['[', CTRL, '\u001b'],
    ['_', CTRL, '\u001f'],
    ['/', CTRL, '\u001f'],
    ['@', CTRL, '\u0000'],
    [' ', CTRL, '\u0000'],
    ['?', CTRL, '\u007f'],
    ['6', CTRL, '\u001e'],
    ['1', CTRL, '1'],
    ['é', CTRL, 'é'],
    ['b', ALT, '\u001bb'],
    ['B', ALT, '\u001bB'],
    ['c', BOTH, '\u001b\u0003'],
    ['cd', CTRL, '\u0003d'],
    ['\r', ALT, '\u001b\r'],
    ['\u001b[D', CTRL, '\u001b[1;5D'],
    ['\u001bOC', ALT, '\u001b[1;3C'],
    ['c', NONE, 'c'],
  ])('%j with %j is %j', (text, modifiers, bytes) => {
    expect(modified(text, modifiers)).toBe(bytes)
  })
})

describe('Ctrl', () => {
  const taps = (...times: number[]) => times.reduce(tapped, UNLATCHED).latch

  test('tapped once is for the next key alone', () => {
    expect(taps(0)).toBe('once')
    expect(used(tapped(UNLATCHED, 0)).latch).toBe('off')
  })

  test('tapped twice at once is locked, and outlives keys', () => {
    expect(taps(0, 250)).toBe('locked')
    expect(used([0, 250].reduce(tapped, UNLATCHED)).latch).toBe('locked')
  })

  test('is let go by a later tap', () => {
    expect(taps(0, 900)).toBe('off')
    expect(taps(0, 250, 500)).toBe('off')
  })

  test('tapped quickly after its key was used begins anew', () => {
    expect(tapped(used(tapped(UNLATCHED, 0)), 100).latch).toBe('once')
  })
})
