/** The colours of the style sheet have the contrast that they were chosen for. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const css = readFileSync(join(import.meta.dirname, 'colours.css'), 'utf8')

type Theme = Readonly<Record<string, string>>

/** The colours of the block that begins with this selector, in light and in dark. */
function themesOf(selector: string): readonly [light: Theme, dark: Theme] {
  const from = css.indexOf('{', css.indexOf(selector))
  const block = css.slice(from, css.indexOf('}', from))
  const themes: [Record<string, string>, Record<string, string>] = [{}, {}]
  for (const [, name = '', publicName, light = '', dark = ''] of block.matchAll(
    /--_([\w-]+): var\(--nimbus-terminal-([\w-]+), light-dark\((#\w{6}), (#\w{6})\)\);/g,
  )) {
    expect(publicName).toBe(name)
    themes[0][name] = light
    themes[1][name] = dark
  }
  return themes
}

/** Relative luminance as WCAG 2 defines it. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function ratio(theme: Theme, one: string, other: string): number {
  const [low = 0, high = 0] = [one, other].map((name) => luminance(theme[name] ?? '')).sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

const [light, dark] = themesOf(':where(.nt) {')
const [lightMore, darkMore] = themesOf(":where(.nt[data-contrast='more'])")
const themes = { light, dark, 'high contrast light': lightMore, 'high contrast': darkMore }

const GROUNDS = ['surface', 'surface-raised', 'tint-neutral', 'tint-info', 'tint-warn', 'tint-error']
/** What is read, and what it is read on. */
const TEXT: readonly (readonly [text: string, ground: string])[] = [
  ['foreground', 'background'],
  ['foreground', 'selection'],
  ['foreground', 'selection-inactive'],
  ['foreground', 'match'],
  ['held', 'background'],
  ['on-accent', 'accent'],
  ['on-match-active', 'match-active'],
  ...GROUNDS.map((ground) => ['text', ground] as const),
  ...['surface', 'surface-raised', 'background'].map((ground) => ['text-muted', ground] as const),
  ...['ok', 'warn', 'error', 'accent'].map((tone) => [tone, 'surface'] as const),
  ['warn', 'tint-warn'],
  ['error', 'tint-error'],
  ['accent', 'tint-info'],
]
/** What is only seen. */
const SIGNS: readonly (readonly [sign: string, ground: string])[] = [
  ...GROUNDS.map((ground) => ['border-control', ground] as const),
  ['cursor', 'background'],
  ['focus', 'background'],
  ['focus', 'surface'],
  ['match-active', 'background'],
  ['progress', 'surface'],
]

describe.each(Object.entries(themes))('the colours of the theme %s', (name, theme) => {
  const isMore = name.startsWith('high')

  test.each(TEXT)('%s can be read on %s', (text, ground) => {
    expect(ratio(theme, text, ground)).toBeGreaterThanOrEqual(isMore ? 7 : 4.5)
  })

  test.each(SIGNS)('%s can be seen on %s', (sign, ground) => {
    expect(ratio(theme, sign, ground)).toBeGreaterThanOrEqual(isMore ? 4.5 : 3)
  })
})

test('the ratios are those that were measured when the colours were chosen', () => {
  const pairs = [
    ['foreground', 'background'],
    ['border-control', 'surface'],
    ['text', 'surface'],
    ['text-muted', 'surface'],
    ['accent', 'surface'],
    ['on-accent', 'accent'],
    ['ok', 'surface'],
    ['warn', 'tint-warn'],
    ['error', 'tint-error'],
    ['cursor', 'background'],
    ['match-active', 'background'],
    ['held', 'background'],
    ['focus', 'background'],
    ['progress', 'surface'],
  ] as const
  const measured = pairs.map(([one, other]) =>
    [light, dark, darkMore].map((theme) => ratio(theme, one, other).toFixed(1)).join(' '),
  )
  expect(Object.fromEntries(pairs.map(([one], index) => [one, measured[index]]))).toEqual({
    foreground: '15.6 13.5 21.0',
    'border-control': '3.5 3.9 21.0',
    text: '15.0 13.2 21.0',
    'text-muted': '5.6 6.8 14.9',
    accent: '5.2 7.2 14.1',
    'on-accent': '5.7 8.4 14.1',
    ok: '4.7 8.2 14.6',
    warn: '4.9 7.9 15.1',
    error: '5.4 5.8 10.3',
    cursor: '15.6 14.6 21.0',
    'match-active': '5.6 10.5 15.1',
    held: '6.0 9.5 15.1',
    focus: '5.5 8.0 15.1',
    progress: '5.2 7.2 14.1',
  })
})

test('a person who asks the system for more contrast gets the colours that a host can ask for', () => {
  expect(themesOf(":where(.nt:not([data-contrast='normal']))")).toEqual([lightMore, darkMore])
})

test('every theme has every colour', () => {
  for (const theme of Object.values(themes)) expect(Object.keys(theme)).toEqual(Object.keys(light))
  expect(Object.keys(light)).toHaveLength(43)
})
