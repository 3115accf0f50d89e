/** The grid that fits the box of the emulator, and when it may have changed. */
import type { FitAddon } from '@xterm/addon-fit'
import type { Terminal } from '@xterm/xterm'
import type { TerminalSize } from '../../protocol/messages.ts'
import { hasStyleSheet, isFoldedAway, RULER_WIDTH, type Cell } from '../look.ts'
import type { Inside } from './api.ts'

export interface Box {
  /** Null for a box that is hidden, folded away, without style sheet or smaller than two cells: a shell must not be resized by a tab that nobody sees. */
  fitting(): TerminalSize | null
}

interface BoxPorts {
  readonly cell: () => Cell | null
  /** Another grid may fit. */
  readonly changed: () => void
  /** There is no style sheet; told once. */
  readonly bare: () => void
}

export function box({ terminal, host, signal }: Inside, fit: FitAddon, { cell, changed, bare }: BoxPorts): Box {
  terminal.loadAddon(fit)
  let isBare = false
  let frame = 0
  const observer = new ResizeObserver(() => {
    cancelAnimationFrame(frame)
    frame = requestAnimationFrame(() => changed())
  })
  observer.observe(host)
  signal.addEventListener('abort', () => {
    observer.disconnect()
    cancelAnimationFrame(frame)
  })
  return {
    fitting() {
      if (host.clientWidth === 0 || host.clientHeight === 0 || isFoldedAway(host)) return null
      // Without its style sheet a box is as high as what is in it, and each grid that fits would make the next one higher.
      if (!hasStyleSheet(host)) {
        if (!isBare) bare()
        isBare = true
        return null
      }
      const proposed = fit.proposeDimensions()
      if (proposed === undefined || !Number.isFinite(proposed.cols) || !Number.isFinite(proposed.rows)) return null
      const width = cellWidth(terminal)
      if (width !== null && host.clientWidth - RULER_WIDTH < 2 * width) return null
      // The renderers differ by less than a pixel over a row. The grid is that of the wider one, so that no switch resizes it.
      const widest = Math.floor((host.clientWidth - RULER_WIDTH) / (cell()?.width ?? 1))
      return { cols: Math.min(proposed.cols, widest, 1000), rows: Math.min(proposed.rows, 1000) }
    },
  }
}

/** The width of a cell as it is drawn, in CSS pixels; null while nothing is drawn. */
function cellWidth(terminal: Terminal): number | null {
  const screen = terminal.element?.querySelector<HTMLElement>('.xterm-screen') ?? terminal.element
  const width = screen?.clientWidth ?? 0
  return width === 0 ? null : width / terminal.cols
}
