/** The fake server in a real page through msw: each script leaves the trace that it leaves in Node, and a person can use it. */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { direct, play } from '../mock-server/play.ts'
import { scripts } from '../mock-server/scripts.ts'
import { TerminalPage } from '../src/testing/page/terminalPage.ts'
import type { MountName, PlayHere } from './mounts/page.tsx'
import { launchBrowser, withoutBrowser } from './support/browser.ts'
import { type BuiltPage, servePage } from './support/builtPage.ts'

const worker = createRequire(import.meta.url).resolve('msw/mockServiceWorker.js')

describe.skipIf(withoutBrowser !== null)(`the fake server in a page${withoutBrowser ? ` (${withoutBrowser})` : ''}`, () => {
  let site: BuiltPage
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    ;[site, browser] = await Promise.all([
      servePage(join(import.meta.dirname, 'mounts'), { files: { 'mockServiceWorker.js': worker } }),
      launchBrowser(),
    ])
    page = await browser.newPage()
    await page.goto(site.url)
    await page.waitForSelector('html[data-ready]')
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  const playIn = (script: string, mount: MountName) =>
    page.evaluate(
      // What the page leaves for this test.
      ([script, mount]) => (globalThis as unknown as { playHere: PlayHere }).playHere(script, mount),
      [script, mount] as const,
    )

  describe.each(['worker', 'page'] as const)('with msw as a %s', (mount) => {
    it.each(scripts.map((script) => [script.name, script] as const))('%s', async (name, script) => {
      const reference = await play(script, direct)
      expect(await playIn(name, mount)).toEqual(reference.trace)
    })
  })

  it('serves a panel behind a service worker, which comes back from a cut', async () => {
    const other = await browser.newPage()
    await other.goto(`${site.url}?panel`)
    const terminal = new TerminalPage(other)
    await terminal.seeState('ready')
    await terminal.type('before ')
    await terminal.seeText('before')
    await terminal.cutNetwork()
    await terminal.seeStatus('Connection lost.')
    await terminal.type('during')
    await terminal.mendNetwork()
    await terminal.retryNow()
    await terminal.seeText('before during')
    await other.close()
  })
})
