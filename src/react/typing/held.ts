/** How keys that wait for the connection are drawn: as the text they would make, or as dots where they may be a password. */

const SHOWN = 400

/** The glyphs of typed text: a deletion takes the last one away, Enter has a sign, what moves the cursor is not drawn. */
export function glyphs(typed: string): readonly string[] {
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  const plain = typed.replaceAll(/\u001b(?:\[[0-?]*[ -/]*[@-~]|O[@-~]|.)?/g, '')
  const out: string[] = []
  for (const char of plain) {
    const code = char.codePointAt(0) ?? 0
    if (char === '\u007f' || char === '\b') out.pop()
    else if (char === '\r' || char === '\n') out.push('⏎')
    else if (char === '\t') out.push('⇥')
    else if (code < 0x20) out.push(`^${String.fromCharCode(code + 0x40)}`)
    else if (code < 0x80 || code > 0x9f) out.push(char)
  }
  return out
}

/** What stands after the cursor. Never a letter of what was typed where nothing was echoed. */
export function heldText(typed: string, masked: boolean): string {
  const shown = glyphs(typed).slice(0, SHOWN)
  return masked ? '•'.repeat(shown.length) : shown.join('')
}
