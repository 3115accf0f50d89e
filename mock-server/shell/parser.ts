/** A command line, read as a shell reads it: words, quotes, variables, `;`, `&&` and `||`. Pure. */

/** A word is made of pieces; a variable is looked up when the command runs. */
export type Piece = { readonly text: string } | { readonly variable: string }
export type Word = readonly Piece[]

export interface SimpleCommand {
  readonly words: readonly Word[]
  /** Runs always, only after success, or only after failure of the one before. */
  readonly runs: 'always' | 'after-success' | 'after-failure'
}

export type Parsed =
  { readonly ok: true; readonly commands: readonly SimpleCommand[] } | { readonly ok: false; readonly problem: string }

const OPERATORS = [
  ['&&', 'after-success'],
  ['||', 'after-failure'],
  [';', 'always'],
] as const
const BLANK = /\s/
const VARIABLE = /^\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\}|(\?))/
/** What other shells do and this one does not. */
const FOREIGN = /^[|<>&()`]/

/** Reads a line. A problem is a sentence without a full stop, as shells write them. */
export function parse(line: string): Parsed {
  const commands: SimpleCommand[] = []
  let words: Word[] = []
  let word: Piece[] | null = null
  let runs: SimpleCommand['runs'] = 'always'
  let at = 0

  const add = (piece: Piece): void => void (word ??= []).push(piece)
  const endWord = (): void => {
    if (word !== null) words.push(joined(word))
    word = null
  }

  while (at < line.length) {
    const rest = line.slice(at)
    const char = rest[0] ?? ''
    const operator = OPERATORS.find(([sign]) => rest.startsWith(sign))
    if (operator !== undefined) {
      endWord()
      if (words.length === 0) return problem(`unexpected "${operator[0]}"`)
      commands.push({ words, runs })
      words = []
      runs = operator[1]
      at += operator[0].length
    } else if (BLANK.test(char)) {
      endWord()
      at++
    } else if (char === '#' && word === null) {
      break
    } else if (char === "'") {
      const end = line.indexOf("'", at + 1)
      if (end < 0) return problem('a quote is not closed')
      add({ text: line.slice(at + 1, end) })
      at = end + 1
    } else if (char === '"') {
      const quoted = readDouble(line, at + 1)
      if (quoted === null) return problem('a quote is not closed')
      for (const piece of quoted.pieces) add(piece)
      at = quoted.end
    } else if (char === '\\') {
      add({ text: line[at + 1] ?? '\\' })
      at += 2
    } else if (FOREIGN.test(rest)) {
      return problem(`this small shell does not know "${char}"`)
    } else {
      const [piece, length] = readPlain(rest)
      add(piece)
      at += length
    }
  }
  endWord()
  if (words.length > 0) commands.push({ words, runs })
  else if (runs !== 'always') return problem('something is missing at the end')
  return { ok: true, commands }
}

function problem(problem: string): Parsed {
  return { ok: false, problem }
}

function readPlain(rest: string): [Piece, number] {
  const variable = variableAt(rest)
  // One code point at a time, so that a pair is never torn.
  const char = String.fromCodePoint(rest.codePointAt(0) ?? 0)
  return variable ?? [{ text: char }, char.length]
}

function variableAt(rest: string): [Piece, number] | null {
  const found = VARIABLE.exec(rest)
  return found === null ? null : [{ variable: found[1] ?? found[2] ?? '?' }, found[0].length]
}

/** What stands between double quotes, from behind the first one. */
function readDouble(line: string, start: number): { readonly pieces: readonly Piece[]; readonly end: number } | null {
  // An empty pair of quotes is a word too.
  const pieces: Piece[] = [{ text: '' }]
  for (let at = start; at < line.length;) {
    const rest = line.slice(at)
    if (rest.startsWith('"')) return { pieces, end: at + 1 }
    const escaped = /^\\(["\\$`])/.exec(rest)
    const [piece, length] = escaped === null ? readPlain(rest) : [{ text: escaped[1] ?? '' }, 2]
    pieces.push(piece)
    at += length
  }
  return null
}

function joined(word: readonly Piece[]): Word {
  const pieces: Piece[] = []
  for (const piece of word) {
    const last = pieces.at(-1)
    if (last !== undefined && 'text' in last && 'text' in piece) pieces[pieces.length - 1] = { text: last.text + piece.text }
    else pieces.push(piece)
  }
  return pieces
}

/** The word with its variables filled in. */
export function expand(word: Word, valueOf: (name: string) => string): string {
  return word.map((piece) => ('text' in piece ? piece.text : valueOf(piece.variable))).join('')
}

/** The word in quotes, so that a shell reads it as it is. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
