/** Keeps the emulator in the look of its panel: fonts, cells and colours, whatever changes them. */
import type { ITerminalOptions, Terminal } from '@xterm/xterm'
import { lineHeightFor, makeProbe, measureCell, readLook, wholeCells, withoutCursor, type Cell, type Look } from '../look.ts'
import type { EmulatorOptions } from './api.ts'

export interface Looks {
  now(): Look
  /** The size of a character in that look; null where nothing can be measured. */
  cell(): Cell | null
  /** Starts to follow the page. */
  watch(): void
  restyle(): void
  /**
   * Reads again what may have changed, or could not be read, while nothing of the panel was drawn: nothing tells of a change then,
   * and in a closed `<details>` all colours read alike.
   */
  seen(): void
  /** A font that comes before those of the panel; it has no letters. */
  lead(family: string): void
  showCursor(on: boolean): void
  /** Held keys end in a cursor of their own; the real one would show behind the first of them. */
  coverCursor(on: boolean): void
  dispose(): void
}

export function looks(terminal: Terminal, options: EmulatorOptions, signal: AbortSignal, restyled: () => void): Looks {
  const probe = makeProbe(options.panel)
  const letters = makeProbe(options.panel)
  let leading = ''
  let cursorShown = true
  let cursorCovered = false
  let cell: Cell | null = null
  let read = ''
  let look = apply()

  function apply(): Look {
    const found = readNow()
    read = JSON.stringify(found)
    const next = wholeCells(probe, found, devicePixelRatio)
    cell = measureCell(probe, next)
    Object.assign(terminal.options, {
      fontFamily: leading + fontsOf(terminal, next),
      fontSize: next.fontSize,
      lineHeight: lineHeightFor(next, cell, devicePixelRatio),
      minimumContrastRatio: next.contrastRatio,
      theme: cursorShown && !cursorCovered ? next.theme : withoutCursor(next.theme),
    } satisfies ITerminalOptions)
    return next
  }

  function readNow(): Look {
    return readLook(probe, options.highContrast())
  }

  function restyle(): void {
    if (signal.aborted) return
    look = apply()
    restyled()
  }

  /** Colours follow whatever changes them: the probe has a transition, which starts when its computed colour changes. */
  function watch(): void {
    probe.addEventListener('transitionrun', restyle, { signal })
    for (const query of ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(forced-colors: active)'])
      matchMedia(query).addEventListener('change', restyle, { signal })
    watchPixels()
    document.fonts.addEventListener('loadingdone', remeasure, { signal })
    void document.fonts.ready.then(() => {
      if (!signal.aborted) remeasure()
    })
    watchLetters()
  }

  /** A font that was loaded before the page got it comes without an event: letters in it change their box. */
  function watchLetters(): void {
    letters.dataset['letters'] = ''
    const observer = new ResizeObserver(remeasure)
    observer.observe(letters)
    signal.addEventListener('abort', () => observer.disconnect())
  }

  function watchPixels(): void {
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener('change', pixelsChanged, { signal, once: true })
  }

  function pixelsChanged(): void {
    restyle()
    watchPixels()
  }

  /** A font that arrives late has other cells; xterm.js measures again only if its name changes. */
  function remeasure(): void {
    const seen = measureCell(probe, look)
    const isSame = seen === null || (seen.width === cell?.width && seen.height === cell.height)
    if (isSame && getComputedStyle(probe).fontFamily === look.fontFamily) return
    terminal.options.fontFamily = 'monospace'
    restyle()
  }

  return {
    now: () => look,
    cell: () => cell,
    watch,
    restyle,
    seen() {
      if (JSON.stringify(readNow()) !== read) restyle()
    },
    lead(family) {
      leading = `${family}, `
      look = apply()
    },
    showCursor(on) {
      if (on === cursorShown) return
      cursorShown = on
      look = apply()
    },
    coverCursor(on) {
      if (on === cursorCovered) return
      cursorCovered = on
      look = apply()
    },
    dispose() {
      probe.remove()
      letters.remove()
    },
  }
}

/**
 * WebGL draws the letters of all terminals with equal options in one canvas, whose features are those of the terminal that came
 * first. A terminal to which an addon gave features of its own, such as ligatures, needs a canvas of its own, and so another
 * name for the same fonts.
 */
function fontsOf({ element }: Terminal, { fontFamily }: Look): string {
  return element?.style.fontFeatureSettings ? `${fontFamily}, monospace` : fontFamily
}
