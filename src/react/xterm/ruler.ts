/** Ticks on the ruler beside the grid: where failures stand in the whole of the scrollback. */
import type { IDecoration, IMarker } from '@xterm/xterm'
import type { Inside } from './api.ts'

export type TickTone = 'error' | 'warn'

export interface Ruler {
  /** A tick for as long as the row of `marker` stands. */
  add(marker: IMarker, tone: TickTone): void
  /** Colours changed. */
  restyled(): void
}

/** Ticks share the ruler of the emulator with matches and gaps, so that all of them lie on one scale with the scrollbar. */
export function ruler({ terminal, look }: Inside): Ruler {
  const ticks = new Map<IDecoration, TickTone>()
  const optionsOf = (tone: TickTone) => ({ color: look()[tone], position: 'full' }) as const
  return {
    add(marker, tone) {
      const tick = terminal.registerDecoration({ marker, width: 1, layer: 'bottom', overviewRulerOptions: optionsOf(tone) })
      if (tick === undefined) return
      ticks.set(tick, tone)
      tick.onDispose(() => ticks.delete(tick))
    },
    restyled() {
      for (const [tick, tone] of ticks) tick.options = { overviewRulerOptions: optionsOf(tone) }
    },
  }
}
