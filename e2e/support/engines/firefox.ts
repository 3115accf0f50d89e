/** Firefox by WebDriver BiDi, which it speaks by itself. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { WebSocket } from 'ws'
import { startDisplay, withoutDisplay, type Display } from './display.ts'
import { ended, said, type Engine, type Found, type Setup } from './engine.ts'
import { click, type Point } from './keys.ts'
import { programOf } from './programs.ts'

/** The one named by TERMINAL_FIREFOX, else the system's. */
export function findFirefox(): Found {
  const program = programOf('TERMINAL_FIREFOX', ['firefox-esr', 'firefox'])
  if (program === null) return { missing: 'No Firefox was found: TERMINAL_FIREFOX names one.' }
  return { start: (setup) => startFirefox(program, setup) }
}

/** No question about defaults or updates, and nothing asked of the network. */
const PREFERENCES = {
  'app.update.disabledForTesting': true,
  'browser.shell.checkDefaultBrowser': false,
  // Touch events, which a machine without a touch screen has not.
  'dom.w3c_touch_events.enabled': 1,
  'datareporting.policy.dataSubmissionEnabled': false,
  // Its window has the focus also where no window manager gives it one.
  'focusmanager.testmode': true,
  'keyword.enabled': false,
  'network.captive-portal-service.enabled': false,
  'remote.prefs.recommended': true,
}

/** The system's settings, as Firefox reads them. */
function preferencesOf({ reducedMotion, moreContrast, pixels }: Setup): Readonly<Record<string, number | string>> {
  return {
    ...(reducedMotion && { 'ui.prefersReducedMotion': 1 }),
    // Always the colours of the system.
    ...(moreContrast && { 'browser.display.document_color_use': 2 }),
    ...(pixels !== undefined && { 'layout.css.devPixelsPerPx': `${pixels}` }),
  }
}

async function startFirefox(program: string, setup: Setup = {}): Promise<Engine> {
  const profile = await mkdtemp(join(tmpdir(), 'terminal-firefox-'))
  const preferences = Object.entries({ ...PREFERENCES, ...preferencesOf(setup) }).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  )
  await writeFile(join(profile, 'user.js'), preferences.join('\n'))
  // With a display it has a window, and that window a keyboard.
  const display = withoutDisplay === null ? await startDisplay() : null
  const child = spawn(
    program,
    [
      ...(display === null ? ['--headless'] : []),
      '--no-remote',
      '--remote-debugging-port=0',
      '--profile',
      profile,
      '--width',
      '1280',
      '--height',
      '900',
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], env: display?.env ?? env },
  )
  const clean = async (): Promise<void> => {
    await ended(child)
    await display?.close()
    // Helper processes may still write into the profile for a moment.
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
  try {
    const address = await said(child, child.stderr, /^WebDriver BiDi listening on (ws:.*)$/)
    return await openTab(`${address}/session`, display, clean)
  } catch (error) {
    await clean()
    throw error
  }
}

async function openTab(address: string, display: Display | null, clean: () => Promise<void>): Promise<Engine> {
  const wire = await bidi(address)
  const { capabilities } = await wire.ask<Session>('session.new', {
    capabilities: { alwaysMatch: { acceptInsecureCerts: false } },
  })
  const tree = async (): Promise<readonly Context[]> =>
    (await wire.ask<{ contexts: readonly Context[] }>('browsingContext.getTree', {})).contexts
  const [first] = await tree()
  if (first === undefined) throw new Error('Firefox has no tab.')
  let context = first.context
  let frame: string | null = null
  let cover: string | null = null
  const bringToFront = (): Promise<unknown> => wire.ask('browsingContext.activate', { context })
  const create = async (): Promise<string> =>
    (await wire.ask<{ context: string }>('browsingContext.create', { type: 'tab', background: false })).context
  // Or its window would not have the focus.
  await bringToFront()
  const engine: Engine = {
    version: `Firefox ${capabilities.browserVersion}`,
    async go(url) {
      frame = null
      await wire.ask('browsingContext.navigate', { context, url, wait: 'complete' })
    },
    reload: async () => void (await wire.ask('browsingContext.reload', { context, wait: 'complete' })),
    async evaluate(expression) {
      const functionDeclaration = `async () => JSON.stringify((await ${expression}) ?? null)`
      const asked = { functionDeclaration, target: { context: frame ?? context }, awaitPromise: true }
      const answer = await wire.ask<Answer>('script.callFunction', asked)
      if (answer.type === 'exception') throw new Error(answer.exceptionDetails.text)
      return JSON.parse(answer.result.value)
    },
    perform: async (...actions) => void (await wire.ask('input.performActions', { context: frame ?? context, actions })),
    click: (at, button) => engine.perform(click(at, button)),
    async pressReal(...keys) {
      if (display === null) throw new Error('This Firefox has no window.')
      await display.click(500, 500, 1)
      await display.press(...keys)
    },
    async zoom(how) {
      if (display === null) throw new Error('This Firefox has no window.')
      const corner = await engine.evaluate('({ x: mozInnerScreenX - screenX, y: mozInnerScreenY - screenY })')
      // Its own units of the screen grow with its zoom.
      const { x, y } = corner as Point
      const ratio = Number(await engine.evaluate('devicePixelRatio'))
      await display.click(Math.round(x * ratio) + 4, Math.round(y * ratio) + 4, 1)
      await display.press(how === 'in' ? 'ctrl+KP_Add' : 'ctrl+0')
    },
    async hide() {
      cover = await create()
    },
    async show() {
      if (cover !== null) await wire.ask('browsingContext.close', { context: cover })
      cover = null
      await bringToFront()
    },
    tabs: async () => (await tree()).map((tab) => tab.context),
    newTab: create,
    async use(tab) {
      context = tab
      frame = null
      await bringToFront()
    },
    closeTab: async (tab) => void (await wire.ask('browsingContext.close', { context: tab })),
    async enterFrame() {
      const tab = (await tree()).find((one) => one.context === context)
      frame = tab?.children?.[0]?.context ?? null
      if (frame === null) throw new Error('The page has no frame.')
    },
    async screenshot() {
      return Buffer.from((await wire.ask<{ data: string }>('browsingContext.captureScreenshot', { context })).data, 'base64')
    },
    async close() {
      wire.close()
      await clean()
    },
  }
  return engine
}

interface Context {
  readonly context: string
  readonly children?: readonly Context[] | null
}
interface Session {
  readonly capabilities: { readonly browserVersion: string }
}
type Answer =
  | { readonly type: 'success'; readonly result: { readonly value: string } }
  | { readonly type: 'exception'; readonly exceptionDetails: { readonly text: string } }

interface Wire {
  /** The type is what the protocol says of the method's result. */
  ask<R>(method: string, params: object): Promise<R>
  close(): void
}

interface Reply {
  readonly type: 'success' | 'error' | 'event'
  readonly id?: number
  readonly result?: unknown
  readonly error?: string
  readonly message?: string
}

async function bidi(address: string): Promise<Wire> {
  const socket = new WebSocket(address)
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let last = 0
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  socket.on('message', (data) => {
    const reply = JSON.parse(String(data)) as Reply
    const asked = waiting.get(reply.id ?? -1)
    if (asked === undefined) return
    waiting.delete(reply.id ?? -1)
    if (reply.type === 'success') asked.resolve(reply.result)
    else asked.reject(new Error(`${reply.error}: ${reply.message}`))
  })
  socket.on('close', () => {
    for (const asked of waiting.values()) asked.reject(new Error('Firefox has gone.'))
  })
  return {
    ask<R>(method: string, params: object) {
      const id = ++last
      socket.send(JSON.stringify({ id, method, params }))
      // What the protocol promises for this method: the caller names it.
      return new Promise((resolve, reject) => waiting.set(id, { resolve, reject })) as Promise<R>
    },
    close: () => socket.close(),
  }
}
