/** ttyd, where `TTYD_BIN` names one: started on a port of its own with the shell of all measurements. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { SHELL } from './shell.ts'

export interface Ttyd {
  /** Of its socket. */
  readonly url: string
  readonly pid: number
  close(): Promise<void>
}

export const ttydBinary = (): string | null => process.env['TTYD_BIN'] ?? null

/** Rejects where it does not say its port within five seconds. */
export async function startTtyd(binary: string): Promise<Ttyd> {
  const options = ['--port', '0', '--interface', '127.0.0.1', '--writable', '--cwd', SHELL.cwd]
  const child = spawn(binary, [...options, SHELL.file, ...SHELL.args], { stdio: ['ignore', 'ignore', 'pipe'] })
  const gone = once(child, 'exit')
  const close = async (): Promise<void> => {
    child.kill('SIGKILL')
    await gone
  }
  const late = setTimeout(() => child.kill('SIGKILL'), 5000)
  for await (const line of createInterface(child.stderr)) {
    const port = /Listening on port: (\d+)/.exec(line)?.[1]
    if (port === undefined) continue
    clearTimeout(late)
    child.stderr.resume()
    return { url: `ws://127.0.0.1:${port}/ws`, pid: child.pid ?? 0, close }
  }
  clearTimeout(late)
  await close()
  throw new Error(`${binary} did not say on which port it listens.`)
}
