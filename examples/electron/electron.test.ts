/** The Electron app: its renderer in Chromium under the restrictions of its window, and the whole of it where there is an Electron. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, chromium, type Browser } from 'playwright'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testChromium } from '../../scripts/chromium.ts'
import { freshApp } from '../../scripts/package/freshApp.ts'
import { echoBackend } from '../../src/server/backends/echo.ts'
import { TerminalPage } from '../../src/testing/page/terminalPage.ts'
import { startService, type Service } from './service.ts'
import { answer } from './site.ts'

const here = import.meta.dirname
const options = await testChromium()
const electron = process.env['ELECTRON_BIN'] ?? installedElectron()

/** The program that a package `electron` beside this one names; nothing depends on it. */
function installedElectron(): string | undefined {
  try {
    const named: unknown = createRequire(import.meta.url)('electron')
    return typeof named === 'string' ? named : undefined
  } catch {
    // It is not installed, or was without its program.
    return undefined
  }
}

describe('what the scheme answers', () => {
  let service: Service
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'electron-site-'))
    service = await startService('app://terminal', echoBackend())
  })
  afterAll(async () => {
    await service.close()
    await rm(folder, { recursive: true })
  })

  it.each(['/../main.ts', '/%2e%2e/service.ts', '/a/b/c.js', '/.env', '/nothing.js'])('nothing for %s', async (path) => {
    expect((await answer(new Request(`http://terminal${path}`), folder, service)).status).toBe(404)
  })

  it('a token for its own page, and none for anybody who only knows the port', async () => {
    const path = '/api/v1/allocations/shell/terminal-token'
    const mine = await answer(new Request(`http://terminal${path}`, { method: 'POST', body: '{}' }), folder, service)
    expect(mine.status).toBe(201)
    const port = new URL(service.socketOrigin).port
    const theirs = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'app://terminal' },
      body: '{}',
    })
    expect(theirs.status).toBe(401)
  })
})

describe('the window', () => {
  it('has no Node, no preload, a sandbox and an isolated context', async () => {
    const main = await readFile(join(here, 'main.ts'), 'utf8')
    expect(main).toContain('contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true, webviewTag: false')
    expect(main).toContain('app.enableSandbox()')
    expect(main).not.toContain('preload:')
  })
})

describe.skipIf(options === null)(`the renderer${options === null ? ' (there is no Chromium here)' : ''}`, () => {
  // The scheme that browsers without Electron know and that has an origin of its own too.
  const origin = 'http://terminal.localhost'
  let folder: string
  let service: Service
  let browser: Browser

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'electron-page-'))
    await build({
      root: join(here, 'page'),
      configFile: false,
      logLevel: 'error',
      mode: 'production',
      define: { 'process.env.NODE_ENV': '"production"' },
      oxc: { jsx: { runtime: 'automatic', development: false } },
      resolve: {
        alias: [
          { find: '@nimbus/terminal/styles.css', replacement: join(here, '../../src/react/styles.css') },
          { find: /^@nimbus\/terminal$/, replacement: join(here, '../../src/react/index.ts') },
        ],
      },
      build: { outDir: folder, emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
    })
    ;[service, browser] = await Promise.all([startService(origin, echoBackend()), chromium.launch(options ?? {})])
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    await service?.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('works on an origin of its own under a strict policy with trusted types, and asks for nothing else', async () => {
    const page = await browser.newPage({ viewport: { width: 1000, height: 640 } })
    // A page that was not loaded from loopback has to ask for it; Electron's main process decides for the app.
    await page.context().grantPermissions(['local-network-access'], { origin })
    const said: string[] = []
    const asked: string[] = []
    page.on('console', (message) => said.push(message.text()))
    page.on('pageerror', (error) => said.push(String(error)))
    page.on('request', (request) => asked.push(new URL(request.url()).origin))
    await page.route(`${origin}/**`, async (route) => {
      const request = route.request()
      const body = request.method() === 'POST' ? (request.postData() ?? '') : undefined
      const given = await answer(new Request(request.url(), { method: request.method(), body }), folder, service)
      await route.fulfill({
        status: given.status,
        headers: Object.fromEntries(given.headers),
        body: Buffer.from(await given.arrayBuffer()),
      })
    })
    await page.goto(`${origin}/`)
    const terminal = new TerminalPage(page, { label: 'Shell' })
    await terminal.seeState('ready')
    await terminal.type('in a window')
    await terminal.seeText('in a window')
    expect(await page.evaluate(() => ['require', 'process', 'module', 'Buffer'].filter((name) => name in globalThis))).toEqual([])
    expect(new Set(asked.filter((one) => one !== 'null'))).toEqual(new Set([origin]))
    expect(said.filter((text) => !text.includes("style-src 'self'"))).toEqual([])
    await page.screenshot({ path: join(here, '../../reports/electron.png') })
  })
})

describe.skipIf(electron === undefined)(
  `the app${electron === undefined ? ' (no Electron: ELECTRON_BIN names none, and no package brings one)' : ''}`,
  () => {
    it('shows a shell in a window without Node', async () => {
      const fresh = await freshApp('electron')
      for (const args of [[], ['--ssr', '../main.ts', '--outDir', '../dist/main']]) {
        const { status, said } = await fresh.run('vite', ['build', ...args])
        expect(status, said).toBe(0)
      }
      // Chromium starts its sandbox for every user but root, and there is none to be had for that one.
      const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
      const app = await _electron.launch({ executablePath: electron ?? '', args: [...asRoot, fresh.folder] })
      try {
        const page = await app.firstWindow()
        const terminal = new TerminalPage(page, { label: 'Shell' })
        await terminal.seeState('ready')
        await terminal.type('echo in""side\n')
        await terminal.seeRow('inside')
        expect(await page.evaluate(() => 'require' in globalThis || 'process' in globalThis)).toBe(false)
      } finally {
        await app.close()
        fresh.remove()
      }
    }, 120_000)
  },
)
