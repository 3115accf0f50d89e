/** Input bytes, read as the keys that a person pressed and the answers that an emulator gave, however the bytes are cut into pieces. */

export type Key =
  /** One code point that stands for itself. */
  | { readonly kind: 'text'; readonly text: string }
  /** `enter`, `left`, `ctrl-a`, `delete`, … */
  | { readonly kind: 'key'; readonly name: string }
  /** Any other sequence, without its ESC. */
  | { readonly kind: 'sequence'; readonly text: string }

const NAMED: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\x7f': 'backspace',
  '\b': 'backspace',
  '[A': 'up',
  '[B': 'down',
  '[C': 'right',
  '[D': 'left',
  OA: 'up',
  OB: 'down',
  OC: 'right',
  OD: 'left',
  '[H': 'home',
  '[F': 'end',
  OH: 'home',
  OF: 'end',
  '[1~': 'home',
  '[4~': 'end',
  '[7~': 'home',
  '[8~': 'end',
  '[3~': 'delete',
  '[200~': 'paste-begins',
  '[201~': 'paste-ends',
}

/** A longer sequence is none; what began it is forgotten. */
const LONGEST_SEQUENCE = 4096

const CSI = /^\[[0-?]*[ -/]*[@-~]$/
const CSI_SO_FAR = /^\[[0-?]*[ -/]*$/

export interface KeyReader {
  /** The keys that these bytes complete. What is begun waits for the next bytes. */
  read(bytes: Uint8Array<ArrayBuffer>): readonly Key[]
}

export function createKeyReader(): KeyReader {
  const decoder = new TextDecoder()
  /** What follows an ESC so far; null outside a sequence. */
  let sequence: string | null = null

  function next(char: string): Key | null {
    if (sequence === null) return begin(char)
    // Whatever comes inside a string belongs to it, an ESC too; elsewhere it begins anew.
    if (char === '\x1b' && !isString(sequence)) return begin(char)
    sequence += char
    const state = stateOf(sequence)
    if (state === 'open') return null
    const text = sequence
    sequence = null
    return state === 'no sequence' ? null : named(text)
  }

  function begin(char: string): Key | null {
    if (char === '\x1b') {
      sequence = ''
      return null
    }
    sequence = null
    return plain(char)
  }

  return {
    read: (bytes) => Array.from(decoder.decode(bytes, { stream: true })).flatMap((char) => next(char) ?? []),
  }
}

function plain(char: string): Key {
  const name = NAMED[char]
  if (name !== undefined) return { kind: 'key', name }
  const code = char.charCodeAt(0)
  return code < 0x20 ? { kind: 'key', name: `ctrl-${String.fromCharCode(code + 0x60)}` } : { kind: 'text', text: char }
}

function named(sequence: string): Key {
  const name = NAMED[sequence]
  return name === undefined ? { kind: 'sequence', text: sequence } : { kind: 'key', name }
}

/** OSC, DCS, APC, PM: they end with BEL or ESC \. */
function isString(sequence: string): boolean {
  return /^[\]P_^]/.test(sequence)
}

function stateOf(sequence: string): 'open' | 'whole' | 'no sequence' {
  if (sequence.length > LONGEST_SEQUENCE) return 'no sequence'
  if (isString(sequence)) return sequence.endsWith('\x07') || sequence.endsWith('\x1b\\') ? 'whole' : 'open'
  if (sequence.startsWith('[')) return CSI.test(sequence) ? 'whole' : CSI_SO_FAR.test(sequence) ? 'open' : 'no sequence'
  if (sequence.startsWith('O')) return sequence.length === 2 ? 'whole' : 'open'
  return 'whole'
}
