/** What contenders on xterm.js share: one emulator with the same options, whose writes are seen when they are parsed. */
import { Terminal, type ITerminalOptions } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import type { Output } from '../output.ts'
import { LOOK, type Surroundings } from './mount.ts'

export const xtermOptions = ({ size }: Surroundings): ITerminalOptions => ({
  ...size,
  ...LOOK,
  scrollback: 10_000,
  logLevel: 'off',
})

export function openXterm(around: Surroundings): Terminal {
  const terminal = new Terminal(xtermOptions(around))
  terminal.open(around.host)
  watchWrites(terminal, around.output)
  return terminal
}

/** Gives each write a callback, which the emulator calls when it has parsed it. Nothing else changes. */
export function watchWrites(terminal: Terminal, output: Output): void {
  const write = terminal.write.bind(terminal)
  terminal.write = (data, done) => {
    const end = output.received
    try {
      write(data, () => {
        output.parse(end, data.length)
        done?.()
      })
    } catch (error) {
      // More than 50 MB wait: the emulator throws it away.
      output.drop(end, data.length)
      throw error
    }
  }
}
