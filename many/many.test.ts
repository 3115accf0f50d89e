/** Many terminals on a page: none loses its picture, and nothing of those that are gone is kept. */
import { join } from 'node:path'
import pixelmatch from 'pixelmatch'
import type { Browser, CDPSession, Page } from 'playwright'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser, withoutBrowser } from '../e2e/support/browser.ts'
import { FROM_NOWHERE, servePage } from '../e2e/support/pageFromMemory.ts'
import { pageFiles } from '../examples/demo/page.ts'
import { startMockServer, type StartedMockServer } from '../mock-server/node/port.ts'
import { MOST_LEASES } from '../src/react/gpu/leases.ts'
import { TerminalPage } from '../src/testing/page/terminalPage.ts'
import { until } from '../src/testing/page/until.ts'
import { countAlive } from './heap.ts'
import type { Many } from './page/main.tsx'

const PANELS = 50
const MOUNTS = 200
const CANVAS = '.xterm-screen canvas:not(.xterm-link-layer):not(.xterm-decoration-overview-ruler)'

describe.skipIf(withoutBrowser !== null)(`many terminals${withoutBrowser ? ` (${withoutBrowser})` : ''}`, () => {
  let browser: Browser | undefined
  let server: StartedMockServer | undefined

  beforeAll(async () => {
    browser = await launchBrowser(FROM_NOWHERE)
    const limits = { mint: { perSecond: 1000, burst: 1000 }, maxSessionsPerPrincipal: 1000 }
    server = await startMockServer({ port: 0, limits })
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  async function open(): Promise<Page> {
    if (!browser || !server) throw new Error('The tests have not begun.')
    const files = await pageFiles({ root: join(import.meta.dirname, 'page'), readable: true })
    const page = await browser.newPage({ viewport: { width: 900, height: 900 } })
    await servePage(page, server.url, files)
    await page.addInitScript(() => {
      const lost: number[] = []
      Object.assign(globalThis, { lost })
      addEventListener('webglcontextlost', () => lost.push(performance.now()), { capture: true })
    })
    await page.goto(`${server.url}/`)
    return page
  }

  const show = (page: Page, count: number): Promise<void> =>
    page.evaluate((count) => (globalThis as unknown as { many: Many }).many.show(count), count)

  /** Waits until that many have said something. */
  const ready = (page: Page, count: number) =>
    until(
      `${count} terminals`,
      () => page.locator('.nt[data-state="ready"]').count(),
      (seen) => seen === count,
      60_000,
    )

  it(`scrolls through ${PANELS} of them without one lost context or one blank grid`, async () => {
    const page = await open()
    await show(page, PANELS)
    await ready(page, PANELS)
    const seen = new Set<number>()
    for (let index = 0; index < PANELS; index += 3) {
      await page.locator('.nt').nth(index).scrollIntoViewIfNeeded()
      const terminal = new TerminalPage(page, { label: `Terminal ${index + 1}`, index: 0 })
      await until(
        'a GPU canvas',
        () => terminal.panel.locator(CANVAS).count(),
        (count) => count === 1,
      )
      expect(await page.locator(CANVAS).count()).toBeLessThanOrEqual(MOST_LEASES)
      expect(await isBlank(terminal)).toBe(false)
      seen.add(index)
    }
    await page.locator('.nt').first().scrollIntoViewIfNeeded()
    await until(
      'the first one drawn by the GPU again',
      () => page.locator('.nt').first().locator(CANVAS).count(),
      (count) => count === 1,
    )
    expect(await page.evaluate(() => (globalThis as unknown as { lost: number[] }).lost)).toEqual([])
    expect(seen.size).toBe(Math.ceil(PANELS / 3))
    await page.close()
  })

  it(`keeps nothing of ${MOUNTS} that were mounted and unmounted`, async () => {
    const page = await open()
    const session = await page.context().newCDPSession(page)
    // The first ones make what belongs to the page: the classes of the browser are objects too.
    await mountAndUnmount(page, 8)
    const before = await alive(page, session)
    for (let done = 0; done < MOUNTS; done += 8) await mountAndUnmount(page, 8)
    const after = await alive(page, session)
    expect(after.objects).toMatchObject({
      'section.nt': 0,
      'div.nt-mount': 0,
      Session: 0,
      Feed: 0,
      Terminal: 0,
      CoreBrowserTerminal: 0,
      WebSocket: 0,
    })
    // The page's own may be fewer than after the first ones: what draws letters for all goes when nobody needs it.
    const more = Object.entries(after.objects).filter(([name, count]) => count > (before.objects[name] ?? 0))
    expect(more).toEqual([])
    expect(after.listeners).toBeLessThanOrEqual(before.listeners)
    expect(after.nodes).toBeLessThanOrEqual(before.nodes + 50)
    await page.close()
  })

  /** As a person leaves: the last thing that the page heard of was the pointer over a grid. React remembers that element. */
  const leave = (page: Page): Promise<void> =>
    page.evaluate(() => {
      const grids = document.querySelectorAll('.nt-mount')
      grids[grids.length - 1]?.dispatchEvent(new PointerEvent('pointerover', { bubbles: true }))
      ;(globalThis as unknown as { many: Many }).many.show(0)
    })

  async function mountAndUnmount(page: Page, count: number): Promise<void> {
    await show(page, count)
    await ready(page, count)
    await leave(page)
    await until(
      'their sockets to close',
      () => server?.mock.core.stats().connections,
      (connections) => connections === 0,
    )
  }
})

/** Ours, xterm.js's, and the browser's. */
const CLASSES = [
  'section.nt',
  'div.nt-mount',
  'Session',
  'Feed',
  'Terminal',
  'CoreBrowserTerminal',
  'WebSocket',
  'WebGL2RenderingContext',
  'HTMLCanvasElement',
]

async function alive(page: Page, session: CDPSession) {
  await page.evaluate(() => {
    const { many } = globalThis as unknown as { many: Many }
    many.redraw()
    many.redraw()
  })
  const objects = await countAlive(session, CLASSES)
  // What a collection found dead is taken off the browser's counters as it is swept, which the next one ends.
  for (let collections = 0; collections < 2; collections++) await session.send('HeapProfiler.collectGarbage')
  await session.send('Performance.enable')
  const { metrics } = await session.send('Performance.getMetrics')
  const metric = (name: string): number => metrics.find((each) => each.name === name)?.value ?? 0
  return { objects, listeners: metric('JSEventListeners'), nodes: metric('Nodes') }
}

/** Nothing but its ground is drawn. */
async function isBlank({ panel }: TerminalPage): Promise<boolean> {
  const picture = PNG.sync.read(await panel.locator('.xterm-screen').screenshot())
  const ground = new PNG({ width: picture.width, height: picture.height })
  for (let at = 0; at < ground.data.length; at += 4) picture.data.copy(ground.data, at, picture.data.length - 4)
  return pixelmatch(picture.data, ground.data, undefined, picture.width, picture.height, { threshold: 0.2 }) < 20
}
