/** What may leave in a report: numbers and the protocol's own words as they are, every other text as a placeholder. */
import { isCloseReason } from '../../protocol/closeReasons.ts'

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/** What becomes of a text that stands under a key. */
export type Texts = (text: string, key: string) => string

/** Under these keys stand words of closed lists and sentences of our own. A key that is missing here is redacted. */
const WORDS = new Set(
  'type t do name code state event kind how phase in from to why what scheme flow bus step hidden detail signals profile'.split(
    ' ',
  ),
)
/** Known to nobody here, by name or by shape: whom a host lets in where, and with what. The machine only passes them on. */
const OPAQUE = new Set(['target', 'user', 'env', 'auth'])
/** Reasons of ours that are in no table of the protocol. */
const OWN_REASONS = new Set(['not_found', 'failed', 'page_hidden', 'disposed'])
const SIGNAL = /^(SIG)?(HUP|INT|QUIT|ILL|TRAP|ABRT|BUS|FPE|KILL|USR1|SEGV|USR2|PIPE|ALRM|TERM)$/
/** Before the session's id in the name of a lock. */
const LOCK = /^nimbus-terminal:(?=.)/

/**
 * Placeholders for one report: `<token 3>`. Equal texts have equal ones and different texts different ones, and an empty text
 * stays empty, which is all that the machine can tell texts apart by; so it does the same with them.
 */
export function placeholders(profile: string): Texts {
  const known = new Map<string, string>()
  const hide = (text: string, key: string): string => {
    const placeholder = known.get(text) ?? `<${key} ${known.size + 1}>`
    known.set(text, placeholder)
    return placeholder
  }
  return (text, key) => {
    const lock = key === 'name' ? LOCK.exec(text)?.[0] : undefined
    if (lock !== undefined) return lock + hide(text.slice(lock.length), 'id')
    return text === '' || isWord(text, key, profile) ? text : hide(text, key)
  }
}

function isWord(text: string, key: string, profile: string): boolean {
  switch (key) {
    case 'reason':
      return isCloseReason(text) || OWN_REASONS.has(text)
    case 'sig':
      return SIGNAL.test(text)
    case 'profileAccepted':
      return text === profile
    default:
      return WORDS.has(key)
  }
}

/** For values that were redacted before. */
export const asTheyAre: Texts = (text) => text

/** A value as JSON knows it, with its keys in order and its texts through `texts`. Numbers that JSON has not are their names. */
export function canonical(value: unknown, texts: Texts, key = ''): JsonValue {
  switch (typeof value) {
    case 'string':
      return texts(value, key)
    case 'number':
      return Number.isFinite(value) ? value : String(value)
    case 'boolean':
      return value
    case 'object':
      if (value === null) return null
      if (Array.isArray(value)) return value.map((item) => canonical(item, texts, key))
      return OPAQUE.has(key) ? {} : canonicalRecord(value, texts)
    default:
      return null
  }
}

function canonicalRecord(record: object, texts: Texts): JsonValue {
  const entries = Object.entries(record).filter(([, value]) => value !== undefined)
  entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, value]) => [key, canonical(value, texts, key)]))
}

/** A short fingerprint of a canonical value (FNV-1a, 32 bits). It tells apart, it hides nothing. */
export function fingerprint(value: JsonValue): string {
  let hash = 0x811c9dc5
  const text = JSON.stringify(value)
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
