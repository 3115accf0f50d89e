/** Links before the part that knows them is loaded: a click on one brings it, and xterm.js opens none by itself. */
import type { ILinkHandler, Terminal } from '@xterm/xterm'

export function firstLinks(terminal: Terminal, wanted: () => Promise<void>): void {
  const first: ILinkHandler = {
    allowNonHttpProtocols: true,
    activate(event, address, range) {
      void wanted().then(() => {
        const { linkHandler } = terminal.options
        if (linkHandler !== first) linkHandler?.activate(event, address, range)
      })
    },
  }
  terminal.options.linkHandler = first
}
