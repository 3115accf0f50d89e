/** What programs say to features that are loaded late: parsing stops at the first of it until its reader is there, so that nothing is missed. */
import type { Terminal } from '@xterm/xterm'

export type ReadOsc = (ident: LateOsc, reader: (data: string) => void) => void

/** Progress and folder, clipboard, marks of commands. */
const IDENTS = [9, 52, 133, 633] as const

export type LateOsc = (typeof IDENTS)[number]

/** `wanted` resolves when the readers are there, or when they do not come. The emulator ends the handlers. */
export function oscReaders(parser: Terminal['parser'], wanted: () => Promise<void>): ReadOsc {
  const readers = new Map<LateOsc, (data: string) => void>()
  for (const ident of IDENTS)
    parser.registerOscHandler(ident, (data) => {
      const reader = readers.get(ident)
      if (reader === undefined) return wanted().then(() => (readers.get(ident)?.(data), true))
      reader(data)
      return true
    })
  return (ident, reader) => void readers.set(ident, reader)
}
