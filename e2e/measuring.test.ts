/** A panel whose room changes: dividers, collapsing, moving, zoom, fonts that come late, tabs that nobody sees. The shell hears the size that is right, seldom. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import type { TerminalSize } from '../src/protocol/messages.ts'
import type { TerminalPanelProps } from '../src/react/index.ts'
import { until } from '../src/testing/page/until.ts'
import { launchRealBrowser, withoutBrowser, type RealBrowser } from './support/browser.ts'
import { cellOf } from './support/cells.ts'
import { addressOf, freshId, refuseComplaints, useJourneys, watch } from './support/journeys.ts'
import { LATE_FONT } from './support/lateFont.ts'
import { puppets, type Puppet } from './support/puppet.ts'
import { TerminalPage } from './support/terminalPage.ts'

describe.skipIf(withoutBrowser !== null)(`a panel whose room changes${withoutBrowser ? ` (${withoutBrowser})` : ''}`, () => {
  const programs = puppets()
  const { demo, open, window } = useJourneys({ backend: programs.backend })

  interface Opened {
    readonly terminal: TerminalPage
    readonly page: Page
    readonly puppet: Puppet
  }

  async function panelIn(context: BrowserContext, ids: readonly string[] = [freshId()]): Promise<Opened> {
    const terminal = await open(ids, context)
    return { terminal, page: terminal.page, puppet: await begun(terminal, ids[0] ?? '') }
  }

  async function begun(terminal: TerminalPage, id: string): Promise<Puppet> {
    const puppet = await programs.of(id)
    puppet.print(`${numbered(1)}\r\n`)
    await terminal.seeText(numbered(1))
    await seeAgreement(terminal, puppet)
    return puppet
  }

  const drawnBy = async (props: Partial<TerminalPanelProps>): Promise<BrowserContext> => {
    const context = await window()
    await context.addInitScript((panelProps) => Object.assign(globalThis, { panelProps }), props)
    return context
  }

  it.each(['dom', 'webgl'] as const)('follows a divider that is dragged fast, drawn by %s', async (renderer) => {
    const ids = [freshId(), freshId()]
    const { terminal, page, puppet } = await panelIn(await drawnBy({ renderer }), ids)
    const right = terminal.beside(1)
    const other = await begun(right, ids[1] ?? '')
    const before = puppet.sizes().length
    const otherBefore = other.sizes().length
    const frames = await page.evaluate(dragDivider)
    await seeAgreement(terminal, puppet)
    await seeAgreement(right, other)
    // A size is told when the divider rests; where the machine holds the page up, that is a rest too.
    expect(frames.steps).toBeGreaterThan(100)
    expect(puppet.sizes().length - before).toBeLessThanOrEqual(1 + frames.rests)
    expect(other.sizes().length - otherBefore).toBeLessThanOrEqual(1 + frames.rests)
    // The left one is narrower than it was, the right one wider.
    expect(puppet.sizes().at(-1)?.cols).toBeLessThan(puppet.sizes()[before - 1]?.cols ?? 0)
    expect(other.sizes().at(-1)?.cols).toBeGreaterThan(other.sizes()[otherBefore - 1]?.cols ?? 0)
    await seeWholeRows(terminal, puppet)
    await seeWholeRows(right, other)
    await page.screenshot({ path: join(import.meta.dirname, `../reports/measuring-${renderer}.png`) })
  })

  it('tells the size in the line while it is dragged, and no longer', async () => {
    const { terminal, page } = await panelIn(await window(), [freshId(), freshId()])
    await page.evaluate(dragDivider)
    await terminal.seeStatus(/\d+ × \d+/)
    await until(
      'the line to be itself again',
      () => terminal.statusWords(),
      (words) => !/\d+ × \d+/.test(words),
    )
  })

  it.each([
    ['collapsed to nothing', { height: '0px', minHeight: '0px', flex: 'none', overflow: 'hidden' }],
    ['collapsed to a sliver', { width: '10px', flex: 'none', overflow: 'hidden' }],
    ['not displayed', { display: 'none' }],
  ])('tells the shell nothing of having been %s', async (_how, style) => {
    const { terminal, page, puppet } = await panelIn(await window())
    const sizes = [...puppet.sizes()]
    const set = (style: Partial<Record<string, string>>) =>
      terminal.section.evaluate((section, style) => void Object.assign(section.style, style), style)
    await set(style)
    await frames(page, 30)
    puppet.print(`${numbered(2)}\r\n`)
    await set(Object.fromEntries(Object.keys(style).map((name) => [name, ''])))
    await terminal.seeText(numbered(2))
    await frames(page, 30)
    await seeAgreement(terminal, puppet)
    expect(puppet.sizes()).toEqual(sizes)
    await seeWholeRows(terminal, puppet)
  })

  it('has its size when it is seen, if it was made folded away in a box that stays as it is', async () => {
    const folded = 'block-size: 0; min-block-size: 0; flex: none; overflow: hidden'
    const context = await window()
    await context.addInitScript((folded) => {
      // The page is read, and none of its scripts ran.
      document.addEventListener('readystatechange', () => {
        if (document.readyState !== 'interactive') return
        const style = document.createElement('style')
        style.textContent = `.demo-terminal { ${folded} }`
        document.head.append(style)
        const box = document.createElement('style')
        box.textContent = '.demo-terminal .nt { position: relative; inline-size: 500px; block-size: 250px }'
        document.head.append(box)
        Object.assign(globalThis, { unfold: () => style.remove() })
      })
    }, folded)
    const id = freshId()
    const terminal = await open(id, context)
    const puppet = await programs.of(id)
    await terminal.page.locator('.nt[data-state="ready"]').waitFor({ state: 'attached' })
    await frames(terminal.page, 30)
    // The page left it there.
    await terminal.page.evaluate(() => (globalThis as typeof globalThis & { unfold(): void }).unfold())
    puppet.print(`${numbered(1)}\r\n`)
    await terminal.seeText(numbered(1))
    await seeAgreement(terminal, puppet)
    await seeWholeRows(terminal, puppet)
  })

  it('has its colours when it is seen, if it was made where nothing is drawn, as in a closed <details>', async () => {
    const page = await (await window({ colorScheme: 'light' })).newPage()
    await page.goto(`${demo().url}?tabs`)
    await page.locator('.nt[data-state="ready"] .xterm-rows').first().waitFor()
    const made = page.locator('.nt[data-state="ready"] .xterm-rows')
    const before = await made.count()
    await page.evaluate(() => {
      document.body.style.setProperty('content-visibility', 'hidden')
      document.querySelector<HTMLElement>('.nt-newtab')?.click()
    })
    await made.nth(before).waitFor({ state: 'attached' })
    await page.evaluate(() => void document.body.style.removeProperty('content-visibility'))
    await until(
      'letters in their colour',
      () =>
        page.evaluate(() => {
          const [letters, probe] = ['.xterm-rows', '.nt-probe'].map((name) => [...document.querySelectorAll(name)].at(-1))
          return letters && probe && [getComputedStyle(letters).color, getComputedStyle(probe).borderTopColor]
        }),
      (colours) => colours !== undefined && colours[0] === colours[1],
    )
    await page.close()
  })

  it('takes the size of the place to which it is moved in the page, with its session', async () => {
    const { terminal, page, puppet } = await panelIn(await window())
    await page.evaluate(() => {
      const place = document.createElement('div')
      Object.assign(place.style, { position: 'fixed', inset: '20px auto auto 20px', width: '420px', height: '300px' })
      document.body.append(place)
      place.append(...document.querySelectorAll('.demo-terminal'))
      const [section] = place.children
      if (section instanceof HTMLElement) section.style.height = '100%'
    })
    await until(
      'a narrower shell',
      () => Promise.resolve(puppet.sizes().at(-1)?.cols ?? 0),
      (cols) => cols < 60,
    )
    await seeAgreement(terminal, puppet)
    await terminal.type('k')
    await until(
      'the key',
      () => Promise.resolve(puppet.heard()),
      (heard) => heard.endsWith('k'),
    )
    await seeWholeRows(terminal, puppet)
  })

  it('is measured where it is placed by something further out than what is folded away', async () => {
    const { terminal, page, puppet } = await panelIn(await window())
    await terminal.section.evaluate((section) => {
      const folded = document.createElement('div')
      Object.assign(folded.style, { height: '0', overflow: 'hidden' })
      section.replaceWith(folded)
      folded.append(section)
      Object.assign(section.style, { position: 'fixed', inset: '40px auto auto 40px', width: '500px', height: '320px' })
    })
    await until(
      'a narrower shell',
      () => Promise.resolve(puppet.sizes().at(-1)?.cols ?? 0),
      (cols) => cols < 60,
    )
    await seeAgreement(terminal, puppet)
    await page.screenshot({ path: join(import.meta.dirname, '../reports/measuring-placed.png') })
  })

  it.each(['dom', 'webgl'] as const)(
    'keeps its grid when only the pixels of the screen change, drawn by %s',
    async (renderer) => {
      const { terminal, page, puppet } = await panelIn(await drawnBy({ renderer }))
      const devtools = await page.context().newCDPSession(page)
      const first = await gridBox(terminal)
      for (const deviceScaleFactor of [2, 1.25, 3, 1]) {
        await devtools.send('Emulation.setDeviceMetricsOverride', { width: 1280, height: 800, deviceScaleFactor, mobile: false })
        await until(
          'the screen to have other pixels',
          () => page.evaluate(() => devicePixelRatio),
          (seen) => seen === deviceScaleFactor,
        )
        await until(
          'a grid of whole pixels',
          () => gridBox(terminal),
          (box) => Math.abs(box.height - first.height) < 1 && Math.abs(box.width - first.width) < first.cols,
        )
        await seeAgreement(terminal, puppet)
        await seeWholeRows(terminal, puppet)
      }
    },
  )

  it.each(['dom', 'webgl'] as const)(
    'has fewer and larger cells when a person zooms in, as sharp as before, drawn by %s',
    async (renderer) => {
      await inRealBrowser(async ({ browser, newPanel }) => {
        const { terminal, page, puppet } = await newPanel({ renderer })
        const first = puppet.sizes().at(-1)
        if (renderer === 'webgl') await seeSharp(terminal)
        const settings = await browser.newTab()
        await settings.goto('chrome://settings/appearance')
        let cols = first?.cols ?? 0
        for (const zoom of [1.1, 1.5, 2]) {
          await settings.evaluate(zoomAll, zoom)
          await page.bringToFront()
          await until(
            `fewer cells than ${cols}`,
            () => Promise.resolve(puppet.sizes().at(-1)?.cols ?? 0),
            (seen) => seen < cols,
          )
          await seeAgreement(terminal, puppet)
          cols = puppet.sizes().at(-1)?.cols ?? 0
          if (renderer === 'webgl') await seeSharp(terminal)
          await seeWholeRows(terminal, puppet)
          await page.screenshot({ path: join(import.meta.dirname, `../reports/measuring-zoom-${renderer}.png`) })
        }
        await settings.evaluate(zoomAll, 1)
        await until(
          'the first size',
          () => Promise.resolve(puppet.sizes().at(-1)),
          (size) => size?.cols === first?.cols && size?.rows === first?.rows,
        )
        await seeAgreement(terminal, puppet)
      })
    },
  )

  it.each([
    ['while it is in use', 'dom', true],
    ['while it is in use', 'webgl', true],
    ['before it is given to the page', 'dom', false],
    ['before it is given to the page', 'webgl', false],
  ] as const)('measures a font again that comes late, loaded %s, drawn by %s', async (_when, renderer, inUse) => {
    const context = await drawnBy({
      renderer,
      // Its type knows the names of CSS alone, and not those of a page.
      style: { '--nimbus-terminal-font-family': 'Late, monospace' } as TerminalPanelProps['style'],
    })
    const { terminal, page, puppet } = await panelIn(context)
    const [first] = puppet.sizes().slice(-1)
    await page.evaluate(giveFont, { bytes: readFileSync(LATE_FONT).toString('base64'), inUse })
    await until(
      'a grid of other cells',
      () => Promise.resolve(puppet.sizes().at(-1)?.cols),
      (cols) => cols !== first?.cols,
    )
    await seeAgreement(terminal, puppet)
    const { width, cols } = await gridBox(terminal)
    const letter = await page.evaluate(() => {
      const context = new OffscreenCanvas(1, 1).getContext('2d')
      if (context === null) return 0
      context.font = '13px Late'
      return context.measureText('W').width
    })
    // Whole device pixels a cell: the size of the font is the nearest that gives them.
    expect(Math.abs(width / cols - letter)).toBeLessThan(0.6)
    await page.screenshot({ path: join(import.meta.dirname, `../reports/measuring-font-${renderer}.png`) })
  })

  it.each(['transform: scale(0.8)', 'transform: scale(1.25)', 'zoom: 1.25'])(
    'finds what is under the pointer where the page draws it otherwise: %s',
    async (drawn) => {
      const { terminal, page, puppet } = await panelIn(await window())
      await page.evaluate((drawn) => {
        const style = document.createElement('style')
        style.textContent = `body { ${drawn}; transform-origin: 0 0 }`
        document.head.append(style)
      }, drawn)
      await seeAgreement(terminal, puppet)
      puppet.print(`\r\n${'\r\n'.repeat(8)}${'. '.repeat(12)}pointed. before\u001b[?1000h\u001b[?1006h`)
      const place = await cellOf(terminal, 'pointed.')
      await page.mouse.click(place.x, place.y)
      const { rows } = await terminal.text()
      const row = rows.findIndex((text) => text.includes('pointed.'))
      await until(
        'the place in the program',
        () => Promise.resolve(puppet.heard()),
        (heard) => heard.includes(`\u001b[<0;25;${row + 1}M`),
      )
      puppet.print('\u001b[?1000l after')
      await terminal.seeText('after')
      await page.mouse.dblclick(place.x, place.y)
      await page.keyboard.press('Control+Shift+F')
      const field = terminal.section.getByRole('textbox', { name: 'Find' })
      await field.waitFor()
      expect(await field.inputValue()).toBe('pointed.')
    },
  )

  it('takes the right size when a tab is looked at again, and tells the shell nothing before', async () => {
    await inRealBrowser(async ({ browser, newPanel }) => {
      const { terminal, page, puppet } = await newPanel({})
      const before = puppet.sizes().length
      await browser.newTab()
      await until(
        'a hidden page',
        () => page.evaluate(() => document.hidden),
        (hidden) => hidden,
      )
      for (const width of ['300px', '900px', '500px'])
        await terminal.section.evaluate((section, width) => Object.assign(section.style, { flex: 'none', width }), width)
      await page.bringToFront()
      await until(
        'another size',
        () => Promise.resolve(puppet.sizes().length),
        (count) => count > before,
      )
      await seeAgreement(terminal, puppet)
      expect(puppet.sizes().slice(before)).toHaveLength(1)
      await seeWholeRows(terminal, puppet)
    })
  })

  interface Real {
    readonly browser: RealBrowser
    newPanel(props: Partial<TerminalPanelProps>): Promise<Opened>
  }

  /** Tabs of it are hidden and zoomed for real. */
  async function inRealBrowser(journey: (real: Real) => Promise<void>): Promise<void> {
    const browser = await launchRealBrowser('--enable-unsafe-swiftshader')
    const complaints: string[] = []
    try {
      await journey({
        browser,
        async newPanel(props) {
          const page = await browser.newTab()
          watch(page, complaints)
          await page.addInitScript((panelProps) => Object.assign(globalThis, { panelProps }), props)
          const id = freshId()
          await page.goto(addressOf(demo(), id))
          const terminal = new TerminalPage(page)
          return { terminal, page, puppet: await begun(terminal, id) }
        },
      })
    } finally {
      await browser.close()
    }
    refuseComplaints(complaints)
  }
})

const numbered = (line: number): string => `line ${line} of what was there before`

/** The program, the grid and what is drawn have one size, and it fits the place. */
async function seeAgreement(terminal: TerminalPage, puppet: Puppet): Promise<void> {
  const seen = async (): Promise<{ told: TerminalSize | undefined; grid: TerminalSize; fits: boolean }> => ({
    told: puppet.sizes().at(-1),
    grid: (await terminal.text()).size,
    fits: await terminal.panel.evaluate((panel) => {
      const [grid, screen] = ['.nt-mount', '.xterm-screen'].map((name) => panel.querySelector(name)?.getBoundingClientRect())
      if (grid === undefined || screen === undefined) return false
      // Less than a cell and the ruler are left over.
      const over = { width: grid.width - screen.width, height: grid.height - screen.height }
      return over.width >= 0 && over.width < 12 + 20 && over.height >= 0 && over.height < 20
    }),
  })
  await until('one size everywhere', seen, ({ told, grid, fits }) => fits && told?.cols === grid.cols && told.rows === grid.rows)
}

/** A row as long as the program believes it to be stands in one row, and what was there before in as many as it needs, once. */
async function seeWholeRows(terminal: TerminalPage, puppet: Puppet): Promise<void> {
  const { cols = 0 } = puppet.sizes().at(-1) ?? {}
  const row = `${Math.random().toString(36).slice(2, 8)}${'─'.repeat(cols - 7)}┤`
  puppet.print(`${row}\r\n`)
  await terminal.seeRow(row)
  expect((await terminal.everything()).filter((line) => line === numbered(1))).toHaveLength(1)
}

async function gridBox(terminal: TerminalPage) {
  const box = await terminal.panel.locator('.xterm-screen').boundingBox()
  const { size } = await terminal.text()
  return { width: box?.width ?? 0, height: box?.height ?? 0, ...size }
}

/** The picture has a pixel for each of the screen. */
async function seeSharp(terminal: TerminalPage): Promise<void> {
  await until(
    'a canvas with the pixels of the screen',
    () =>
      terminal.panel.evaluate((panel) => {
        const canvas = [...panel.querySelectorAll('.xterm-screen canvas')].find(
          (each): each is HTMLCanvasElement => each instanceof HTMLCanvasElement && each.getContext('webgl2') !== null,
        )
        return canvas === undefined ? 0 : canvas.width / canvas.getBoundingClientRect().width / devicePixelRatio
      }),
    (ratio) => Math.abs(ratio - 1) < 0.01,
  )
}

const frames = (page: Page, count: number): Promise<void> =>
  page.evaluate(
    (count) =>
      new Promise<void>((resolve) => {
        const next = (left: number): void => void (left === 0 ? resolve() : requestAnimationFrame(() => next(left - 1)))
        next(count)
      }),
    count,
  )

/** Moves the divider between the two panels of the page with every frame, to and fro. Tells how often the page was held up for as long as a rest is. */
function dragDivider(): Promise<{ steps: number; rests: number }> {
  const [left] = document.querySelectorAll<HTMLElement>('.demo-terminal')
  if (left === undefined) throw new Error('The page has no panel.')
  const REST_MS = 30
  return new Promise((resolve) => {
    let steps = 0
    let rests = 0
    let last = performance.now()
    const step = (): void => {
      const now = performance.now()
      if (now - last >= REST_MS) rests++
      last = now
      // Twice to the right and back, then to a third of the page.
      left.style.flex = `0 0 ${Math.round(420 + 180 * Math.sin((steps / 120) * 4 * Math.PI) - steps / 6)}px`
      if (++steps > 120) resolve({ steps, rests })
      else requestAnimationFrame(step)
    }
    requestAnimationFrame(step)
  })
}

/** The browser's own zoom, for all of its pages, as its settings do it. */
function zoomAll(zoom: number): Promise<unknown> {
  // What only the browser's own pages have.
  const { chrome } = globalThis as unknown as {
    chrome: { settingsPrivate: { setDefaultZoom(zoom: number, done: (ok: boolean) => void): void } }
  }
  return new Promise((resolve) => chrome.settingsPrivate.setDefaultZoom(zoom, resolve))
}

async function giveFont({ bytes, inUse }: { bytes: string; inUse: boolean }): Promise<void> {
  const face = new FontFace(
    'Late',
    Uint8Array.from(atob(bytes), (each) => each.charCodeAt(0)),
  )
  if (!inUse) await face.load()
  document.fonts.add(face)
  await face.load()
}
