/** JSON from a stranger: nesting and size of objects are bounded before the parser builds anything. */
import { CONTROL_LIMIT } from './limits.ts'

export type Json = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly detail: string }

/** Parses, or says in a few words why not. Never throws; takes time linear in the text. */
export function parseJson(text: string): Json {
  const fault = excess(text)
  if (fault !== null) return { ok: false, detail: fault }
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false, detail: 'not JSON' }
  }
}

/** What there is too much of, if anything. Up to the first error of a text that is no JSON it sees what the parser would see. */
function excess(text: string): string | null {
  let depth = 0
  let members = 0
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22 /* " */:
        at = endOfString(text, at)
        break
      case 0x5b /* [ */:
      case 0x7b /* { */:
        if (++depth > CONTROL_LIMIT.depth) return 'nested too deep'
        if (++members > CONTROL_LIMIT.members) return 'too many members'
        break
      case 0x5d /* ] */:
      case 0x7d /* } */:
        depth--
        break
      case 0x2c /* , */:
        if (++members > CONTROL_LIMIT.members) return 'too many members'
        break
    }
  }
  return null
}

/** Index of the quote that ends the string that begins at `start`, or the text's length. */
function endOfString(text: string, start: number): number {
  for (let from = start + 1; ;) {
    const quote = text.indexOf('"', from)
    if (quote < 0) return text.length
    let escapes = quote
    while (escapes > from && text.charCodeAt(escapes - 1) === 0x5c /* \ */) escapes--
    if ((quote - escapes) % 2 === 0) return quote
    from = quote + 1
  }
}
