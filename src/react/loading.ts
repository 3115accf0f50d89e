/** Loads what a panel needs besides its frame and its line: both halves at once, as soon as the first one is drawn. */
import type * as rest from './rest.tsx'

export type Rest = typeof rest

let loaded: Rest | null = null

/** What is loaded already. Where it is not, the loading begins: rendering is the earliest sign that a panel is wanted. */
export function loadedRest(): Rest | null {
  if (loaded === null && typeof document !== 'undefined') void loadRest().catch(() => {})
  return loaded
}

export async function loadRest(): Promise<Rest> {
  // First what asks for the token and the socket: the emulator, which is bigger, comes while those are on their way.
  const rest = import('./rest.tsx')
  // The session asks for it later and hears what went wrong; here it only comes at the same time.
  void import('./xterm/library.ts').catch(() => {})
  loaded = await rest
  return loaded
}
