/** The panel where it is not in a plain page: in a shadow tree, in a frame without an origin, under the strictest policy, in another language. */
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { TerminalPage } from '../src/testing/page/terminalPage.ts'
import { until } from '../src/testing/page/until.ts'
import { launchBrowser, withoutBrowser } from './support/browser.ts'
import { type BuiltPage, servePage } from './support/builtPage.ts'

const STRICTEST = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

describe.skipIf(withoutBrowser !== null)(`an embedded panel${withoutBrowser ? ` (${withoutBrowser})` : ''}`, () => {
  let site: BuiltPage
  let browser: Browser
  let context: BrowserContext
  let said: string[] = []

  beforeAll(async () => {
    ;[site, browser] = await Promise.all([
      servePage(join(import.meta.dirname, 'embedding')),
      launchBrowser('--use-angle=swiftshader', '--enable-unsafe-swiftshader'),
    ])
  })
  afterEach(async () => {
    // A page may ask for something to its last moment.
    await context?.unrouteAll({ behavior: 'ignoreErrors' })
    await context?.close()
    said = []
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  /** Answers of the site with headers that a page may be served with. */
  async function newPage(headers: Readonly<Record<string, string>> = {}): Promise<Page> {
    context = await browser.newContext({ viewport: { width: 900, height: 600 } })
    const page = await context.newPage()
    // A page of React's development build, which has warnings to give, and an advertisement.
    page.on('console', (message) => message.text().includes('React DevTools') || said.push(message.text()))
    page.on('pageerror', (error) => said.push(String(error)))
    await context.route('**/*', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, headers: { ...response.headers(), ...headers } })
    })
    return page
  }

  async function open(query: string, headers: Readonly<Record<string, string>> = {}) {
    const page = await newPage(headers)
    await page.goto(`${site.url}?${query}`)
    const terminal = new TerminalPage(page, { label: 'Embedded' })
    await terminal.seeState('ready')
    return { page, terminal }
  }

  /** What a person sees of it, in figures. */
  const measures = (terminal: TerminalPage) =>
    terminal.panel.evaluate((panel) => {
      const of = (selector: string) => {
        const element = panel.querySelector(selector)
        if (element === null) return null
        const { color, backgroundColor, fontSize, fontFamily } = getComputedStyle(element)
        const { x, y, width, height } = element.getBoundingClientRect()
        return { color, backgroundColor, fontSize, fontFamily, x, y, width, height }
      }
      return ['.nt-frame', '.nt-line', '.nt-dot', '.xterm-screen', '.xterm-rows > div', '.nt-say'].map(of)
    })

  it('in a shadow tree looks and works as in a page', async () => {
    const plain = await open('')
    await plain.terminal.type('hello')
    await plain.terminal.seeText('hello')
    const expected = await measures(plain.terminal)
    expect(expected.every((part) => part !== null)).toBe(true)
    await context.close()

    const { page, terminal } = await open('place=shadow')
    expect(await page.evaluate(() => document.getElementById('root')?.shadowRoot !== null)).toBe(true)
    await terminal.type('hello')
    await terminal.seeText('hello')
    expect(await measures(terminal)).toEqual(expected)
    await terminal.press('Control+Shift+F')
    await terminal.panel.getByRole('textbox', { name: 'Find' }).fill('hello')
    await terminal.seeState('search')
    await page.keyboard.press('Escape')
    await terminal.press('Alt+F3')
    const details = terminal.panel.getByRole('dialog', { name: 'Connection details' })
    await details.waitFor()
    await page.screenshot({ path: join(import.meta.dirname, '../reports/embedding-shadow.png') })
    await page.keyboard.press('Escape')
    await details.waitFor({ state: 'detached' })
    // The focus is in the grid again: what is typed arrives.
    await page.keyboard.type(' again')
    await terminal.seeText('hello again')
    await terminal.cutNetwork()
    await terminal.seeStatus('Connection lost.')
    await terminal.mendNetwork()
    await terminal.retryNow()
    await terminal.seeState('ready')
    expect(said).toEqual([])
  })

  it('without its style sheet says what is missing, grows into no endless grid, and fits as soon as the sheet is there', async () => {
    const { page, terminal } = await open('bare')
    const rows = () => page.locator('.xterm-rows > div').count()
    await until('a grid', rows, (count) => count > 0)
    // Each frame in which it grew would have made it higher for the next one.
    await page.waitForTimeout(500)
    expect(await rows()).toBe(24)
    expect(await page.locator('html').getAttribute('data-failed')).toContain('import “@nimbus/terminal/styles.css”')
    await page.evaluate(() => document.body.click())
    await until('the grid that fits', rows, (count) => count < 24)
    await terminal.type('dressed')
    await terminal.seeText('dressed')
    expect(said).toEqual([])
  })

  it('in a frame without an origin of its own works without storage and clipboard', async () => {
    const page = await newPage({ 'access-control-allow-origin': '*' })
    await page.route('**/frame', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: '<link rel="icon" href="data:,"><iframe sandbox="allow-scripts" src="/" style="width:100%;height:500px"></iframe>',
      }),
    )
    await page.goto(`${site.url}frame`)
    const frame = page.frameLocator('iframe')
    const panel = frame.getByRole('region', { name: 'Embedded' })
    await frame.locator('[data-state=ready]').waitFor()
    expect(await page.frames()[1]?.evaluate(() => globalThis.origin)).toBe('null')
    await panel.locator('textarea').focus()
    await page.keyboard.type('echo in a frame\n')
    await until(
      'the answer in the frame',
      () => panel.innerText(),
      (text) => /^in a frame$/m.test(text),
    )
    expect(said).toEqual([])
  })

  it('under the strictest policy, with trusted types, does everything that it can do', async () => {
    const { page, terminal } = await open('full', { 'content-security-policy': STRICTEST })
    const { panel } = terminal
    const closed = async (role: 'dialog' | 'menu', name: string | RegExp) => {
      await panel.getByRole(role, { name }).waitFor()
      await page.keyboard.press('Escape')
      await panel.getByRole(role, { name }).waitFor({ state: 'detached' })
    }
    await terminal.type('colours\nlink https://example.com/ elsewhere\n')
    await terminal.seeText('elsewhere')
    await terminal.press('Control+Shift+F')
    await panel.getByRole('textbox', { name: 'Find' }).fill('else.here')
    await panel.getByRole('button', { name: 'Regular expression' }).click()
    await terminal.seeState('search')
    await page.keyboard.press('Escape')
    await terminal.paste('one\ntwo')
    await panel.getByRole('dialog', { name: /Paste 2 lines/ }).waitFor()
    await page.screenshot({ path: join(import.meta.dirname, '../reports/embedding-strict.png') })
    await page.keyboard.press('Escape')
    await terminal.press('Alt+F1')
    await closed('dialog', 'Keyboard shortcuts')
    await terminal.press('Alt+F2')
    await closed('dialog', 'Output as text')
    await terminal.press('Alt+F3')
    await closed('dialog', 'Connection details')
    await terminal.button('More').click()
    await panel.getByRole('menuitem', { name: 'Save with colours' }).click()
    await page.waitForSelector('html[data-saved]')
    // By keys, as it is offered in More.
    await terminal.button('More').click()
    await panel.getByRole('menuitem', { name: 'Links on screen' }).click()
    await panel.getByRole('dialog', { name: 'Links on screen' }).waitFor()
    await page.keyboard.press('Escape')
    await panel.getByRole('button', { name: 'Esc' }).waitFor()
    await terminal.type('still here')
    await terminal.seeText('still here')
    expect(await panel.locator('.xterm-screen canvas').count()).toBeGreaterThan(0)
    // xterm.js makes style elements of its own; the browser reports each, and the panel brings their rules in another way.
    expect(said.filter((text) => !text.includes("style-src 'self'"))).toEqual([])
    expect(said.length).toBeGreaterThan(0)
  })

  it('in a frame of a page’s own has a grid that fits, sheets over it and a button that acts', async () => {
    const { page, terminal } = await open('place=own')
    await terminal.type('hello')
    await terminal.seeText('hello')
    const { size } = await terminal.text()
    expect(size.rows).toBeGreaterThan(15)
    const [frame, grid] = await Promise.all(
      [terminal.panel, terminal.panel.locator('.nt-grid')].map((part) => part.boundingBox()),
    )
    expect((grid?.y ?? 0) + (grid?.height ?? 0)).toBeLessThanOrEqual((frame?.y ?? 0) + (frame?.height ?? 0))
    await terminal.press('Alt+F3')
    await terminal.panel.getByRole('dialog', { name: 'Connection details' }).waitFor()
    await page.screenshot({ path: join(import.meta.dirname, '../reports/embedding-own.png') })
    await page.keyboard.press('Escape')
    await terminal.cutNetwork()
    await terminal.panel.getByRole('button', { name: 'Retry now' }).waitFor()
    await terminal.mendNetwork()
    await terminal.panel.getByRole('button', { name: 'Retry now' }).click()
    await terminal.seeState('ready')
    expect(said).toEqual([])
  })

  it('speaks German from its first word on', async () => {
    const { page, terminal } = await open('words=de')
    expect(await terminal.panel.getAttribute('lang')).toBe('de')
    await terminal.cutNetwork()
    const line = terminal.panel.getByRole('group', { name: 'Zustand des Terminals' })
    await line.getByText('Verbindung verloren. Versuch').waitFor()
    await page.getByRole('button', { name: 'Neu versuchen' }).waitFor()
    await terminal.press('Alt+F3')
    const details = terminal.panel.getByRole('dialog', { name: 'Verbindungsdetails' })
    await details.waitFor()
    expect(await details.innerText()).toContain('Antwortzeit')
    await page.screenshot({ path: join(import.meta.dirname, '../reports/embedding-german.png') })
    expect(said).toEqual([])
  })
})
