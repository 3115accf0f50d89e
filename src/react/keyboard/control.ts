/** The control characters that keys mean together with Ctrl. */

/** The control character of a key by what it types; null for a key that has none. */
export function controlOf(char: string): string | null {
  if (char === ' ' || char === '2') return '\u0000'
  if (char === '?' || char === '8') return '\u007f'
  // As _ has it, which asks for a further key: shells undo by it.
  if (char === '/') return '\u001f'
  const upper = char.toUpperCase()
  if (upper.length === 1 && upper >= '@' && upper <= '_') return String.fromCharCode(upper.charCodeAt(0) - 0x40)
  if (char >= '3' && char <= '7') return String.fromCharCode(char.charCodeAt(0) - 0x33 + 0x1b)
  return null
}

/** Ctrl with a sign, by the sign that the layout puts there: xterm.js goes by the place of the key on an American keyboard. */
export function signControl(press: {
  readonly key: string
  readonly ctrlKey: boolean
  readonly altKey: boolean
  readonly metaKey: boolean
}): string | null {
  const isSign = press.ctrlKey && !press.altKey && !press.metaKey && /^[@[\\\]^_/]$/.test(press.key)
  return isSign ? controlOf(press.key) : null
}
