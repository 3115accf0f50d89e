/** A fresh Next app, made from the packed package and what a registry has: it builds, renders on its server, and its pages take terminals over without a word. */
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TerminalPage } from '../../src/testing/page/terminalPage.ts'
import { testChromium } from '../chromium.ts'
import { installedApp, type FreshApp, type Served } from './freshApp.ts'

const options = await testChromium()
const next = 'node_modules/next/dist/bin/next'
const key = randomBytes(32).toString('hex')
const quiet = { NEXT_TELEMETRY_DISABLED: '1' }
/** Strings of xterm.js and of its addon for images that no minifier touches. */
const LATE = ['xterm-helper-textarea', 'xterm-image-layer']

/** A panel in a server component; one in a component of the app's own that asks for tokens itself; the hook, in German. */
const PAGES = [
  ['/', 'Shell of build 7', 'en'],
  ['/asks', 'Shell of build 8', 'en'],
  ['/own', 'Shell of build 9', 'de'],
] as const

let app: FreshApp
let browser: Browser | undefined

beforeAll(async () => {
  app = await installedApp('next-app')
  if (options !== null) browser = await chromium.launch(options)
}, 300_000)

afterAll(async () => {
  await browser?.close()
  app?.remove()
})

describe.each(['--turbopack', '--webpack'])('a Next app built with %s', (bundler) => {
  let site: Site
  beforeAll(async () => {
    const { status, said } = await app.run('next', ['build', bundler], quiet)
    expect(status, said).toBe(0)
    // Its pages were rendered where there is no DOM, and its types are those of the packed package.
    expect(said).toMatch(/Finished TypeScript[^]*○ \/own/)
    site = await serve(['start'])
  }, 300_000)
  afterAll(() => site?.stop())

  it.each(PAGES)('has the frame of %s in its HTML, with an empty grid', async (path, label, lang) => {
    const html = await (await fetch(site.url + path)).text()
    expect(html).toContain(`aria-label="${label}"`)
    expect(html).toContain(`lang="${lang}"`)
    expect(html).toMatch(/<div[^>]*class="nt-mount"[^>]*><\/div>|<div[^>]*style="flex:1;min-height:0"[^>]*><\/div>/)
  })

  it('loads nothing of the emulator before a page is there', async () => {
    const html = await (await fetch(site.url)).text()
    const names = [...html.matchAll(/\/_next\/(static\/[^"\\]+\.js)/g)].map(([, name = '']) => join('.next', name))
    expect(names.length).toBeGreaterThan(2)
    const first = new Set(names.map((name) => readFileSync(join(app.folder, name), 'utf8')))
    for (const late of LATE) {
      expect([...first].filter((text) => text.includes(late))).toEqual([])
      expect([...app.textsIn('.next/static').values()].filter((text) => text.includes(late))).not.toEqual([])
    }
  })

  it.skipIf(options === null).each(PAGES)(
    'has a shell that types in %s, and says nothing in the console',
    async (path, label) => {
      expect(await typesIn(site, path, label)).toEqual([])
    },
  )
})

describe.skipIf(options === null)('a Next app in development, where React gives its warnings', () => {
  let site: Site
  beforeAll(async () => {
    site = await serve(['dev'])
  }, 120_000)
  afterAll(() => site?.stop())

  it.each(PAGES)('hydrates %s without one', async (path, label) => {
    expect(await typesIn(site, path, label)).toEqual([])
  })
})

/** Types a command into the shell of a page, and tells what the console and other origins had to do with it. */
async function typesIn(site: Site, path: string, label: string): Promise<readonly string[]> {
  if (browser === undefined) throw new Error('There is no browser.')
  const context = await browser.newContext({ viewport: { width: 900, height: 600 } })
  const page = await context.newPage()
  const said: string[] = []
  page.on('console', (message) => DEVELOPMENT.test(message.text()) || said.push(message.text()))
  page.on('pageerror', (error) => said.push(String(error)))
  page.on('request', (request) => new URL(request.url()).origin === site.url || said.push(`asked for ${request.url()}`))
  await page.goto(site.url + path)
  const terminal = new TerminalPage(page, { label })
  await terminal.seeState('ready', 60_000)
  // A shell may drop what is typed before it asks.
  await terminal.seeText(/[$#]\s*$/)
  await terminal.type('echo ne""xt\n')
  await terminal.seeRow('next')
  await page.screenshot({ path: join(import.meta.dirname, `../../reports/next${path.replace('/', '-')}.png`) })
  await context.close()
  return said
}

/** What development builds of React and Next say in any page. */
const DEVELOPMENT = /React DevTools|^\[HMR\] connected|^\[Fast Refresh\]/

interface Site {
  readonly url: string
  stop(): Promise<void>
}

/** The app on a free port, with its terminal service beside it. */
async function serve(command: readonly string[]): Promise<Site> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = { ...quiet, TERMINALS_KEY: key, APP_ORIGIN: url }
  // A home without the start-up files of whoever runs this.
  const shell = { HOME: app.folder, SHELL: '/bin/sh' }
  const terminals = await app.serve('terminals.mjs', [], { env: { ...env, ...shell, PORT: '0' }, ready: /^http:.*\n/m })
  const address = terminals.said().trim().split('\n').at(-1) ?? ''
  const pages: Served = await app.serve(next, [...command, '--hostname', '127.0.0.1', '--port', String(port)], {
    env: { ...env, TERMINALS: address },
    ready: /Ready in/,
  })
  return {
    url,
    async stop() {
      await Promise.all([pages.stop(), terminals.stop()])
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('A server without a port.')),
      )
    })
  })
}
