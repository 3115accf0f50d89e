/** What every journey starts from: the demo with a shell that has no surprises, and a browser before it. */
import { randomUUID } from 'node:crypto'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, inject } from 'vitest'
import { startDemo, type Demo, type DemoOptions } from '../../examples/demo/start.ts'
import { ptyBackend } from '../../src/server/backends/pty.ts'
import { launchBrowser } from './browser.ts'
import { TerminalPage } from './terminalPage.ts'
import { PATIENCE_MS } from '../../src/testing/page/until.ts'

/** Every shell is this one, whatever the machine's user has set up. */
const plainShell = () => ({
  file: '/bin/bash',
  args: ['--norc', '--noprofile', '-i'],
  cwd: '/tmp',
  // The variable PS1 itself does not survive a bash that is not interactive, and programs are started by one.
  env: { PROMPT_COMMAND: 'PS1="$ "', HISTFILE: '' },
})

export function startJourneyDemo(options: Partial<DemoOptions> = {}): Promise<Demo> {
  const { terminal, ...rest } = options
  const limits = { mint: { perSecond: 1000, burst: 1000 }, maxSessionsPerPrincipal: 1000, ...terminal?.limits }
  // Projects without the global setup build it themselves.
  const files = options.development ? undefined : inject('demoPage')
  return startDemo({
    port: 0,
    files,
    backend: ptyBackend({ command: plainShell, graceMs: 200 }),
    ...rest,
    terminal: { ...terminal, limits },
  })
}

/** An allocation that no other journey has. */
export function freshId(): string {
  return `e2e-${randomUUID().slice(0, 8)}`
}

export interface Journeys {
  demo(): Demo
  browser(): Browser
  /** A window with a profile of its own. It is closed after the journey. */
  window(options?: BrowserContextOptions): Promise<BrowserContext>
  /** A page of the demo with these allocations, in a window of its own unless one is given. */
  open(ids: string | readonly string[], window?: BrowserContext): Promise<TerminalPage>
}

/** Sets up a demo and a browser for the journeys of a file. A page that complains in its console fails its journey. */
export function useJourneys(options: Partial<DemoOptions> = {}): Journeys {
  let demo: Demo | undefined
  let browser: Browser | undefined
  const windows: BrowserContext[] = []
  const complaints: string[] = []

  beforeAll(async () => {
    ;[demo, browser] = await Promise.all([startJourneyDemo(options), launchBrowser()])
  })

  afterEach(async () => {
    for (const window of windows.splice(0)) await window.close()
    refuseComplaints(complaints)
  })

  afterAll(async () => {
    await browser?.close()
    await demo?.close()
  })

  const journeys: Journeys = {
    demo: () => started(demo),
    browser: () => started(browser),
    async window(options = {}) {
      const window = await started(browser).newContext({ viewport: { width: 1280, height: 800 }, ...options })
      window.setDefaultTimeout(PATIENCE_MS)
      windows.push(window)
      window.on('page', (page) => watch(page, complaints))
      return window
    },
    async open(ids, window) {
      const page = await (window ?? (await journeys.window())).newPage()
      await page.goto(addressOf(journeys.demo(), ids))
      return new TerminalPage(page)
    },
  }
  return journeys
}

export function addressOf(demo: Demo, ids: string | readonly string[]): string {
  return `${demo.url}?${[ids]
    .flat()
    .map((id) => `id=${encodeURIComponent(id)}`)
    .join('&')}`
}

/**
 * What a browser writes into its console about a network that a journey broke on purpose, and about graphics drawn in software;
 * and xterm.js about a machine that is busy.
 */
const EXPECTED =
  /^(?:WebSocket connection to|Failed to load resource|\[\.WebGL-\w+\]GL Driver Message|task queue exceeded allotted deadline)/

/** Writes down errors of the page, violations of its content security policy among them. */
export function watch(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if ((message.type() === 'error' || message.type() === 'warning') && !EXPECTED.test(message.text()))
      complaints.push(message.text())
  })
}

function started<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The journeys have not begun.')
  return value
}

/** Fails where a page has complained, and forgets it. */
export function refuseComplaints(complaints: string[]): void {
  const all = complaints.splice(0)
  if (all.length > 0) throw new Error(`The console of the page says:\n${all.join('\n')}`)
}
