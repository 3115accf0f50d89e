/** The texts that go through the clipboard and through drops: a selection without blanks at its ends, and paths that a shell reads as they are. */

/** A selection as it is copied: rows that the terminal wrapped are one already; the blanks after each line go. */
export function copied(selection: string): string {
  return selection.replaceAll(/[ \t]+(?=\r?\n|$)/g, '')
}

/** Characters that no shell gives a meaning to. */
const PLAIN = /^[\p{L}\p{N}_@%+=:,./-]+$/u

/** Paths as words of a POSIX shell, with a blank after each, as if a person had typed them. */
export function quoted(paths: readonly string[]): string {
  return paths.map((path) => `${wordOf(path)} `).join('')
}

function wordOf(path: string): string {
  // A name that begins with - would be an option.
  const name = path.startsWith('-') ? `./${path}` : path
  return PLAIN.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`
}
