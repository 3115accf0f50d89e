/** What a panel looks like in Firefox and in WebKit: zoomed, folded, moved, drawn by WebGL, in clusters, playing a recording, and as a person has set up the system. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { until } from '../../src/testing/page/until.ts'
import { type BuiltPage, servePage } from '../support/builtPage.ts'
import { blanks, scaled } from '../support/ink.ts'
import { inPage } from '../support/engines/engine.ts'
import { EnginePanel } from '../support/engines/enginePanel.ts'
import { embeddedAt, inEachEngine } from '../support/engines/inEachEngine.ts'
import { withoutKeyboard } from '../support/engines/display.ts'

const CANVAS = '.xterm-screen canvas:not(.xterm-link-layer):not(.xterm-decoration-overview-ruler)'

/** What the media queries of the page say. */
const media = (): readonly boolean[] =>
  ['(prefers-reduced-motion: reduce)', '(prefers-contrast: more)', '(forced-colors: active)'].map(
    (query) => matchMedia(query).matches,
  )

/** The shell, the grid and its room have one size, and a row of that length is one row. */
async function seeAgreement(panel: EnginePanel): Promise<void> {
  // The last fit may still come.
  const { cols } = await until(
    'a shell of the size of its grid',
    async () => {
      await panel.type('clear; stty size\n')
      return { cols: await colsOf(panel), rows: await panel.rows() }
    },
    ({ cols, rows }) => rows.some((row) => new RegExp(`^\\d+ ${cols}$`).test(row)),
  )
  const left = await panel.inTree((tree) => {
    const [room, screen] = ['.nt-mount', '.xterm-screen'].map((name) => tree.querySelector(name)?.getBoundingClientRect())
    return room === undefined || screen === undefined ? -1 : room.width - screen.width
  })
  // Less than a cell and the ruler.
  expect(left).toBeGreaterThanOrEqual(0)
  expect(left).toBeLessThan(12 + 20)
  await panel.type(`printf 'x%.0s' $(seq ${cols}); echo\n`)
  await panel.seeRow('x'.repeat(cols))
}

const colsOf = async (panel: EnginePanel): Promise<number> => (await panel.text())?.size.cols ?? 0

inEachEngine('has its room', ({ engine, open }) => {
  it.skipIf(withoutKeyboard !== null)(
    'has fewer and larger cells when a person zooms in, and the first ones afterwards',
    async () => {
      const { panel } = await open()
      const first = await colsOf(panel)
      let cols = first
      try {
        for (const _step of [1, 2]) {
          await engine().zoom('in')
          cols = await until(
            'fewer cells',
            () => colsOf(panel),
            (seen) => seen < cols,
          )
          await seeAgreement(panel)
        }
      } finally {
        await engine().zoom('reset')
      }
      await until(
        'the first cells',
        () => colsOf(panel),
        (seen) => seen === first,
      )
      await seeAgreement(panel)
    },
  )

  it('keeps its size while it is folded away, and takes that of the place to which it is moved', async () => {
    const { panel } = await open()
    const before = (await panel.text())?.size
    const style = (style: Readonly<Record<string, string>>) =>
      inPage(engine(), (style) => void Object.assign(document.querySelector<HTMLElement>('.demo-terminal')!.style, style), style)
    for (const [name, value] of [
      ['display', 'none'],
      ['height', '0'],
    ] as const) {
      await style({ [name]: value, minHeight: '0', flex: 'none', overflow: 'hidden' })
      await inPage(engine(), () => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))))
      await style({ [name]: '', minHeight: '', flex: '', overflow: '' })
      await seeAgreement(panel)
      expect((await panel.text())?.size).toEqual(before)
    }
    await inPage(engine(), () => {
      const place = document.createElement('div')
      Object.assign(place.style, { position: 'fixed', inset: '20px auto auto 20px', width: '420px', height: '300px' })
      document.body.append(place)
      place.append(...document.querySelectorAll('.demo-terminal'))
      Object.assign(document.querySelector<HTMLElement>('.demo-terminal')!.style, { height: '100%' })
    })
    await until(
      'a narrower grid',
      () => colsOf(panel),
      (cols) => cols < 60,
    )
    await seeAgreement(panel)
  })

  it('follows a divider that is dragged, and tells the size meanwhile', async () => {
    const { panel } = await open()
    const before = await colsOf(panel)
    const steps = 60
    await inPage(
      engine(),
      (steps) =>
        new Promise<void>((resolve) => {
          const section = document.querySelector<HTMLElement>('.demo-terminal')!
          let step = 0
          const next = (): void => {
            section.style.flex = `0 0 ${900 - step * 5}px`
            if (++step > steps) resolve()
            else requestAnimationFrame(next)
          }
          next()
        }),
      steps,
    )
    await panel.seeStatus(/\d+ × \d+/)
    await until(
      'a narrower grid',
      () => colsOf(panel),
      (cols) => cols < before,
    )
    await seeAgreement(panel)
    await panel.seeStatus(/^(?!.*\d+ × \d+)/)
  })
})

inEachEngine('draws', ({ engine }) => {
  let site: BuiltPage

  beforeAll(async () => {
    site = await servePage(join(import.meta.dirname, '../embedding'))
  })
  afterAll(() => site.close())

  async function shown(props: object): Promise<EnginePanel> {
    await engine().go(embeddedAt(site.url, props))
    const panel = new EnginePanel(engine())
    await panel.seeState('ready')
    return panel
  }
  const canvases = (panel: EnginePanel): Promise<number> =>
    panel.inTree((tree, selector) => tree.querySelectorAll(selector).length, CANVAS)
  const grid = (panel: EnginePanel) =>
    panel.inTree((tree) => {
      const { width, height } = tree.querySelector('.xterm-screen')!.getBoundingClientRect()
      return { width: Math.round(width), height: Math.round(height) }
    })

  async function byWebgl(): Promise<EnginePanel> {
    const panel = await shown({ renderer: 'webgl' })
    await until(
      'a canvas of the GPU',
      () => canvases(panel),
      (count) => count === 1,
    )
    return panel
  }

  it('the same cells by WebGL and by the DOM', async () => {
    const byDom = await shown({ renderer: 'dom' })
    expect(await canvases(byDom)).toBe(0)
    const [size, cells] = [await grid(byDom), (await byDom.text())?.size]
    const panel = await byWebgl()
    expect((await panel.text())?.size).toEqual(cells)
    const drawn = await grid(panel)
    // Over a whole row they may differ by the pixel that a browser's font sizes leave open.
    expect(Math.abs(drawn.width - size.width)).toBeLessThanOrEqual(1)
    expect(drawn.height).toBe(size.height)
  })

  it('by WebGL where the host wants it, and by the DOM when the context is lost', async () => {
    const panel = await byWebgl()
    await panel.type('echo drawn\n')
    await panel.seeRow('drawn')
    await panel.inTree((tree, selector) => {
      const canvas = tree.querySelector<HTMLCanvasElement>(selector)
      canvas?.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext()
    }, CANVAS)
    await until(
      'the DOM',
      () => canvases(panel),
      (count) => count === 0,
    )
    await until(
      'the same output',
      () => panel.inTree((tree) => tree.querySelector('.xterm-rows')?.textContent ?? ''),
      (text) => text.includes('drawn'),
    )
    await panel.type('echo goes on\n')
    await panel.seeRow('goes on')
    expect(await engine().evaluate('complaints')).toEqual([])
  })

  it('lines that join from cell to cell, by the DOM', async () => {
    const panel = await shown({ renderer: 'dom' })
    await panel.focus()
    await inPage(engine(), (text) => document.execCommand('insertText', false, text), 'clear && echo -e "│\\n│\\n│\\n───"')
    await panel.press('Enter')
    await panel.seeRow('───')
    const size = (await panel.text())?.size ?? { cols: 1, rows: 1 }
    const { box, pixelRatio } = await panel.inTree((tree) => {
      const { x, y, width, height } = tree.querySelector('.xterm-screen')!.getBoundingClientRect()
      return { box: { x, y, width, height }, pixelRatio: devicePixelRatio }
    })
    const [width, height] = [box.width / size.cols, box.height / size.rows]
    const seen = async () => {
      const picture = await engine().screenshot()
      const part = (col: number, row: number, cols: number, rows: number) =>
        blanks(
          picture,
          scaled({ x: box.x + col * width, y: box.y + row * height, width: cols * width, height: rows * height }, pixelRatio),
        )
      return { down: part(0, 0.5, 1, 2).rows, across: part(0.5, 3, 2, 1).columns }
    }
    await until('lines without gaps', seen, ({ down, across }) => down === 0 && across === 0)
    // Some browsers take the metrics of a line from its first font, which must not make rows higher and so another font.
    expect(Math.round(height)).toBe(18)
    const drawn = await grid(panel)
    expect(drawn.height).toBe(Math.round(box.height))
    expect(await engine().evaluate('complaints')).toEqual([])
  })

  it('clusters in the cells that they take', async () => {
    const family = '👩‍👩‍👧‍👦'
    const column = async (props: object): Promise<number> => {
      const panel = await shown(props)
      const col = async (): Promise<number> => (await panel.text())?.cursor.col ?? 0
      const empty = await until('a prompt and its blank', col, (at) => at === '~/shop $ '.length)
      await panel.focus()
      await inPage(engine(), (text) => document.execCommand('insertText', false, text), family)
      await panel.seeText('👩')
      return (await col()) - empty
    }
    // One cluster of two cells; sign by sign it is wider.
    expect(await column({ graphemes: true })).toBe(2)
    expect(await column({})).toBeGreaterThan(2)
  })

  it('a recording, from its first line to its last', async () => {
    await engine().go(`${site.url}?place=cast`)
    const panel = new EnginePanel(engine())
    await panel.seeText('first\nsecond\nthird')
    await panel.seeStatus(/^View only\./)
  })

  it('the cursor, the ring and the words as they move by themselves, where nobody asked for less', async () => {
    const panel = await shown({})
    expect(await inPage(engine(), media)).toEqual([false, false, false])
    expect(
      await panel.inTree(
        (tree) => getComputedStyle(tree.querySelector('.nt-say > span') ?? tree.querySelector('.nt')!).animationName,
      ),
    ).toBe('nt-fade')
  })
})

inEachEngine(
  'for somebody with less motion, more contrast and a fine screen',
  ({ name, engine, open }) => {
    it('stands still, has edges instead of tints, and cells of whole pixels', async () => {
      const { panel } = await open()
      expect(await inPage(engine(), media)).toEqual([true, true, name === 'Firefox'])
      expect(await inPage(engine(), () => devicePixelRatio)).toBe(2)
      const seen = await panel.inTree((tree) => {
        const of = (selector: string) => getComputedStyle(tree.querySelector(selector)!)
        const screen = tree.querySelector('.xterm-screen')!.getBoundingClientRect()
        const canvas = document.body.appendChild(Object.assign(document.createElement('i'), { style: 'color: Canvas' }))
        const system = getComputedStyle(canvas).color
        canvas.remove()
        return {
          moves: of('.nt-say > span').animationName,
          ground: of('.xterm-scrollable-element').backgroundColor,
          stroke: of('.nt-icon').strokeWidth,
          system,
          height: screen.height * devicePixelRatio,
        }
      })
      expect(seen.moves).toBe('none')
      expect(seen.ground).toBe(name === 'Firefox' ? seen.system : 'rgb(255, 255, 255)')
      expect(seen.stroke).toBe('2px')
      expect(seen.height % 1).toBe(0)
      await seeAgreement(panel)
    })
  },
  { setup: { reducedMotion: true, moreContrast: true, pixels: 2 } },
)
