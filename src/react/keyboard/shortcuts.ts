/** The keys that the panel takes before the shell gets them: one table with a form for each platform, and what a host changed in it. */

/** What a shortcut does. Leaving the grid (Escape, then Tab) is not here: nobody may switch it off. */
export const SHORTCUTS = [
  'find',
  'copy',
  'paste',
  'previous-command',
  'next-command',
  'page-up',
  'page-down',
  'end',
  'larger',
  'smaller',
  'guide',
  'text',
  'details',
] as const
export type Shortcut = (typeof SHORTCUTS)[number]

export type Platform = 'mac' | 'other'

/**
 * Keys in the form `Ctrl+Shift+F`: `Ctrl`, `Alt`, `Shift`, `Meta`, and last one character, `Plus`, or the name that
 * `KeyboardEvent.key` gives (`ArrowUp`, `PageUp`, `F1`). `false` leaves the key to the shell; `true` takes the design's form
 * where that is not taken by itself: larger and smaller text on a Mac, which is otherwise the browser's own zoom.
 */
export type ShortcutSetting = string | readonly string[] | boolean

/** What a host changes. `false` switches all off. */
export type ShortcutSettings = false | Readonly<Partial<Record<Shortcut, ShortcutSetting>>>

export interface Chord {
  readonly ctrl: boolean
  readonly alt: boolean
  readonly shift: boolean
  readonly meta: boolean
  /** As `KeyboardEvent.key` has it, letters in lower case. */
  readonly key: string
}

/** The parts of a keyboard event that tell a chord. */
export interface KeyPress {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
  readonly metaKey: boolean
}

export interface ShortcutTable {
  readonly platform: Platform
  readonly chords: Readonly<Record<Shortcut, readonly Chord[]>>
  /** Chords of the host that mean nothing. */
  readonly unknown: readonly string[]
}

interface Forms {
  readonly mac: readonly string[]
  readonly other: readonly string[]
  /** On a Mac the key is the browser's unless the host agrees. */
  readonly macAsks?: true
}

const FORMS: Readonly<Record<Shortcut, Forms>> = {
  find: { other: ['Ctrl+Shift+F'], mac: ['Meta+F'] },
  copy: { other: ['Ctrl+Shift+C', 'Ctrl+C'], mac: ['Meta+C'] },
  paste: { other: ['Ctrl+Shift+V', 'Shift+Insert'], mac: ['Meta+V'] },
  'previous-command': { other: ['Ctrl+Shift+ArrowUp'], mac: ['Meta+ArrowUp'] },
  'next-command': { other: ['Ctrl+Shift+ArrowDown'], mac: ['Meta+ArrowDown'] },
  'page-up': { other: ['Shift+PageUp'], mac: ['Shift+PageUp'] },
  'page-down': { other: ['Shift+PageDown'], mac: ['Shift+PageDown'] },
  end: { other: ['Ctrl+Shift+End'], mac: ['Meta+End'] },
  larger: { other: ['Ctrl+Shift+Plus'], mac: ['Meta+Plus'], macAsks: true },
  smaller: { other: ['Ctrl+Shift+-'], mac: ['Meta+-'], macAsks: true },
  guide: { other: ['Alt+F1'], mac: ['Alt+F1'] },
  text: { other: ['Alt+F2'], mac: ['Alt+F2'] },
  details: { other: ['Alt+F3'], mac: ['Alt+F3'] },
}

/** The table of a panel: the platform's forms, changed by what the host wants. */
export function shortcutTable(platform: Platform, settings: ShortcutSettings = {}): ShortcutTable {
  const unknown: string[] = []
  const chordsOf = (shortcut: Shortcut): readonly Chord[] =>
    wanted(shortcut, platform, settings).flatMap((text) => {
      const chord = parseChord(text)
      if (chord === null) unknown.push(text)
      return chord ?? []
    })
  const chords = Object.fromEntries(SHORTCUTS.map((shortcut) => [shortcut, chordsOf(shortcut)]))
  // Made from the list of all shortcuts, so that none is missing.
  return { platform, chords: chords as ShortcutTable['chords'], unknown }
}

function wanted(shortcut: Shortcut, platform: Platform, settings: ShortcutSettings): readonly string[] {
  const { [platform]: forms, macAsks } = FORMS[shortcut]
  const setting = settings === false ? false : settings[shortcut]
  if (setting === false) return []
  if (setting === true) return forms
  if (setting === undefined) return macAsks && platform === 'mac' ? [] : forms
  return typeof setting === 'string' ? [setting] : setting
}

const MODIFIERS: Readonly<Record<string, 'ctrl' | 'alt' | 'shift' | 'meta'>> = {
  Ctrl: 'ctrl',
  Alt: 'alt',
  Shift: 'shift',
  Meta: 'meta',
}

/** Null for what is no chord: a modifier that does not exist, or a plain character, which nobody could type any more. */
export function parseChord(text: string): Chord | null {
  const names = text.split('+')
  const last = names.pop() ?? ''
  const modifiers = names.map((name) => MODIFIERS[name])
  if (last === '' || last in MODIFIERS || modifiers.includes(undefined)) return null
  const has = (name: string): boolean => modifiers.some((modifier) => modifier === name)
  const chord = { ctrl: has('ctrl'), alt: has('alt'), shift: has('shift'), meta: has('meta'), key: keyName(last) }
  const isPlain = !chord.ctrl && !chord.alt && !chord.meta
  return isPlain && chord.key.length === 1 ? null : chord
}

const keyName = (name: string): string => (name === 'Plus' ? '+' : name.length === 1 ? name.toLowerCase() : name)

/** The shortcut that a key press means, and the chord by which. Null: the key is the shell's. */
export function shortcutOf(table: ShortcutTable, press: KeyPress): { readonly shortcut: Shortcut; readonly chord: Chord } | null {
  for (const shortcut of SHORTCUTS) {
    const chord = table.chords[shortcut].find((chord) => isPressed(chord, press))
    if (chord !== undefined) return { shortcut, chord }
  }
  return null
}

function isPressed(chord: Chord, press: KeyPress): boolean {
  return (
    chord.ctrl === press.ctrlKey &&
    chord.alt === press.altKey &&
    chord.meta === press.metaKey &&
    (chord.shift === press.shiftKey || (chord.key === '+' && chord.meta)) &&
    isKey(chord.key, press)
  )
}

/** Where the key for + gives another character with Shift: German, Spanish and Italian have *, the Nordic layouts ?. */
const SHIFTED_PLUS: ReadonlySet<string> = new Set(['*BracketRight', '?Minus'])

function isKey(key: string, { key: pressed, code }: KeyPress): boolean {
  if (pressed.toLowerCase() === key.toLowerCase()) return true
  if (key === '+') return pressed === '=' || SHIFTED_PLUS.has(`${pressed}${code}`)
  if (key === '-') return pressed === '_'
  // Cyrillic, Greek and others: the letter by its place.
  const isLetter = /^[a-z]$/.test(key)
  return isLetter && !/^[\u0020-\u007e]$/.test(pressed) && code === `Key${key.toUpperCase()}`
}

/** Ctrl with one letter and nothing else: a key that the shell has a use for. */
export const isShellKey = (chord: Chord): boolean => chord.ctrl && !chord.shift && !chord.alt && !chord.meta

const isSame = (one: Chord, other: Chord): boolean => JSON.stringify(one) === JSON.stringify(other)

/** The browser pastes by itself at this chord, with the clipboard that only a key press of the person opens. */
export function isNativePaste(chord: Chord, platform: Platform): boolean {
  return FORMS.paste[platform].some((text) => {
    const form = parseChord(text)
    return form !== null && isSame(form, chord)
  })
}

// ---- how keys are called ----------------------------------------------------------------------------------------------------

const KEY_LABELS: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
  Insert: 'Ins',
  Delete: 'Del',
  Escape: 'Esc',
  '-': '−',
}

const labelOfKey = (key: string): string => KEY_LABELS[key] ?? (key.length === 1 ? key.toUpperCase() : key)

function labelOfModifiers({ ctrl, alt, shift, meta }: Chord, platform: Platform): readonly string[] {
  const isMac = platform === 'mac'
  const names = [
    ctrl && (isMac ? '⌃' : 'Ctrl'),
    alt && (isMac ? '⌥' : 'Alt'),
    shift && (isMac ? '⇧' : 'Shift'),
    meta && (isMac ? '⌘' : 'Meta'),
  ]
  return names.filter((name) => name !== false)
}

/** `Ctrl Shift F`, on a Mac `⌘F`. */
export function chordLabel(chord: Chord, platform: Platform): string {
  const parts = [...labelOfModifiers(chord, platform), labelOfKey(chord.key)]
  return parts.join(platform === 'mac' ? '' : ' ')
}

/** The first chord of each shortcut; those that differ only in their key share the modifiers: `Shift PgUp / PgDn`. Empty: all are off. */
export function shortcutLabel(table: ShortcutTable, ...shortcuts: readonly Shortcut[]): string {
  const chords = shortcuts.flatMap((shortcut) => table.chords[shortcut][0] ?? [])
  const [first, ...more] = chords
  if (first === undefined) return ''
  const modifiers = labelOfModifiers(first, table.platform).join()
  const rest = more.map((chord) =>
    labelOfModifiers(chord, table.platform).join() === modifiers ? labelOfKey(chord.key) : chordLabel(chord, table.platform),
  )
  return [chordLabel(first, table.platform), ...rest].join(' / ')
}

/** For `aria-keyshortcuts`, in the words of that attribute. Undefined: the shortcut is off. */
export function ariaShortcut(table: ShortcutTable, shortcut: Shortcut): string | undefined {
  const names = table.chords[shortcut].map(({ ctrl, alt, shift, meta, key }) =>
    [
      ctrl && 'Control',
      alt && 'Alt',
      shift && 'Shift',
      meta && 'Meta',
      key === '+' ? 'Plus' : key.length === 1 ? key.toUpperCase() : key,
    ]
      .filter((name) => name !== false)
      .join('+'),
  )
  return names.length === 0 ? undefined : names.join(' ')
}
