/** WebKit by the driver of WebKitGTK, in a window on a display that nobody sees. */
import { spawn } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { until } from '../../../src/testing/page/until.ts'
import { startDisplay, withoutDisplay, type Display } from './display.ts'
import { ended, type Engine, type Found } from './engine.ts'
import { programOf } from './programs.ts'

/** The driver named by TERMINAL_WEBKIT, else the system's. */
export function findWebKit(): Found {
  const driver = programOf('TERMINAL_WEBKIT', ['WebKitWebDriver'])
  if (driver === null) return { missing: 'No WebKitWebDriver was found: TERMINAL_WEBKIT names one.' }
  if (withoutDisplay !== null) return { missing: `WebKit is here, but ${withoutDisplay}.` }
  return { start: () => startWebKit(driver) }
}

async function startWebKit(driver: string): Promise<Engine> {
  const display = await startDisplay()
  const port = await freePort()
  const child = spawn(driver, [`--port=${port}`], { stdio: 'ignore', env: display.env })
  const clean = async (): Promise<void> => {
    await ended(child)
    await display.close()
  }
  try {
    return await openWindow(`http://127.0.0.1:${port}`, display, clean)
  } catch (error) {
    await clean()
    throw error
  }
}

async function openWindow(driver: string, display: Display, clean: () => Promise<void>): Promise<Engine> {
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
    async pressReal(...keys) {
      await display.focusWindow()
      await display.press(...keys)
    },
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
