/** Journeys through the scripts of the fake server on a real port, in a browser: time runs fast on both ends, and every word of the line is kept. */
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContext, Page, Request } from 'playwright'
import { afterAll, beforeAll, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { pageFiles } from '../../examples/demo/page.ts'
import { startMockServer, type StartedMockServer } from '../../mock-server/node/port.ts'
import { scriptNamed, type ScriptName } from '../../mock-server/scripts.ts'
import type { TerminalPanelProps } from '../../src/react/index.ts'
import { TerminalPage } from '../../src/testing/page/terminalPage.ts'
import { until } from '../../src/testing/page/until.ts'
import { launchBrowser } from './browser.ts'
import { refuseComplaints, watch } from './journeys.ts'
import { FROM_NOWHERE, servePage } from './pageFromMemory.ts'

/** How far time is moved at once, in milliseconds. */
const STEP_MS = 100
/** And what a step takes while a question is under way, of real time. */
const ASKING_MS = 10
/** For journeys of minutes, on a busy machine. */
const PATIENCE_MS = 50_000
const LONGEST_MS = 150_000

/** Somebody who plays a script in a page. */
export interface Visitor {
  readonly terminal: TerminalPage
  readonly window: BrowserContext
  readonly server: StartedMockServer
  /** Waits until the line, or the middle of an empty view, said this: after what was waited for before, or in the same words. */
  reads(words: string | RegExp): Promise<void>
  /** Waits until the panel is in this state, by the name that the design gives it. */
  comesTo(state: string): Promise<void>
  /** Waits until this stands in the terminal. */
  sees(text: string): Promise<void>
  /** Waits until a row is exactly this. */
  seesRow(row: string): Promise<void>
  /** Waits until the answer is accepted, and returns it. */
  awaits<T>(what: string, look: () => T | Promise<T>, accepts: (seen: T) => boolean): Promise<T>
  types(text: string): Promise<void>
  presses(button: string): Promise<void>
  /** Another tab of the same window, opened by this one, so that it has a copy of its storage. */
  duplicatesTab(): Promise<Visitor>
}

export interface Scripts {
  /** `props` are those of the panel. */
  itPlaysScript(name: ScriptName, claim: Claim, props?: JsonProps): void
}

type Claim = (me: Visitor) => Promise<void>
/** They travel into the page as data. */
type JsonProps = Pick<TerminalPanelProps, 'scrollback' | 'renderer'>

export function useScripts(): Scripts {
  let browser: Browser | undefined
  beforeAll(async () => {
    ;[browser] = await Promise.all([launchBrowser(FROM_NOWHERE), files()])
  })
  afterAll(() => browser?.close())

  return {
    itPlaysScript(name, claim, props = {}) {
      it.concurrent(
        `${name}: ${scriptNamed(name).sentence}`,
        async () => {
          if (browser === undefined) throw new Error('The journeys have not begun.')
          await playScript(browser, name, claim, props)
        },
        LONGEST_MS,
      )
    },
  }
}

const files = () => pageFiles({ root: join(import.meta.dirname, '../page') })

async function playScript(browser: Browser, script: ScriptName, claim: Claim, panelProps: JsonProps): Promise<void> {
  const complaints: string[] = []
  const server = await startMockServer({ port: 0, script, virtual: true })
  const window = await browser.newContext({ viewport: { width: 800, height: 500 } })
  window.on('page', (page) => watch(page, complaints))
  const echo = await startEcho()
  const time = runFast(window, server)
  try {
    await servePage(window, server.url, await files())
    await window.clock.install({ time: 0 })
    // Else the page's time would move by itself too, and on a busy machine get far ahead of the server's.
    await window.clock.pauseAt(1)
    await window.addInitScript(openEcho, echo.url)
    await window.addInitScript(keepWords)
    await window.addInitScript((panelProps) => Object.assign(globalThis, { panelProps }), panelProps)
    const page = await window.newPage()
    await page.goto(`${server.url}/`)
    await claim(visitor(page, server, time))
  } finally {
    await time.stop()
    await window.close()
    await server.close()
    await echo.close()
  }
  refuseComplaints(complaints)
}

/** Gives back whatever a page sends it. */
async function startEcho(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  server.on('connection', (socket) => socket.on('message', () => socket.send('')))
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `ws://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** Runs in the page: makes a way to the echo, for `hearEcho`. There is none while the browser is offline. */
function openEcho(url: string): void {
  const waiting: (() => void)[] = []
  const giveUp = (): void => waiting.splice(0).forEach((heard) => heard())
  const open = (): WebSocket => {
    const opened = new WebSocket(url)
    opened.onmessage = () => waiting.shift()?.()
    opened.onclose = giveUp
    return opened
  }
  let socket = open()
  addEventListener('offline', giveUp)
  addEventListener('online', () => {
    socket.onmessage = null
    socket.close()
    socket = open()
  })
  Object.assign(globalThis, {
    hearEcho: () =>
      navigator.onLine &&
      socket.readyState === WebSocket.OPEN &&
      new Promise<void>((heard) => {
        waiting.push(heard)
        socket.send('')
      }),
  })
}

/** Runs in the page: what was sent before, either way, has arrived when this resolves, for all sockets share the way. */
async function hearEcho(): Promise<void> {
  await (globalThis as { hearEcho?: () => unknown }).hearEcho?.()
}

interface FastTime {
  /** Waits, and then has time stand until somebody waits again: what a person does at that moment takes none. */
  awaits: Visitor['awaits']
  goOn(): void
  stop(): Promise<void>
}

/**
 * Moves the time of the pages and of the server on, as fast as they can follow: it stands while something is loaded, and each step
 * waits for what was sent in it. The answer to a question may wait for that time, so then it goes on, but slowly: a busy
 * machine's own delay must not use up a patience.
 */
function runFast(window: BrowserContext, server: StartedMockServer): FastTime {
  let stopped = false
  let stands = false
  const under = { loading: new Set<Request>(), asking: new Set<Request>() }
  const over = (request: Request) => void (under.loading.delete(request) || under.asking.delete(request))
  window.on('request', (request) => void (request.method() === 'GET' ? under.loading : under.asking).add(request))
  window.on('requestfinished', over)
  window.on('requestfailed', over)
  async function run(): Promise<void> {
    while (!stopped) {
      await new Promise((resolve) => setImmediate(resolve))
      if (stands || under.loading.size > 0) continue
      if (under.asking.size > 0) await new Promise((resolve) => setTimeout(resolve, ASKING_MS))
      const pages = window.pages()
      // A page that was just opened has no clock for a moment.
      await Promise.all([server.advance(STEP_MS), ...pages.map((page) => page.clock.runFor(STEP_MS).catch(() => undefined))])
      await Promise.all(pages.map((page) => page.evaluate(hearEcho).catch(() => undefined)))
    }
  }
  const running = run()
  return {
    awaits(what, look, accepts) {
      stands = false
      return until(what, look, (seen) => (stands = accepts(seen)), PATIENCE_MS)
    },
    goOn: () => void (stands = false),
    stop() {
      stopped = true
      return running
    },
  }
}

/** Runs in the page: writes down every sentence that the line or the middle of the view says, also those that soon leave. */
function keepWords(): void {
  const said: string[] = []
  Object.assign(globalThis, { said })
  const look = (): void => {
    for (const place of document.querySelectorAll('.nt-say, .nt-empty p')) {
      const words = (place.textContent ?? '').replaceAll(/\s+/g, ' ').trim()
      if (words !== '' && said.at(-1) !== words) said.push(words)
    }
  }
  look()
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true, attributes: true })
}

function visitor(page: Page, server: StartedMockServer, time: FastTime): Visitor {
  const terminal = new TerminalPage(page, { patienceMs: PATIENCE_MS })
  let heard = 0
  const said = (): Promise<string[]> => page.evaluate(() => (globalThis as unknown as { said: string[] }).said)
  return {
    terminal,
    window: page.context(),
    server,
    async reads(words) {
      const fits = (sentence: string): boolean => (typeof words === 'string' ? sentence.includes(words) : words.test(sentence))
      const from = heard
      const sentences = await time.awaits(`the line to say ${words}`, said, (all) => all.slice(from).some(fits))
      heard = from + sentences.slice(from).findIndex(fits)
    },
    async comesTo(state) {
      const look = (): Promise<string> => terminal.state()
      await time.awaits(`the state ${state}`, look, (seen) => seen === state)
    },
    async sees(text) {
      const look = (): Promise<string> => terminal.screenText()
      await time.awaits(`“${text}” on the screen`, look, (seen) => seen.includes(text))
    },
    async seesRow(row) {
      const look = (): Promise<readonly string[]> => terminal.rows()
      await time.awaits(`the row “${row}”`, look, (rows) => rows.includes(row))
    },
    awaits: time.awaits,
    async types(text) {
      await terminal.type(text)
      time.goOn()
    },
    // In the moment it can be pressed: its sentence is soon over where time runs fast, and a mouse takes its time.
    async presses(button) {
      time.goOn()
      await terminal
        .button(button)
        .and(page.locator(':not([aria-disabled="true"])'))
        .evaluate((element: HTMLElement) => element.click())
    },
    async duplicatesTab() {
      time.goOn()
      const opened = page.waitForEvent('popup')
      await page.evaluate(() => void open(location.href))
      const copy = await opened
      await copy.waitForLoadState()
      // What was prepared for the page went to the empty one that stood there before.
      await copy.evaluate(keepWords)
      return visitor(copy, server, time)
    },
  }
}
