/** WebKit by the driver of WebKitGTK, in a window on a display that nobody sees. */
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../../../src/testing/page/until.ts'
import { startDisplay, withoutDisplay, type Display } from './display.ts'
import { ended, type Engine, type Found, type Setup } from './engine.ts'
import { programOf } from './programs.ts'

/** The driver named by TERMINAL_WEBKIT, else the system's. */
export function findWebKit(): Found {
  const driver = programOf('TERMINAL_WEBKIT', ['WebKitWebDriver'])
  if (driver === null) return { missing: 'No WebKitWebDriver was found: TERMINAL_WEBKIT names one.' }
  if (withoutDisplay !== null) return { missing: `WebKit is here, but ${withoutDisplay}.` }
  return { start: (setup) => startWebKit(driver, setup) }
}

async function startWebKit(driver: string, setup: Setup = {}): Promise<Engine> {
  const display = await startDisplay()
  const port = await freePort()
  const config = await mkdtemp(join(tmpdir(), 'terminal-webkit-'))
  await writeSettings(config, setup)
  const env = { ...display.env, XDG_CONFIG_HOME: config, ...(setup.pixels && { GDK_SCALE: `${setup.pixels}` }) }
  const child = spawn(driver, [`--port=${port}`], { stdio: 'ignore', env })
  const clean = async (): Promise<void> => {
    await ended(child)
    await display.close()
    await rm(config, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
  try {
    return await openWindow(`http://127.0.0.1:${port}`, display, clean)
  } catch (error) {
    await clean()
    throw error
  }
}

/** The system's settings, where GTK looks for them. */
async function writeSettings(config: string, { reducedMotion, moreContrast }: Setup): Promise<void> {
  const settings = [
    '[Settings]',
    ...(reducedMotion ? ['gtk-enable-animations=0'] : []),
    ...(moreContrast ? ['gtk-theme-name=HighContrast'] : []),
  ]
  await mkdir(join(config, 'gtk-3.0'))
  await writeFile(join(config, 'gtk-3.0/settings.ini'), `${settings.join('\n')}\n`)
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
  let tab = await ask<string>('GET', `${session}/window`)
  const turnTo = (handle: string): Promise<unknown> => ask('POST', `${session}/window`, { handle })
  /** Where the page begins in the window, in CSS pixels, while it is not zoomed. */
  const bar = async (): Promise<number> => Number(await engine.evaluate('outerHeight - innerHeight'))
  const engine: Engine = {
    version: `${capabilities.browserName} ${capabilities.browserVersion}`,
    go: async (url) => void (await ask('POST', `${session}/url`, { url })),
    reload: async () => void (await ask('POST', `${session}/refresh`, {})),
    async evaluate(expression) {
      const script = `return (async () => JSON.stringify((await ${expression}) ?? null))()`
      return JSON.parse(await ask<string>('POST', `${session}/execute/sync`, { script, args: [] }))
    },
    perform: async (...actions) => void (await ask('POST', `${session}/actions`, { actions })),
    // Its driver has no middle button: it presses that one and lets go of the main one.
    click: async ({ x, y }, button) => display.click(Math.round(x), Math.round(y + (await bar())), button === 1 ? 2 : 3),
    async pressReal(...keys) {
      await display.click(500, 500, 1)
      await display.press(...keys)
    },
    async zoom(how) {
      // What stands above the page does not grow with it.
      await display.click(4, (await engine.evaluate('outerWidth / innerWidth')) === 1 ? 4 + (await bar()) : 60, 1)
      await display.press(how === 'in' ? 'ctrl+plus' : 'ctrl+0')
    },
    hide: async () => void (await ask('POST', `${session}/window/minimize`, {})),
    show: async () => void (await ask('POST', `${session}/window/rect`, await ask<object>('GET', `${session}/window/rect`))),
    tabs: () => ask('GET', `${session}/window/handles`),
    newTab: async () => (await ask<{ handle: string }>('POST', `${session}/window/new`, { type: 'window' })).handle,
    async use(handle) {
      await turnTo(handle)
      tab = handle
    },
    async closeTab(handle) {
      await turnTo(handle)
      await ask('DELETE', `${session}/window`)
      await turnTo(tab)
    },
    enterFrame: async () => void (await ask('POST', `${session}/frame`, { id: 0 })),
    screenshot: async () => Buffer.from(await ask<string>('GET', `${session}/screenshot`), 'base64'),
    async close() {
      await ask('DELETE', session).finally(clean)
    },
  }
  return engine
}

interface Session {
  readonly sessionId: string
  readonly capabilities: { readonly browserName: string; readonly browserVersion: string }
}

/** The type is what the protocol says of the command's value. */
async function ask<R>(method: 'GET' | 'POST' | 'DELETE', url: string, body?: object): Promise<R> {
  // What hangs, as input does in a page that nobody sees, is told.
  const signal = AbortSignal.timeout(40_000)
  const response = await fetch(url, { method, signal, ...(body && { body: JSON.stringify(body) }) })
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
