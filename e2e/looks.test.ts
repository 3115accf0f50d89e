/** What a person opens, on pages that read from right to left and in colours that the system forces: asked of the browser that drew it. */
import type { Locator } from 'playwright'
import { describe, expect, it } from 'vitest'
import { until } from '../src/testing/page/until.ts'
import { withoutBrowser } from './support/browser.ts'
import { freshId, useJourneys } from './support/journeys.ts'
import type { TerminalPage } from './support/terminalPage.ts'

const picture = process.env['PICTURES']

const style = (element: Locator, name: string): Promise<string> =>
  element.evaluate((node, name) => getComputedStyle(node).getPropertyValue(name), name)

/** Rules for elements alone, as sheets without classes have them. */
const PAGE_RULES = `
  header, footer, details, summary, time, dl, dt, dd, ol, li, h2, h3, pre, p, b, i, kbd, input {
    color: #123; background: #eee; border: 2px solid #456; border-radius: 9px; box-shadow: 0 0 4px #000;
    margin: 7px; padding: 11px; min-height: 40px; width: 70%; font-style: italic;
  }
  button { background: yellow; min-height: 60px; padding: 20px; box-shadow: 0 0 4px #000; }
  svg, svg path { fill: red; }
`

describe.skipIf(withoutBrowser !== null)(`looks of what is opened${withoutBrowser ? ` (${withoutBrowser})` : ''}`, () => {
  const { open, window } = useJourneys()

  const show = async (terminal: TerminalPage, name: string): Promise<void> => {
    if (picture) await terminal.panel.screenshot({ path: `${picture}/${name}.png` })
  }
  const dialog = ({ section }: TerminalPage, name: string): Locator => section.getByRole('dialog', { name })

  /** Waits until all of it can be seen. Runs in the page. */
  const inSight = (node: Element): Promise<void> =>
    new Promise((resolve) => {
      const observer = new IntersectionObserver(
        (seen) => {
          if (!seen.some(({ intersectionRatio }) => intersectionRatio > 0.99)) return
          observer.disconnect()
          resolve()
        },
        { threshold: 1 },
      )
      observer.observe(node)
    })

  /** The characters of a text from left to right, as they are drawn. */
  const drawnOrder = (element: Locator): Promise<string> =>
    element.evaluate((node) => {
      const text = node.firstChild
      if (!(text instanceof Text)) throw new Error('There is no text.')
      const places = [...text.data].map((char, index) => {
        const range = document.createRange()
        range.setStart(text, index)
        range.setEnd(text, index + 1)
        return { char, left: range.getBoundingClientRect().left }
      })
      return places
        .toSorted((one, other) => one.left - other.left)
        .map(({ char }) => char)
        .join('')
    })

  it('keep the order of keys and put everything on the other side where a page reads from right to left', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    await terminal.page.evaluate(() => void (document.documentElement.dir = 'rtl'))
    await terminal.press('Alt+F1')
    const keys = dialog(terminal, 'Keyboard shortcuts').locator('kbd')
    await keys.first().waitFor()
    for (const key of await keys.all()) expect(await drawnOrder(key)).toBe(await key.textContent())
    await show(terminal, 'guide-rtl')
    await terminal.page.keyboard.press('Escape')
    await terminal.button('More').click()
    const items = terminal.section.locator('.nt-item kbd')
    await items.first().waitFor()
    for (const key of await items.all()) expect(await drawnOrder(key)).toBe(await key.textContent())
    const menu = (await terminal.section.getByRole('menu').boundingBox())!
    const panel = (await terminal.panel.boundingBox())!
    expect(menu.x - panel.x).toBeLessThan(20)
    await show(terminal, 'more-rtl')
    await terminal.page.keyboard.press('Escape')
    await terminal.press('Alt+F3')
    const details = (await dialog(terminal, 'Connection details').boundingBox())!
    expect(details.x - panel.x).toBeLessThan(4)
    expect(await style(terminal.panel.locator('.xterm'), 'direction')).toBe('ltr')
    await show(terminal, 'details-rtl')
  })

  it('have edges, and a choice that is lit, in the colours of the system', async () => {
    const context = await window({ forcedColors: 'active', colorScheme: 'dark' })
    const terminal = await open(freshId(), context)
    await terminal.ready()
    const system = (name: string): Promise<string> =>
      terminal.page.evaluate((name) => {
        const probe = document.body.appendChild(document.createElement('i'))
        probe.style.cssText = `forced-color-adjust: none; color: ${name}`
        const { color } = getComputedStyle(probe)
        probe.remove()
        return color
      }, name)
    const canvas = await system('Canvas')
    const hasEdge = async (element: Locator): Promise<void> => {
      expect(parseFloat(await style(element, 'border-inline-start-width'))).toBeGreaterThan(0)
      expect(await style(element, 'border-inline-start-color')).not.toBe(canvas)
    }

    await terminal.button('More').click()
    const menu = terminal.section.getByRole('menu')
    await hasEdge(menu)
    await terminal.page.keyboard.press('ArrowDown')
    const lit = terminal.section.locator('.nt-item:focus')
    expect(await style(lit, 'background-color')).toBe(await system('Highlight'))
    expect(await style(lit, 'color')).toBe(await system('HighlightText'))
    await terminal.page.keyboard.press('Escape')

    await terminal.press('Alt+F1')
    await dialog(terminal, 'Keyboard shortcuts').waitFor()
    await hasEdge(dialog(terminal, 'Keyboard shortcuts'))
    await terminal.page.keyboard.press('Escape')

    await terminal.press('Alt+F3')
    await dialog(terminal, 'Connection details').waitFor()
    await hasEdge(dialog(terminal, 'Connection details'))
    await hasEdge(dialog(terminal, 'Connection details').getByRole('button', { name: 'Copy report' }))
    await terminal.page.keyboard.press('Escape')

    await terminal.press('Control+Shift+F')
    const option = terminal.button('Match case')
    await option.waitFor()
    const off = [await style(option, 'background-color'), await style(option, 'color')]
    await option.click()
    await terminal.page.mouse.move(0, 0)
    expect([await style(option, 'background-color'), await style(option, 'color')]).not.toEqual(off)
    await show(terminal, 'find-forced')
  })

  it('look the same on a page with rules for elements', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    // The rest of the page may move.
    await terminal.panel.evaluate(({ style }) =>
      Object.assign(style, { position: 'fixed', inset: '20px auto auto 20px', inlineSize: '700px', blockSize: '400px' }),
    )
    const { keyboard } = terminal.page
    /** What stands there, as the browser drew it. The curve grows by itself. */
    const drawn = (part: Locator): Promise<readonly string[]> =>
      part.evaluate((node) =>
        [...node.querySelectorAll('*:not(.nt-spark *)')].map((element) => {
          const { x, y, width, height } = element.getBoundingClientRect()
          const { color, backgroundColor, borderBlockStartWidth, boxShadow, fill } = getComputedStyle(element)
          const name = `${element.tagName} ${element.getAttribute('class') ?? ''}`
          return [name, x, y, width, height, color, backgroundColor, borderBlockStartWidth, boxShadow, fill].join(' ')
        }),
      )
    const opened: readonly (readonly [key: string, part: Locator])[] = [
      ['Control+Shift+F', terminal.panel.locator('.nt-find')],
      ['Alt+F1', dialog(terminal, 'Keyboard shortcuts')],
      ['Alt+F2', dialog(terminal, 'Output as text')],
      ['Alt+F3', dialog(terminal, 'Connection details')],
    ]
    for (const [key, part] of opened) {
      await terminal.press(key)
      await part.waitFor()
      const before = await drawn(part)
      const sheet = await terminal.page.addStyleTag({ content: PAGE_RULES })
      expect(await drawn(part)).toEqual(before)
      await sheet.evaluate((element) => element.parentNode?.removeChild(element))
      await keyboard.press('Escape')
      await part.waitFor({ state: 'detached' })
    }
  })

  it('scroll down in a panel that is too low for them, and with the keys', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    for (const width of ['320px', '600px']) {
      await terminal.panel.evaluate((panel, inlineSize) => Object.assign(panel.style, { inlineSize, blockSize: '190px' }), width)
      await terminal.press('Alt+F1')
      const room = dialog(terminal, 'Keyboard shortcuts').locator('.nt-keysroom')
      const rows = room.locator('dl > div')
      await rows.first().waitFor()
      expect(await room.evaluate((node) => node.scrollWidth - node.clientWidth)).toBe(0)
      await room.focus()
      await terminal.page.keyboard.press('End')
      await rows.last().evaluate(inSight)
      await show(terminal, `guide-low-${width}`)
      await terminal.page.keyboard.press('Escape')
    }
    // Unlike the shell, this program did not ask for pastes with brackets.
    await terminal.type("printf 'lis''tens\\n'; cat\r")
    await terminal.seeText('listens')
    await terminal.paste('one\ntwo\nthree\nfour')
    const preview = terminal.panel.locator('.nt-preview')
    await preview.waitFor()
    await terminal.page.keyboard.press('Shift+Tab')
    expect(await preview.evaluate((node) => node === document.activeElement)).toBe(true)
    await terminal.page.keyboard.press('Escape')
  })
})

describe.skipIf(withoutBrowser !== null)(`the menu of tabs${withoutBrowser ? ` (${withoutBrowser})` : ''}`, () => {
  const { demo, window } = useJourneys()

  it('ends within a low panel, and scrolls', async () => {
    const page = await (await window()).newPage()
    const ids = Array.from({ length: 10 }, () => `id=${freshId()}`)
    await page.goto(`${demo().url}?${ids.join('&')}&tabs`)
    const frame = page.locator('.nt:has(> .nt-tabframe)')
    await frame.evaluate(({ style }) =>
      Object.assign(style, { position: 'fixed', inset: '20px auto auto 20px', inlineSize: '320px', blockSize: '200px' }),
    )
    await frame.locator('.nt-tabpick > .nt-btn').click()
    const menu = frame.getByRole('menu')
    await menu.waitFor()
    const [outer, inner] = [await frame.boundingBox(), await menu.boundingBox()]
    if (outer === null || inner === null) throw new Error('It cannot be seen.')
    expect(inner.y + inner.height).toBeLessThanOrEqual(outer.y + outer.height)
    expect(await menu.evaluate((node) => node.scrollHeight > node.clientHeight)).toBe(true)
    await page.close()
  })
})

describe.skipIf(withoutBrowser !== null)(`the words of the line${withoutBrowser ? ` (${withoutBrowser})` : ''}`, () => {
  const { demo, open } = useJourneys()

  it('are whole, row by row, in letters of any size', async () => {
    const id = freshId()
    const terminal = await open(id)
    await terminal.ready()
    demo().network(id).refuse(true)
    demo().network(id).cut()
    const words = terminal.panel.locator('.nt-say > span', { hasText: /^Connection lost\./ })
    await words.waitFor()
    const shape = () =>
      words.evaluate((node) => {
        const line = node.closest('.nt-line')?.getBoundingClientRect()
        const range = document.createRange()
        range.selectNodeContents(node)
        const tops = [...range.getClientRects()].filter(({ width }) => width > 0).map(({ top }) => top)
        const letters = parseFloat(getComputedStyle(node).fontSize)
        const apart = Math.max(...tops) - Math.min(...tops)
        return { line: line?.height ?? 0, letters, apart, room: node.parentElement?.clientHeight ?? 0 }
      })
    for (const [root, width, height] of [
      ['10px', 320, 200],
      ['16px', 320, 200],
      ['20px', 320, 200],
      ['24px', 320, 200],
      ['24px', 430, 200],
      ['24px', 430, 120],
    ] as const) {
      await terminal.panel.evaluate(
        ({ style, ownerDocument }, { root, width, height }) => {
          ownerDocument.documentElement.style.fontSize = root
          Object.assign(style, {
            position: 'fixed',
            inset: '20px auto auto 20px',
            inlineSize: `${width}px`,
            blockSize: `${height}px`,
          })
        },
        { root, width, height },
      )
      const { line, letters, apart, room } = await shape()
      const where = `${root}, ${width} × ${height}`
      // Two rows of letters do not run into each other, and their room is there.
      expect(apart, where).toBeGreaterThanOrEqual(letters * 0.99)
      expect(room, where).toBeGreaterThanOrEqual(2 * letters)
      expect(line, where).toBeGreaterThanOrEqual(room)
      expect(letters, where).toBeGreaterThan(11)
      if (root === '16px') expect(line, where).toBe(40)
      if (picture) await terminal.panel.screenshot({ path: `${picture}/words-${root}-${width}x${height}.png` })
    }
  })
})

describe.skipIf(withoutBrowser !== null)(`what has the focus in the line${withoutBrowser ? ` (${withoutBrowser})` : ''}`, () => {
  const { open } = useJourneys()

  it('has a whole ring around it in every panel, and room for its letters', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    await terminal.press('Control+Shift+F')
    const find = terminal.panel.locator('.nt-find')
    await find.waitFor()
    for (const [root, width, height] of [
      ['16px', 320, 120],
      ['16px', 430, 120],
      ['16px', 600, 300],
      ['24px', 320, 200],
      ['24px', 600, 120],
    ] as const) {
      await terminal.panel.evaluate(
        ({ style, ownerDocument }, { root, width, height }) => {
          ownerDocument.documentElement.style.fontSize = root
          Object.assign(style, {
            position: 'fixed',
            inset: '20px auto auto 20px',
            inlineSize: `${width}px`,
            blockSize: `${height}px`,
          })
        },
        { root, width, height },
      )
      for (const part of [find.getByRole('textbox'), find.getByRole('button', { name: 'Close find' })]) {
        await part.focus()
        const seen = await part.evaluate((node) => {
          const ringed = node.closest('.nt-field') ?? node
          const { outlineOffset, outlineWidth, fontSize } = getComputedStyle(ringed)
          const box = ringed.getBoundingClientRect()
          const line = ringed.closest('.nt-line')?.getBoundingClientRect()
          const ring = parseFloat(outlineOffset) + parseFloat(outlineWidth)
          return { over: box.bottom + ring - (line?.bottom ?? 0), height: box.height, letters: parseFloat(fontSize) }
        })
        const where = `${root}, ${width} × ${height}`
        // Half a pixel is none.
        expect(seen.over, where).toBeLessThanOrEqual(0.5)
        expect(seen.height, where).toBeGreaterThan(seen.letters * 1.2)
      }
    }
  })
})

describe.skipIf(withoutBrowser !== null)(`the grid${withoutBrowser ? ` (${withoutBrowser})` : ''}`, () => {
  const { open, window } = useJourneys()

  it('draws inverted letters in the colour of the ground', async () => {
    const context = await window({ colorScheme: 'light' })
    const terminal = await open(freshId(), context)
    await terminal.ready()
    await terminal.type("printf '\\e[7m%s\\e[m\\n' turned''round\r")
    await terminal.seeText('turnedround')
    const letters = terminal.panel.locator('.xterm-rows span', { hasText: /^turnedround$/ })
    const ground = await terminal.panel
      .locator('.nt-probe')
      .first()
      .evaluate((probe) => getComputedStyle(probe).backgroundColor)
    const seen = await letters.evaluate((node) => getComputedStyle(node).color)
    expect(seen).toBe(ground)
    await letters.screenshot(picture ? { path: `${picture}/inverted.png` } : {})
  })

  it('takes each colour that a page changes alone, at once', async () => {
    const context = await window({ colorScheme: 'dark' })
    const terminal = await open(freshId(), context)
    await terminal.ready()
    await terminal.type("printf '\\e[31m%s\\e[94m%s\\e[m\\n' re''dly blue''ly\r")
    await terminal.seeText('redlyblue')
    const letters = (text: string) => terminal.panel.locator('.xterm-rows span', { hasText: new RegExp(`^${text}$`) })
    for (const [name, text] of [
      ['ansi-red', 'redly'],
      ['ansi-bright-blue', 'bluely'],
    ] as const) {
      await terminal.page.evaluate(
        (name) => document.documentElement.style.setProperty(`--nimbus-terminal-${name}`, 'rgb(0, 255, 0)'),
        name,
      )
      await until(
        `the colour of ${text}`,
        () => style(letters(text), 'color'),
        (color) => color === 'rgb(0, 255, 0)',
      )
    }
  })

  it('takes colours that a page changes while nobody sees it, as behind another tab of the app', async () => {
    const terminal = await open(freshId(), await window({ colorScheme: 'light' }))
    await terminal.ready()
    /** Resolves when the browser has drawn it. */
    const display = (value: string) =>
      terminal.section.evaluate(async (section, value) => {
        section.style.display = value
        for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame)
      }, value)
    await display('none')
    await terminal.page.evaluate(() => {
      document.documentElement.style.setProperty('--nimbus-terminal-foreground', 'rgb(0, 80, 0)')
    })
    await display('')
    await until(
      'letters in their colour',
      () => style(terminal.panel.locator('.xterm-rows'), 'color'),
      (color) => color === 'rgb(0, 80, 0)',
    )
  })

  it('has a scrollbar that stands out where somebody asked for contrast', async () => {
    const context = await window({ contrast: 'more', colorScheme: 'dark' })
    const terminal = await open(freshId(), context)
    await terminal.ready()
    await terminal.type('seq 300\r')
    await terminal.seeText('300')
    const slider = await terminal.panel
      .locator('.scrollbar > .slider')
      .first()
      .evaluate((node) => getComputedStyle(node).backgroundColor)
    const [red, green, blue, opacity = 1] = slider.match(/[\d.]+/g)?.map(Number) ?? []
    expect([red, green, blue]).toEqual([255, 255, 255])
    // On black, a grey of this share of white has a contrast of 3.
    expect(opacity).toBeGreaterThan(0.36)
  })
})
