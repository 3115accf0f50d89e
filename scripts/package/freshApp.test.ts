/** A fresh Vite app with the packed package tests its terminal in Vitest and in Playwright, and ships nothing of what it tested with. */
import { createServer } from 'node:net'
import { chromium as launcher } from 'playwright'
import { preview } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TerminalPage } from '../../src/testing/page/terminalPage.ts'
import { testChromium } from '../chromium.ts'
import { freshApp, type FreshApp } from './freshApp.ts'

const chromium = await testChromium()

describe('a fresh app', () => {
  let app: FreshApp
  beforeAll(async () => {
    app = await freshApp('host-app')
  }, 60_000)
  afterAll(() => app?.remove())

  it('tests its terminal in Vitest under jsdom', async () => {
    const { status, said } = await app.run('vitest', ['run'])
    expect(said).toContain('1 passed')
    expect(status, said).toBe(0)
  }, 120_000)

  it.skipIf(chromium === null)(
    'tests its terminal in Playwright',
    async () => {
      const env = { PORT: String(await freePort()), CHROMIUM: chromium?.executablePath ?? '' }
      const { status, said } = await app.run('playwright', ['test', '--reporter=line'], env)
      expect(said).toContain('1 passed')
      expect(status, said).toBe(0)
    },
    120_000,
  )

  it('has no byte of msw or of the fake server in its production bundle, though its mock bundle has them', async () => {
    expect((await app.run('vite', ['build', '--outDir', 'real'])).status).toBe(0)
    expect((await app.run('vite', ['build', '--mode', 'mock', '--outDir', 'mock'])).status).toBe(0)
    const [real, mock] = ['real', 'mock'].map((folder) => [...app.textsIn(folder).values()].join('\n'))
    // Whole bundles would be printed where a claim about one fails.
    const isIn = (bundle: string | undefined) => CANARIES.filter((canary) => bundle?.includes(canary))
    expect(real?.includes('Terminal status')).toBe(true)
    expect(isIn(mock)).toEqual(CANARIES)
    expect(isIn(real)).toEqual([])
  }, 120_000)

  it.skipIf(chromium === null)(
    'has its colours in the production build of an app that sets no colour scheme',
    async () => {
      const site = await preview({ root: app.folder, configFile: false, logLevel: 'silent', build: { outDir: 'real' } })
      const browser = await launcher.launch(chromium ?? {})
      try {
        const page = await browser.newPage()
        await page.goto(site.resolvedUrls?.local[0] ?? '')
        const panel = page.getByRole('region', { name: 'Shell of build 7' })
        const colours = await panel.evaluate((element) => {
          const { color } = getComputedStyle(element)
          const [ground = ''] = [...element.querySelectorAll('*')]
            .map((each) => getComputedStyle(each).backgroundColor)
            .filter((each) => each !== 'rgba(0, 0, 0, 0)')
          return { color, ground }
        })
        expect(colours).toEqual({ color: 'rgb(28, 31, 38)', ground: 'rgb(252, 252, 254)' })
      } finally {
        await browser.close()
        await site.close()
      }
    },
    60_000,
  )

  it.skipIf(chromium === null)(
    'has a working terminal under a strict content security policy with Trusted Types',
    async () => {
      const headers = { 'Content-Security-Policy': "default-src 'self'; script-src 'self'; require-trusted-types-for 'script'" }
      const site = await preview({
        root: app.folder,
        configFile: false,
        logLevel: 'silent',
        preview: { headers },
        build: { outDir: 'mock' },
      })
      const browser = await launcher.launch(chromium ?? {})
      try {
        const page = await browser.newPage()
        const errors: string[] = []
        page.on('pageerror', (error) => errors.push(String(error)))
        const policy = (await page.goto(site.resolvedUrls?.local[0] ?? ''))?.headers()['content-security-policy']
        expect(policy).toBe(headers['Content-Security-Policy'])
        const terminal = new TerminalPage(page, { label: 'Shell of build 7' })
        await terminal.seeState('ready')
        await terminal.type('strict')
        await terminal.seeText('strict')
        expect(errors).toEqual([])
      } finally {
        await browser.close()
        await site.close()
      }
    },
    60_000,
  )

  it('has the replay command', async () => {
    const { status, said } = await app.run('node', ['node_modules/@nimbus/terminal/dist/client/node/cli.js', '--version'])
    expect(said.trim()).toMatch(/^\d+\.\d+\.\d+/)
    expect(status, said).toBe(0)
  })
})

/** Strings of the fake server, of its scripts, of the server core and of msw, which a minifier leaves alone. */
const CANARIES = [
  'Nothing happens by itself.',
  'nimbus-terminal:network',
  'happy-path',
  'secret_in_query',
  '[MSW]',
  'intercepted a request',
]

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('A server without a port.')),
      )
    })
  })
}
