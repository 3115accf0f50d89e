/** What draws the grid: WebGL by choice, the DOM the moment a context is gone, and the same cells either way. */
import type { BrowserContext } from 'playwright'
import { describe, expect, it } from 'vitest'
import { MOST_LEASES } from '../src/react/gpu/leases.ts'
import type { RendererChoice } from '../src/react/gpu/drawing.ts'
import { until } from '../src/testing/page/until.ts'
import { withoutBrowser } from './support/browser.ts'
import { blanks, scaled } from './support/ink.ts'
import { freshId, useJourneys } from './support/journeys.ts'
import type { TerminalPage } from './support/terminalPage.ts'

describe.skipIf(withoutBrowser !== null)(`renderers${withoutBrowser ? ` (${withoutBrowser})` : ''}`, () => {
  const { open, window } = useJourneys()

  async function drawnBy(renderer: RendererChoice, options: Parameters<typeof window>[0] = {}): Promise<BrowserContext> {
    const context = await window(options)
    await context.addInitScript((renderer) => Object.assign(globalThis, { panelProps: { renderer } }), renderer)
    return context
  }

  const drawings = (terminal: TerminalPage): Promise<number> =>
    terminal.panel.locator('.xterm-screen canvas:not(.xterm-link-layer):not(.xterm-decoration-overview-ruler)').count()

  const seeDrawing = (terminal: TerminalPage, count: number) =>
    until(
      `${count} GPU canvases`,
      () => drawings(terminal),
      (seen) => seen === count,
    )

  /** CSS pixels of the grid, and its cells. */
  async function grid(terminal: TerminalPage) {
    const box = await terminal.panel.locator('.xterm-screen').boundingBox()
    const { size } = await terminal.text()
    return { width: box?.width, height: box?.height, ...size }
  }

  /** The same cells: over a whole row they may differ by the pixel that a browser's font sizes leave open. */
  function expectSame(one: Awaited<ReturnType<typeof grid>>, other: Awaited<ReturnType<typeof grid>>): void {
    expect({ cols: one.cols, rows: one.rows, height: one.height }).toEqual({
      cols: other.cols,
      rows: other.rows,
      height: other.height,
    })
    expect(Math.abs((one.width ?? 0) - (other.width ?? 0))).toBeLessThanOrEqual(1)
  }

  it.each([1, 1.5, 2])('has cells of one size with both at %s device pixels to a CSS pixel', async (deviceScaleFactor) => {
    const byDom = await open(freshId(), await drawnBy('dom', { deviceScaleFactor }))
    await byDom.ready()
    expect(await drawings(byDom)).toBe(0)
    const byGpu = await open(freshId(), await drawnBy('webgl', { deviceScaleFactor }))
    await byGpu.ready()
    await seeDrawing(byGpu, 1)
    expectSame(await grid(byGpu), await grid(byDom))
  })

  /** Prints lines in all weights, down and across. */
  async function printLines(terminal: TerminalPage): Promise<void> {
    await terminal.type(
      "clear; printf '\\u2502 \\e[1m\\u2503 \\e[3m\\u2551\\e[m\\n%.0s' 1 2 3; printf '\\u2500%.0s' 1 2 3; echo\n",
    )
    await terminal.seeRow('───')
  }

  /** The font of the lines comes after the first output. */
  async function seeJoined(terminal: TerminalPage, pixelRatio: number): Promise<void> {
    const seen = async () => {
      const [box, { size }] = [await terminal.panel.locator('.xterm-screen').boundingBox(), await terminal.text()]
      if (box === null) throw new Error('The screen cannot be seen.')
      const [width, height] = [box.width / size.cols, box.height / size.rows]
      const picture = await terminal.page.screenshot({ scale: 'device' })
      const part = (col: number, row: number, cols: number, rows: number) =>
        blanks(
          picture,
          scaled({ x: box.x + col * width, y: box.y + row * height, width: cols * width, height: rows * height }, pixelRatio),
        )
      // From middle to middle: the screen itself may begin between two pixels.
      return { down: [0, 2, 4].map((col) => part(col, 0.5, 1, 2).rows), across: part(0.5, 3, 2, 1).columns }
    }
    await until('lines without gaps', seen, ({ down, across }) => [...down, across].every((gaps) => gaps === 0))
  }

  it.each([1, 1.5, 2])(
    'joins lines from cell to cell by the DOM at %s device pixels to a CSS pixel',
    async (deviceScaleFactor) => {
      const terminal = await open(freshId(), await drawnBy('dom', { deviceScaleFactor }))
      await terminal.ready()
      await printLines(terminal)
      await seeJoined(terminal, deviceScaleFactor)
    },
  )

  it('joins them in other cells too, which came while nobody saw them', async () => {
    const terminal = await open(freshId(), await drawnBy('dom'))
    await terminal.ready()
    await printLines(terminal)
    await seeJoined(terminal, 1)
    const style = (declarations: Readonly<Record<string, string>>) =>
      terminal.section.evaluate((section, declarations) => {
        for (const [name, value] of Object.entries(declarations)) section.style.setProperty(name, value)
      }, declarations)
    await style({ display: 'none' })
    await style({ '--nimbus-terminal-font-size': '17px', '--nimbus-terminal-row-height': '30px' })
    await style({ display: '' })
    const rowHeight = async (): Promise<number> => {
      const box = await terminal.panel.locator('.xterm-screen').boundingBox()
      return Math.round((box?.height ?? 0) / (await terminal.text()).size.rows)
    }
    await until('rows of 30 pixels', rowHeight, (height) => height === 30)
    await seeJoined(terminal, 1)
  })

  it('draws by the DOM at once when the browser takes the context away, without a change of the grid', async () => {
    const terminal = await open(freshId(), await drawnBy('webgl'))
    await terminal.ready()
    await seeDrawing(terminal, 1)
    const before = await grid(terminal)
    const frames = await terminal.panel.locator('.xterm-screen').evaluate(
      (screen) =>
        new Promise<number>((resolve) => {
          const canvas = [...screen.querySelectorAll('canvas')].find((each) => each.getContext('webgl2') !== null)
          let frames = 0
          const look = (): void => {
            frames++
            if (screen.querySelector('.xterm-rows')?.textContent.includes('ready')) resolve(frames)
            else requestAnimationFrame(look)
          }
          canvas?.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext()
          requestAnimationFrame(look)
        }),
    )
    // 300 ms are 18 frames.
    expect(frames).toBeLessThan(18)
    expect(await drawings(terminal)).toBe(0)
    expectSame(await grid(terminal), before)
    await terminal.type('echo go""es on\n')
    await terminal.seeRow('goes on')
  })

  it('leaves WebGL alone where no graphics processor draws it, unless the host insists', async () => {
    const context = await drawnBy('auto')
    const terminal = await open(freshId(), context)
    await terminal.ready()
    const software = await terminal.page.evaluate(() => {
      const context = document.createElement('canvas').getContext('webgl2', { failIfMajorPerformanceCaveat: true })
      const info = context?.getExtension('WEBGL_debug_renderer_info')
      return !info || /SwiftShader|llvmpipe/.test(String(context?.getParameter(info.UNMASKED_RENDERER_WEBGL)))
    })
    await seeDrawing(terminal, software ? 0 : 1)
  })

  it('never holds more contexts than the page may, and loses none, however many panels there are', async () => {
    const context = await drawnBy('webgl', { viewport: { width: 1600, height: 900 } })
    await context.addInitScript(() => {
      const lost: string[] = []
      Object.assign(globalThis, { lost })
      addEventListener('webglcontextlost', (event) => event.isTrusted && lost.push('lost'), { capture: true })
    })
    const ids = Array.from({ length: MOST_LEASES + 4 }, freshId)
    const first = await open(ids, context)
    const { page } = first
    const all = page.locator('.xterm-screen canvas:not(.xterm-link-layer):not(.xterm-decoration-overview-ruler)')
    await until(
      `${MOST_LEASES} GPU canvases`,
      () => all.count(),
      (count) => count === MOST_LEASES,
    )
    const last = first.beside(ids.length - 1)
    await last.type('echo fo""cused\n')
    await last.seeRow('focused')
    await seeDrawing(last, 1)
    expect(await all.count()).toBe(MOST_LEASES)
    expect(await page.evaluate(() => (globalThis as unknown as { lost: string[] }).lost)).toEqual([])
  })
})
