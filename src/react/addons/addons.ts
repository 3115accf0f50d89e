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
   * Unicode 6, where an emoji takes one. It is right where the programs count the same way.
   */
  readonly graphemes?: boolean
  /** What the panel does not bring, each loaded only where it is asked for. The ones given first are used. */
  readonly addons?: readonly LoadAddon[]
}

/** Loads them all. One that cannot be loaded is told and left out: a terminal without it is better than none. */
export async function loadAddons(options: AddonOptions, failed: (error: Error) => void): Promise<readonly ITerminalAddon[]> {
  const loaders = [...(options.graphemes ? [graphemes] : []), ...(options.addons ?? [])]
  const loaded = await Promise.allSettled(loaders.map(async (load) => load()))
  return loaded.flatMap((result) => {
    if (result.status === 'fulfilled') return [result.value]
    failed(broken(result.reason))
    return []
  })
}

/** Gives loaded addons to an emulator that has parsed nothing yet. They are disposed with it. */
export function giveAddons(emulator: Emulator, addons: readonly ITerminalAddon[], failed: (error: Error) => void): void {
  for (const addon of addons) {
    try {
      emulator.addon(addon)
    } catch (cause) {
      failed(broken(cause))
    }
  }
}

const graphemes: LoadAddon = async () => (await import('../xterm/graphemes.ts')).graphemes()

const broken = (cause: unknown): Error => new Error('An addon of the terminal could not be loaded.', { cause })
