/** Reads the marks that a shell writes around its prompts and commands: OSC 133, and OSC 633 where it says the same or more. */

/** What a mark says. A mark that says nothing usable is null. */
export type ShellMark =
  /** A prompt begins. */
  | { readonly kind: 'prompt' }
  /** The prompt is over; what is typed begins. */
  | { readonly kind: 'input' }
  /** A command runs; its output begins. `text` is there if the shell tells it. */
  | { readonly kind: 'output'; readonly text?: string }
  /** The command is over. Null where the shell does not tell how. */
  | { readonly kind: 'end'; readonly exitCode: number | null }
  /** The text of the command that is about to run. */
  | { readonly kind: 'text'; readonly text: string }
  /** The working directory, as a path. */
  | { readonly kind: 'folder'; readonly path: string }

export type MarkIdent = 133 | 633

/** The longest mark that is read, in UTF-16 units. Longer ones are a program's mischief. */
export const MARK_LIMIT = 16_384
/** The longest command text that is kept. */
export const TEXT_LIMIT = 4096
/** Prompts that belong to one that stands already: continuation, secondary, right. */
const FURTHER_PROMPT = /^k=[csr]/

/** `data` is what stands between `133;` or `633;` and the terminator. Any text is harmless. */
export function readShellMark(ident: MarkIdent, data: string): ShellMark | null {
  if (data.length > MARK_LIMIT) return null
  const [name, ...fields] = data.split(';', 8)
  switch (name) {
    case 'A':
      return fields.some((field) => FURTHER_PROMPT.test(field)) ? null : { kind: 'prompt' }
    case 'B':
      return { kind: 'input' }
    case 'C':
      return outputMark(fields)
    case 'D':
      return { kind: 'end', exitCode: exitCodeOf(fields[0]) }
    case 'E':
      return ident === 633 && fields[0] !== undefined ? { kind: 'text', text: commandText(unescape633(fields[0])) } : null
    case 'P':
      return ident === 633 ? property(data.slice(2)) : null
    default:
      return null
  }
}

function outputMark(fields: readonly string[]): ShellMark {
  const told = fields.find((field) => field.startsWith('cmdline_url='))?.slice('cmdline_url='.length)
  const text = told === undefined ? null : percentDecoded(told)
  return text === null ? { kind: 'output' } : { kind: 'output', text: commandText(text) }
}

function exitCodeOf(field: string | undefined): number | null {
  return field !== undefined && /^-?\d{1,10}$/.test(field) ? Number(field) : null
}

/** `Cwd=/home/ana`, with the escapes of OSC 633. */
function property(pair: string): ShellMark | null {
  if (!pair.startsWith('Cwd=')) return null
  return { kind: 'folder', path: unescape633(pair.slice('Cwd='.length)) }
}

/** OSC 633 writes a backslash as `\\` and any other byte that would hurt as `\xHH`. */
function unescape633(text: string): string {
  return text.replaceAll(/\\(?:\\|x([0-9a-fA-F]{2}))/g, (_, hex: string | undefined) =>
    hex === undefined ? '\\' : String.fromCharCode(Number.parseInt(hex, 16)),
  )
}

function percentDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/**
 * The text of a command as it may be shown and copied: newlines and tabs stay, every other control character and what turns
 * the direction of writing goes.
 */
export function commandText(text: string): string {
  return text
    .slice(0, TEXT_LIMIT * 2)
    .replaceAll(HIDDEN, '')
    .trim()
    .slice(0, TEXT_LIMIT)
}

// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** The first line of a command, short enough for a label. */
export function commandName(text: string): string {
  const line = text.split('\n', 1)[0] ?? ''
  return line.length > 120 ? `${line.slice(0, 119)}…` : line
}
