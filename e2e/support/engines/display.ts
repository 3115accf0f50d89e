/** A display that nobody sees, and the keys of its keyboard, which go through the layout and the input method as those of a person do. */
import { execFile, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { env } from 'node:process'
import { promisify } from 'node:util'
import { ended, said } from './engine.ts'
import { programOf } from './programs.ts'

const xvfb = programOf('TERMINAL_XVFB', ['Xvfb'])
const xdotool = programOf('TERMINAL_XDOTOOL', ['xdotool'])

/** Why there is no display here, or null. */
export const withoutDisplay = xvfb === null ? 'no Xvfb was found to give it a display: TERMINAL_XVFB names one' : null

/** Why nobody can press the keys of a display here, or null. */
export const withoutKeyboard = withoutDisplay ?? (xdotool === null ? 'no xdotool was found: TERMINAL_XDOTOOL names one' : null)

export interface Display {
  /** What a program needs to show its windows here. */
  readonly env: NodeJS.ProcessEnv
  /** Gives the keyboard to the window, which without a window manager has none by itself, and clicks into it: 1 is the main button, 2 the middle one, 3 the right one. */
  click(x: number, y: number, button: 1 | 2 | 3): Promise<void>
  /** Keys by their X names (`dead_acute`, `shift+Insert`), one after the other, for the window that has the keyboard. */
  press(...keys: readonly string[]): Promise<void>
  close(): Promise<void>
}

export async function startDisplay(): Promise<Display> {
  if (xvfb === null) throw new Error(`${withoutDisplay}`)
  const child = spawn(xvfb, ['-displayfd', '3', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  // The fourth pipe was asked for above.
  const number = await said(child, child.stdio[3] as Readable, /^(\d+)$/)
  const own = { ...env, DISPLAY: `:${number}`, GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1' }
  const run = (...args: readonly string[]) => {
    if (xdotool === null) throw new Error(`${withoutKeyboard}`)
    return promisify(execFile)(xdotool, args, { env: own, timeout: 10_000 })
  }
  return {
    env: own,
    async click(x, y, button) {
      const { stdout } = await run('search', '--onlyvisible', '--name', '.')
      const window = stdout.trim().split('\n').at(-1) ?? ''
      await run('windowfocus', '--sync', window)
      await run('mousemove', '--window', window, `${x}`, `${y}`, 'click', `${button}`)
    },
    press: async (...keys) => void (await run('key', ...keys)),
    close: () => ended(child),
  }
}
