/** What a program may do to the clipboard: nothing, unless the host allows it to write; then only a bounded text while a person is there. */
import { readPaste } from '../paste/paste.ts'

export interface ClipboardPolicy {
  readonly allowed: boolean
  /** Of the decoded text. */
  readonly maxBytes: number
}

export const CLIPBOARD_OFF: ClipboardPolicy = { allowed: false, maxBytes: 0 }

export const DEFAULT_MAX_BYTES = 100_000

/** A key or a click this long ago still stands behind a write, in milliseconds. */
export const GESTURE_MS = 5000

/** Why a request is refused. `read` is refused whatever the policy says. */
export type Refusal = 'off' | 'read' | 'size' | 'gesture' | 'malformed'

export type Request =
  | { readonly kind: 'write'; readonly text: string; readonly bytes: number }
  | { readonly kind: 'refused'; readonly why: Refusal; readonly bytes: number }

/**
 * Reads the parameters of an OSC 52: `selectors;base64`. No selector at all means the clipboard, as every other one does: a
 * page has only one. `gestureAgoMs` is the time since a person last touched this panel.
 */
export function readOsc52(data: string, policy: ClipboardPolicy, gestureAgoMs: number): Request {
  const semicolon = data.indexOf(';')
  const selectors = data.slice(0, Math.max(0, semicolon))
  const payload = data.slice(semicolon + 1)
  const bytes = Math.floor((payload.length * 3) / 4)
  const refuse = (why: Refusal): Request => ({ kind: 'refused', why, bytes })
  if (payload === '?') return refuse('read')
  if (!policy.allowed) return refuse('off')
  if (semicolon < 0 || !/^[cpqs0-7]{0,16}$/.test(selectors)) return refuse('malformed')
  if (bytes > policy.maxBytes + 2) return refuse('size')
  const decoded = decode(payload)
  if (decoded === null || decoded.length === 0) return refuse('malformed')
  if (decoded.length > policy.maxBytes) return refuse('size')
  if (gestureAgoMs > GESTURE_MS) return refuse('gesture')
  const text = utf8(decoded)
  // What nobody can see would go along into whatever it is pasted into.
  return text === null ? refuse('malformed') : { kind: 'write', text: readPaste(text).clean, bytes: decoded.length }
}

function decode(base64: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
  } catch {
    return null
  }
}

function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
