/** Images and ligatures by the addons of xterm.js: really drawn, by each renderer, over a reconnect and on a new screen, and loaded by nobody else. */
import { join } from 'node:path'
import type { Page, PageScreenshotOptions } from 'playwright'
import { PNG } from 'pngjs'
import { describe, expect, it } from 'vitest'
import { pageFiles } from '../examples/demo/page.ts'
import { TerminalPage } from '../src/testing/page/terminalPage.ts'
import { until } from '../src/testing/page/until.ts'
import { withoutBrowser } from './support/browser.ts'
import { freshId, useJourneys } from './support/journeys.ts'
import { servePage } from './support/pageFromMemory.ts'
import { puppets } from './support/puppet.ts'

const picture = process.env['PICTURES']

/** What a page needs on top of a strict policy: the decoder of SIXEL is WebAssembly. */
const WITH_WASM = "'wasm-unsafe-eval'"
const policy = (scripts: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' ${scripts}`.trim(),
    "style-src 'self' 'unsafe-inline'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')

/** 60 × 36 pixels of pure red; each sixel is a column of six. */
const RED = `\u001bP0;1;0q"1;1;60;36#1;2;100;0;0${'#1!60~-'.repeat(6)}\u001b\\`

/** 48 × 36 pixels of pure blue, as a picture file. */
const BLUE = ((): string => {
  const png = new PNG({ width: 48, height: 36 })
  for (let at = 0; at < png.data.length; at += 4) png.data.set([0, 0, 255, 255], at)
  const file = PNG.sync.write(png)
  return `\u001b]1337;File=inline=1;size=${file.length};width=48px;height=36px:${file.toString('base64')}\u0007`
})()

/** Asks where the cursor is. */
const WHERE = '\u001b[6n'

const RED_PIXELS = 60 * 36
const BLUE_PIXELS = 48 * 36

/** What a font with ligatures joins. */
const LETTERS = '=> !== -> <= plain'

const isAddon = (path: string): boolean => path.includes('/addon-')

type Rectangle = NonNullable<PageScreenshotOptions['clip']>

/** How much is drawn in each column of pixels of a place: renderers put letters a pixel higher or lower. */
async function ink(clip: Rectangle, page: Page): Promise<readonly number[]> {
  const { data, width } = PNG.sync.read(await page.screenshot({ clip }))
  const [ground = 0] = data.subarray(1)
  return Array.from({ length: width }, (_, column) => {
    let sum = 0
    for (let at = column * 4 + 1; at < data.length; at += width * 4) sum += Math.abs((data[at] ?? 0) - ground)
    return sum
  })
}

const apart = (one: readonly number[], other: readonly number[]): number =>
  one.reduce((sum, each, column) => sum + Math.abs(each - (other[column] ?? 0)), 0)

/** The letters in the first row of a terminal. */
async function rowOf({ panel }: TerminalPage): Promise<Rectangle> {
  const box = await panel.locator('.xterm-screen').boundingBox()
  if (box === null) throw new Error('The screen cannot be seen.')
  return { x: box.x, y: box.y, width: LETTERS.length * 8, height: 18 }
}

/** The same letters as the browser draws them outside of any terminal, with ligatures and without. */
async function drawnByBrowser(terminal: TerminalPage): Promise<Readonly<Record<'joined' | 'plain', readonly number[]>>> {
  const { page, panel } = terminal
  const clip = { ...(await rowOf(terminal)), y: 600 }
  const look = await panel.locator('.xterm-rows').evaluate((rows) => {
    const { fontFamily, fontSize, color } = getComputedStyle(rows)
    // The ground of the dark theme.
    return { fontFamily, fontSize, color, backgroundColor: '#15171c' }
  })
  const draw = async (ligatures: 'normal' | 'none') => {
    await page.evaluate(
      ({ look, clip, text, ligatures }) => {
        const letters = document.createElement('div')
        Object.assign(letters.style, look, { position: 'fixed', left: `${clip.x}px`, top: `${clip.y}px`, lineHeight: '18px' })
        Object.assign(letters.style, { whiteSpace: 'pre', fontVariantLigatures: ligatures, width: '300px' })
        letters.textContent = text
        document.body.append(letters)
      },
      { look, clip, text: LETTERS, ligatures },
    )
    return ink(clip, page)
  }
  return { joined: await draw('normal'), plain: await draw('none') }
}

describe.skipIf(withoutBrowser !== null)(`addons${withoutBrowser ? ` (${withoutBrowser})` : ''}`, () => {
  const programs = puppets()
  const { demo, window } = useJourneys({ backend: programs.backend })

  interface Asked {
    readonly images?: readonly string[]
    /** Images, whether the policy of the page lets them work or not. */
    readonly unchecked?: readonly string[]
    readonly ligatures?: readonly string[]
    /** What the policy of the page allows besides its own files. */
    readonly scripts?: string
  }

  /** A page of its own window with one panel for each id. */
  async function openPage(ids: readonly string[], { scripts = WITH_WASM, ...wants }: Asked) {
    // A page that no server sent has to ask for this machine.
    const context = await window({ permissions: ['local-network-access'] })
    const files = await pageFiles({ root: join(import.meta.dirname, 'addons') })
    await servePage(context, new URL(demo().url).origin, files, { 'content-security-policy': policy(scripts) })
    const page = await context.newPage()
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    const query = Object.entries({ id: ids, ...wants }).flatMap(([name, all]) => all.map((id) => [name, id]))
    await page.goto(`${demo().url}?${new URLSearchParams(query)}`)
    return { page, asked, terminals: ids.map((id) => new TerminalPage(page, { label: id })) }
  }

  async function openOne(asked: readonly ('images' | 'unchecked' | 'ligatures')[], scripts?: string) {
    const id = freshId()
    const wants = Object.fromEntries(asked.map((addon) => [addon, [id]]))
    const { terminals, ...rest } = await openPage([id], { ...wants, ...(scripts !== undefined && { scripts }) })
    const [terminal] = terminals
    if (terminal === undefined) throw new Error('The page has no panel.')
    await terminal.seeState('ready')
    return { ...rest, id, terminal, puppet: await programs.of(id) }
  }

  const screen = ({ panel }: TerminalPage) => panel.locator('.xterm-screen')

  /** Pixels on the screen in exactly these colours. */
  async function colours(terminal: TerminalPage): Promise<{ red: number; blue: number }> {
    const { data } = PNG.sync.read(await screen(terminal).screenshot())
    let [red, blue] = [0, 0]
    for (let at = 0; at < data.length; at += 4) {
      if (data[at] === 255 && data[at + 1] === 0 && data[at + 2] === 0) red++
      if (data[at] === 0 && data[at + 1] === 0 && data[at + 2] === 255) blue++
    }
    return { red, blue }
  }

  const seeColours = (terminal: TerminalPage, red: number, blue: number) =>
    until(
      `${red} red pixels and ${blue} blue ones`,
      () => colours(terminal),
      (seen) => seen.red === red && seen.blue === blue,
    )

  async function drawBy({ page, panel }: TerminalPage, renderer: 'dom' | 'webgl'): Promise<void> {
    await page.evaluate(`drawBy(${JSON.stringify(renderer)})`)
    await panel.locator(renderer === 'dom' ? '.xterm-rows' : '.xterm-screen:not(:has(.xterm-rows))').waitFor()
  }

  it('draw images of SIXEL and of iTerm by each renderer, over a reconnect and on a screen that is built anew', async () => {
    const { id, terminal, puppet } = await openOne(['images'])
    puppet.print(`before\r\n${RED}\r\n${BLUE}\r\nafter\r\n`)
    await terminal.seeText('after')
    await seeColours(terminal, RED_PIXELS, BLUE_PIXELS)
    for (const renderer of ['webgl', 'dom'] as const) {
      await drawBy(terminal, renderer)
      await seeColours(terminal, RED_PIXELS, BLUE_PIXELS)
    }
    demo().network(id).cut()
    puppet.print(`${RED}\r\n`)
    await seeColours(terminal, 2 * RED_PIXELS, BLUE_PIXELS)
    await terminal.seeState('ready')
    if (picture) await terminal.panel.screenshot({ path: `${picture}/addons-images.png` })
    // Another window takes it and the first one takes it back: each has a new screen, made of what was kept.
    const [other] = (await openPage([id], { images: [id] })).terminals
    await other?.button('Take over here').click()
    await other?.seeText('after')
    await terminal.button('Take over here').click()
    await terminal.seeState('ready')
    puppet.print('taken back\r\n')
    await terminal.seeText('taken back')
    await seeColours(terminal, 2 * RED_PIXELS, BLUE_PIXELS)
  })

  it('answer a program once, and not again for output that a reload replays', async () => {
    const { page, terminal, puppet } = await openOne(['images'])
    const attributes = '\u001b[?62;4;9;22c'
    puppet.print('who\u001b[c\u001b[?1;1S\r\n')
    await until('both answers', puppet.heard, (heard) => heard === `${attributes}\u001b[?1;0;256S`)
    await page.reload()
    await terminal.seeText('who')
    puppet.print('once more\u001b[6n\r\n')
    await until('the answer to what is new', puppet.heard, (heard) => heard.endsWith('R'))
    expect(puppet.heard().split(attributes)).toHaveLength(2)
  })

  it('are left out, and told of, where the policy of the page does not let them work', async () => {
    const { page, asked, terminal, puppet } = await openOne(['images'], '')
    puppet.print(`${RED}${BLUE}after\r\n`)
    await terminal.seeText('after')
    expect(await colours(terminal)).toEqual({ red: 0, blue: 0 })
    expect(await page.evaluate('failed')).toEqual(['An addon of the terminal could not be loaded.'])
    expect(asked.filter(isAddon)).toEqual([])
  })

  it('that fail at what a program writes are told of once, and everything after it is parsed', async () => {
    const { page, terminal, puppet } = await openOne(['unchecked'], '')
    puppet.print(`${BLUE}one\r\n${BLUE}two${WHERE}\r\n`)
    await terminal.seeText('two')
    await until('the place of the cursor', puppet.heard, (heard) => heard === '\u001b[2;4R')
    // More than the server sends without being told that what came before is parsed.
    puppet.print(`${'x'.repeat(99)}\r\n`.repeat(20_000))
    puppet.print(`${BLUE}three\r\n`)
    await terminal.seeText('three')
    expect(await page.evaluate('failed')).toEqual(['An addon of the terminal failed at what a program wrote.'])
    if (picture) await terminal.panel.screenshot({ path: `${picture}/addons-failed.png` })
  })

  it('join the letters of a font with ligatures, by each renderer, and only where they are asked to', async () => {
    const [joined, plain] = [freshId(), freshId()]
    const { page, asked, terminals } = await openPage([joined, plain], { ligatures: [joined] })
    const [first, second] = terminals
    if (first === undefined || second === undefined) throw new Error('The page has two panels.')
    for (const id of [joined, plain]) (await programs.of(id)).print(`\u001b[?25l${LETTERS}\r\n`)
    await Promise.all([first.seeText(LETTERS), second.seeText(LETTERS)])
    const like = await drawnByBrowser(first)
    const inkOf = async (terminal: TerminalPage) => ink(await rowOf(terminal), page)
    const isJoined = (seen: Awaited<ReturnType<typeof inkOf>>) => apart(seen, like.joined) < apart(seen, like.plain) / 3
    for (const renderer of ['dom', 'webgl', 'dom'] as const) {
      await drawBy(first, renderer)
      await until('joined letters', () => inkOf(first), isJoined)
      if (picture) await page.screenshot({ path: `${picture}/addons-letters-${renderer}.png` })
      const other = await inkOf(second)
      expect(apart(other, like.plain)).toBeLessThan(apart(other, like.joined) / 3)
    }
    demo().network(joined).cut()
    await first.seeState('ready')
    await until('joined letters after a cut', () => inkOf(first), isJoined)
    expect(asked.filter(isAddon)).toHaveLength(1)
  })

  it('are loaded by nobody who does not ask for them', async () => {
    const { asked, terminal, puppet } = await openOne([])
    puppet.print(`${RED}${BLUE}after\r\n`)
    await terminal.seeText('after')
    expect(await colours(terminal)).toEqual({ red: 0, blue: 0 })
    expect(asked.filter(isAddon)).toEqual([])
  })
})
