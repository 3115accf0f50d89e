/** A fresh app that renders on a server, made from the packed package: the frame is in its HTML, and the page takes it over without a word. */
import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium, type Browser } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TerminalPage } from '../../src/testing/page/terminalPage.ts'
import { testChromium } from '../chromium.ts'
import { freshApp, type FreshApp } from './freshApp.ts'

const options = await testChromium()
// React warns in its development build alone.
const development = { NODE_ENV: 'development' }

describe('an app that renders on a server', () => {
  let app: FreshApp
  let server: ChildProcess
  let url = ''
  let browser: Browser | undefined

  beforeAll(async () => {
    app = await freshApp('ssr-app')
    const page = await app.run('vite', ['build', '--mode', 'development', '--outDir', 'dist/client'], development)
    expect(page.status, page.said).toBe(0)
    const rendering = await app.run('vite', ['build', '--ssr', 'src/render.tsx', '--outDir', 'dist/server'], development)
    expect(rendering.status, rendering.said).toBe(0)
    server = spawn(process.execPath, ['serve.mjs'], {
      cwd: app.folder,
      env: { ...process.env, ...development },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    url = await firstLine(server)
  }, 180_000)

  afterAll(async () => {
    await browser?.close()
    server?.kill()
    app?.remove()
  })

  it('has the frame and the line in the HTML, in their final size, with an empty grid', async () => {
    const html = await (await fetch(url)).text()
    expect(html).toContain('aria-label="Shell of build 7"')
    expect(html).toContain('data-state="first-paint"')
    expect(html).toContain('lang="de"')
    expect(html).toMatch(/class="nt-mount"[^>]*><\/div>/)
  })

  it.skipIf(options === null)(
    'takes it over in a browser without a warning, and nothing moves',
    async () => {
      browser = await chromium.launch(options ?? {})
      const page = await browser.newPage({ viewport: { width: 900, height: 600 } })
      const said: string[] = []
      page.on('console', (message) => message.text().includes('React DevTools') || said.push(message.text()))
      page.on('pageerror', (error) => said.push(String(error)))
      const box = () => page.locator('.nt-line').boundingBox()

      const withoutScripts = await browser.newPage({ viewport: { width: 900, height: 600 }, javaScriptEnabled: false })
      await withoutScripts.goto(url)
      const before = await withoutScripts.locator('.nt-line').boundingBox()
      await withoutScripts.close()

      await page.goto(url)
      const terminal = new TerminalPage(page, { label: 'Shell of build 7' })
      await terminal.seeState('ready')
      await terminal.type('hydrated')
      await terminal.seeText('hydrated')
      expect(await box()).toEqual(before)
      expect(before?.height).toBeGreaterThan(20)
      expect(said).toEqual([])
    },
    60_000,
  )

  it('is marked for servers that render components, in each entry that has some; the words are not', () => {
    const built = (name: string) => readFileSync(join(app.folder, 'node_modules/@nimbus/terminal/dist', name), 'utf8')
    for (const name of ['react/index.js', 'react/details/index.js']) expect(built(name)).toMatch(/^['"]use client['"]/)
    expect(built('react/words/de.js')).not.toMatch(/use client|from ['"]react['"]/)
  })

  it('needs neither page nor client to read the words where only servers render', async () => {
    const code = `import('@nimbus/terminal/words/de').then(({ german }) => console.log(german.panel.lang))`
    const { status, said } = await app.run('node', ['--conditions=react-server', '--input-type=module', '-e', code])
    expect(said.trim()).toBe('de')
    expect(status).toBe(0)
  })
})

function firstLine({ stdout }: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (stdout === null) return reject(new Error('A server that says nothing.'))
    createInterface(stdout)
      .once('line', resolve)
      .once('close', () => reject(new Error('The server ended at once.')))
  })
}
