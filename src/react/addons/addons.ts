/** Addons that the emulator gets before its first byte: grapheme clusters where they are asked for, and what the host brings itself. */
import type { ITerminalAddon } from '@xterm/xterm'
import type { Emulator } from '../xterm/api.ts'

/**
 * Loads an addon of xterm.js, with its options: `() => import('@xterm/addon-image').then(({ ImageAddon }) => new ImageAddon())`.
 * Called once for each emulator. An addon sees everything in the terminal and may change it.
 */
export type LoadAddon = () => Promise<ITerminalAddon>

export interface AddonOptions {
  /**
   * Counts cells by grapheme clusters of Unicode 15, so that a family emoji takes two. Without it each character is counted by
   * itself, as `wcwidth` does: an emoji takes two, a family two for each person. It is right where the programs count that way.
   */
  readonly graphemes?: boolean
  /** What the panel does not bring, each loaded only where it is asked for. The ones given first are used. */
  readonly addons?: readonly LoadAddon[]
}

/** Gives what was loaded to an emulator that has parsed nothing yet; it is disposed with that. */
export type GiveAddons = (emulator: Emulator) => void

/** Loads them all. One that cannot be loaded, or that fails later, is told and left out: a terminal without it is better than none. */
export async function loadAddons(options: AddonOptions, failed: (error: Error) => void): Promise<GiveAddons> {
  const loaders = [...(options.graphemes ? [graphemes] : []), ...(options.addons ?? [])]
  if (loaders.length === 0) return () => {}
  const notLoaded = (cause: unknown) => failed(new Error('An addon of the terminal could not be loaded.', { cause }))
  const [giving, ...loaded] = await Promise.allSettled([import('./giving.ts'), ...loaders.map(async (load) => load())])
  for (const result of [giving, ...loaded]) if (result.status === 'rejected') notLoaded(result.reason)
  if (giving.status === 'rejected') return () => {}
  const addons = loaded.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  return (emulator) => giving.value.give(emulator, addons, { failed, notLoaded })
}

const graphemes: LoadAddon = async () => (await import('../xterm/graphemes.ts')).graphemes()
