/** Gives addons to an emulator so that none can end it: neither by what it does with output nor when it is let go. */
import type { ITerminalAddon } from '@xterm/xterm'
import type { Emulator } from '../xterm/api.ts'
import { handlerGuard } from '../xterm/handlerGuard.ts'

interface Ports {
  readonly failed: (error: Error) => void
  readonly notLoaded: (cause: unknown) => void
}

export function give(emulator: Emulator, addons: readonly ITerminalAddon[], { failed, notLoaded }: Ports): void {
  emulator
    .part(handlerGuard)
    .watch((cause) => failed(new Error('An addon of the terminal failed at what a program wrote.', { cause })))
  for (const addon of addons) {
    try {
      emulator.addon(lettingGo(addon, failed))
    } catch (cause) {
      notLoaded(cause)
    }
  }
}

/** The addon itself, which lets go without an exception: that would end the emulator's own letting go in its middle. */
function lettingGo(addon: ITerminalAddon, failed: (error: Error) => void): ITerminalAddon {
  const dispose = addon.dispose.bind(addon)
  addon.dispose = () => {
    try {
      dispose()
    } catch (cause) {
      failed(new Error('An addon of the terminal failed when it was let go.', { cause }))
    }
  }
  return addon
}
