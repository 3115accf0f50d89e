/** The stored session as text, and back without trust: what lies in a page's storage may be anything. */
import type { StoredSession } from './machine/state.ts'

/** The session in a stored text, or null for anything that is not one. */
export function parseStored(text: string | null): StoredSession | null {
  if (text === null) return null
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return null
    // An object from a page's storage: each field is looked at before it is used.
    const { id, token, url } = value as Record<keyof StoredSession, unknown>
    return typeof id === 'string' && typeof token === 'string' && typeof url === 'string' ? { id, token, url } : null
  } catch {
    return null
  }
}

/** The key under which a session is stored: the same panel of the same page finds it again, no other does. */
export function storeKey(endpoint: string, allocation: string, panel: string): string {
  return `nimbus-terminal:${[endpoint, allocation, panel].map(encodeURIComponent).join(':')}`
}
