/** Draws the grid by WebGL while a lease allows it, and by the DOM again the moment that ends. Loaded when it is first used. */
import { WebglAddon } from '@xterm/addon-webgl'
import type { EmulatorPart, Inside } from './api.ts'

export interface Gpu extends EmulatorPart {
  /** False if there is no context to be had; then nothing has changed. `lost` is called if the browser takes it away. */
  start(lost: () => void): boolean
  /** Gives the context back to the browser, not only to its garbage collector. */
  stop(): void
  running(): boolean
}

interface Drawing {
  readonly addon: WebglAddon
  readonly context: WebGL2RenderingContext | null
  readonly unwatch: () => void
}

export function gpu({ terminal }: Inside): Gpu {
  let drawing: Drawing | null = null

  function stop(): void {
    if (drawing === null) return
    const { addon, context, unwatch } = drawing
    drawing = null
    unwatch()
    addon.dispose()
    context?.getExtension('WEBGL_lose_context')?.loseContext()
  }

  return {
    start(lost) {
      const screen = terminal.element?.querySelector<HTMLElement>('.xterm-screen')
      if (drawing !== null || !screen) return drawing !== null
      const before = new Set(screen.querySelectorAll('canvas'))
      const addon = new WebglAddon()
      try {
        terminal.loadAddon(addon)
      } catch {
        addon.dispose()
        return false
      }
      const made = [...screen.querySelectorAll('canvas')].filter((canvas) => !before.has(canvas))
      const context = made.map((canvas) => canvas.getContext('webgl2')).find((found) => found !== null) ?? null
      const unwatch = watchLoss(screen, () => {
        stop()
        lost()
      })
      drawing = { addon, context, unwatch }
      return true
    },
    stop,
    running: () => drawing !== null,
    // Letters are drawn once for all panels of a page and kept by the name of their font, also when the font itself has come since.
    restyled: () => drawing?.addon.clearTextureAtlas(),
    dispose: stop,
  }
}

/** Heard before the addon hears it: that one would wait for three seconds, with nothing on the screen. */
function watchLoss(screen: HTMLElement, lost: () => void): () => void {
  const heard = (event: Event): void => {
    event.stopImmediatePropagation()
    lost()
  }
  screen.addEventListener('webglcontextlost', heard, { capture: true })
  return () => screen.removeEventListener('webglcontextlost', heard, { capture: true })
}
