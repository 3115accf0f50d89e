/** WebKit by the driver of WebKitGTK, in a window on a display that nobody sees. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import { env } from 'node:process'
import { until } from '../../../src/testing/page/until.ts'
import { ended, said, type Engine, type Found } from './engine.ts'
import { programOf } from './programs.ts'

/** The driver named by TERMINAL_WEBKIT, else the system's. */
export function findWebKit(): Found {
  const driver = programOf('TERMINAL_WEBKIT', ['WebKitWebDriver'])
  if (driver === null) return { missing: 'No WebKitWebDriver was found: TERMINAL_WEBKIT names one.' }
  const display = programOf('TERMINAL_XVFB', ['Xvfb'])
  if (display === null) return { missing: 'WebKit is here, and no Xvfb to give it a display: TERMINAL_XVFB names one.' }
  return { start: () => startWebKit(driver, display) }
}

async function startWebKit(driver: string, display: string): Promise<Engine> {
  const started: ChildProcess[] = []
  const clean = async (): Promise<void> => {
    for (const child of started.splice(0).toReversed()) await ended(child)
  }
  try {
    const screen = spawn(display, ['-displayfd', '3', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    })
    started.push(screen)
    // The fourth pipe was asked for above.
    const number = await said(screen, screen.stdio[3] as Readable, /^(\d+)$/)
    const port = await freePort()
    const child = spawn(driver, [`--port=${port}`], {
      stdio: 'ignore',
      env: { ...env, DISPLAY: `:${number}`, GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1' },
    })
    started.push(child)
    return await openWindow(`http://127.0.0.1:${port}`, clean)
  } catch (error) {
    await clean()
    throw error
  }
}

async function openWindow(driver: string, clean: () => Promise<void>): Promise<Engine> {
  await until(
    'WebKitWebDriver',
    () => ask<{ ready: boolean }>('GET', `${driver}/status`),
    ({ ready }) => ready,
  )
  const { sessionId, capabilities } = await ask<Session>('POST', `${driver}/session`, { capabilities: { alwaysMatch: {} } })
  const session = `${driver}/session/${sessionId}`
  await ask('POST', `${session}/timeouts`, { script: 30_000, pageLoad: 30_000 })
  return {
    version: `${capabilities.browserName} ${capabilities.browserVersion}`,
    go: async (url) => void (await ask('POST', `${session}/url`, { url })),
    reload: async () => void (await ask('POST', `${session}/refresh`, {})),
    async evaluate(expression) {
      const script = `return (async () => JSON.stringify((await ${expression}) ?? null))()`
      return JSON.parse(await ask<string>('POST', `${session}/execute/sync`, { script, args: [] }))
    },
    perform: async (...actions) => void (await ask('POST', `${session}/actions`, { actions })),
    screenshot: async () => Buffer.from(await ask<string>('GET', `${session}/screenshot`), 'base64'),
    async close() {
      await ask('DELETE', session).finally(clean)
    },
  }
}

interface Session {
  readonly sessionId: string
  readonly capabilities: { readonly browserName: string; readonly browserVersion: string }
}

/** The type is what the protocol says of the command's value. */
async function ask<R>(method: 'GET' | 'POST' | 'DELETE', url: string, body?: object): Promise<R> {
  const response = await fetch(url, { method, ...(body && { body: JSON.stringify(body) }) })
  const { value } = (await response.json()) as { value: R & { error?: string; message?: string } }
  if (!response.ok) throw new Error(`${method} ${new URL(url).pathname}: ${value.error}: ${value.message}`)
  return value
}

/** The driver takes no port 0. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server has an address of this kind while it listens.
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
