/** Finds the web and mail addresses in a line of text. */
import { MOST_ADDRESS_CHARS } from './address.ts'

export interface AddressInText {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Ends at blanks, quotes, brackets of other uses, lines of tables, and the punctuation of scripts without blanks. */
// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const ADDRESS =
  /(?<![\p{L}\p{N}])(?:https?:\/\/|mailto:)[^\s\u0000-\u001f\u007f-\u009f<>"'`{}|\\^\u2018-\u201f\u2500-\u25ff\u3000-\u303f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65«»]+/giu

const CLOSERS: Readonly<Record<string, string>> = { ')': '(', ']': '[' }

export function addressesIn(line: string): readonly AddressInText[] {
  const found: AddressInText[] = []
  for (const match of line.matchAll(ADDRESS)) {
    const text = trimmed(match[0])
    const usable = text.length <= MOST_ADDRESS_CHARS && !/^(?:https?:\/\/|mailto:)$/i.test(text) && URL.canParse(text)
    if (usable) found.push({ start: match.index, end: match.index + text.length, text })
  }
  return found
}

/** Without the punctuation of the sentence around it: a closing bracket stays if it was opened inside. */
function trimmed(text: string): string {
  let end = text.length
  const open: Record<string, number> = { '(': 0, '[': 0 }
  for (const char of text) if (char in open) open[char] = (open[char] ?? 0) + 1
  const closed: Record<string, number> = { ')': 0, ']': 0 }
  for (const char of text) if (char in closed) closed[char] = (closed[char] ?? 0) + 1
  for (; end > 0; end--) {
    const last = text.charAt(end - 1)
    const opener = CLOSERS[last]
    if (opener === undefined) {
      if (!'.,;:!?*_~'.includes(last)) break
    } else {
      if ((closed[last] ?? 0) <= (open[opener] ?? 0)) break
      closed[last] = (closed[last] ?? 0) - 1
    }
  }
  return text.slice(0, end)
}
