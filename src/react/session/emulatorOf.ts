/** The emulator of a session: asked for at once, there some time later, asked for again after a failure. */
import type { Facts } from '../status/status.ts'
import type { Emulator, EmulatorEvents, EmulatorOptions } from '../xterm/api.ts'
import type { PanelContext } from './context.ts'
import { isHighContrast } from './highContrast.ts'

/** Lines kept above the screen. */
const SCROLLBACK = 10_000

/** The emulator does not start with parts of a line, or with less than none. */
function wholeLines(lines = SCROLLBACK): number {
  return Number.isNaN(lines) ? SCROLLBACK : Math.max(0, Math.floor(lines))
}

export type LoadEmulator = (options: EmulatorOptions, events: EmulatorEvents) => Promise<Emulator>

export interface EmulatorOf {
  load(): void
  /** Null until it is there, and when it is gone. */
  now(): Emulator | null
  facts(): Pick<Facts, 'emulator'>
  dispose(): void
}

/** `there` hears of it before the line does. */
export function emulatorOf(
  { handlers, host, look, words }: PanelContext,
  bring: LoadEmulator,
  events: EmulatorEvents,
  there: (emulator: Emulator) => void,
): EmulatorOf {
  let state: Facts['emulator'] = 'loading'
  let emulator: Emulator | null = null
  let disposed = false

  function options(): EmulatorOptions {
    const { scrollback, graphemes, addons } = handlers()
    return {
      host,
      panel: host,
      highContrast: () => isHighContrast(host),
      scrollback: wholeLines(scrollback),
      graphemes,
      addons,
      label: words().panel.terminal,
      describedBy: host.parentElement?.getAttribute('data-described-by') ?? '',
    }
  }

  function loaded(made: Emulator): void {
    if (disposed) return made.dispose()
    emulator = made
    state = 'ready'
    there(made)
    look()
  }

  function failed(cause: unknown): void {
    if (disposed) return
    state = 'failed'
    handlers().onError?.(new Error('The terminal emulator could not be loaded.', { cause }))
    look()
  }

  return {
    load() {
      state = 'loading'
      bring(options(), events).then(loaded, failed)
      look()
    },
    now: () => emulator,
    facts: () => ({ emulator: state }),
    dispose() {
      disposed = true
      const last = emulator
      // A host may hold the handle for longer than the terminal lives.
      emulator = null
      last?.dispose()
    },
  }
}
