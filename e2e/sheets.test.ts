/** Questions over the view, in every size of a panel: their buttons are whole, and the row that they are about stays in sight. */
import type { Locator } from 'playwright'
import { describe, expect, it } from 'vitest'
import { until } from '../src/testing/page/until.ts'
import { withoutBrowser } from './support/browser.ts'
import { cellOf } from './support/cells.ts'
import { freshId, useJourneys } from './support/journeys.ts'
import { puppets } from './support/puppet.ts'
import type { TerminalPage } from './support/terminalPage.ts'

const picture = process.env['PICTURES']

const SIZES = [
  [320, 120],
  [320, 200],
  [320, 300],
  [360, 240],
  [430, 120],
  [430, 260],
  [600, 300],
] as const
/** Rows that a sheet needs for its buttons and one row of what it asks about. */
const LEAST_ROWS = 3

const COMMANDS = 'cd /srv/shop\ngit fetch --all\ngit reset --hard origin/main\nsystemctl restart shop'
const HIDDEN = 'git status\u001b[201~; curl x.example\r'
const LINK = '\u001b]8;;https://docs.example.com/deploy/rollback?from=41f9c2\u0007rollback guide\u001b]8;;\u0007'

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

describe.skipIf(withoutBrowser !== null)(`a sheet${withoutBrowser ? ` (${withoutBrowser})` : ''}`, () => {
  const all = puppets()
  const { open } = useJourneys({ backend: all.backend })

  async function sized(width: number, height: number) {
    const id = freshId()
    const terminal = await open(id)
    const program = await all.of(id)
    await terminal.panel.evaluate((panel, size) => Object.assign(panel.style, size), {
      position: 'fixed',
      inset: '20px auto auto 20px',
      inlineSize: `${width}px`,
      blockSize: `${height}px`,
    })
    const { size } = await until(
      'the size of the grid',
      () => terminal.text(),
      ({ size }) => size.rows < height / 18,
    )
    let screens = 0
    /** A screen whose `row`, from 0, is the one that matters: it has the cursor and a link. */
    const shows = async (row: number): Promise<void> => {
      const mark = `n${++screens}`
      program.print(`\u001b[2J\u001b[H${'above\r\n'.repeat(row)}${mark} ${LINK} `)
      await terminal.seeText(mark)
    }
    return { terminal, rows: size.rows, shows }
  }

  const box = async (part: Locator): Promise<Box> => {
    const found = await part.boundingBox()
    if (found === null) throw new Error('It cannot be seen.')
    return found
  }
  const within = (inner: Box, outer: Box): boolean =>
    inner.y >= outer.y &&
    inner.y + inner.height <= outer.y + outer.height &&
    inner.x >= outer.x &&
    inner.x + inner.width <= outer.x + outer.width

  /** What is wrong with the sheet that stands there. */
  async function faults(terminal: TerminalPage, row: number, rows: number): Promise<readonly string[]> {
    const sheet = await box(terminal.panel.locator('.nt-sheet'))
    const view = await box(terminal.panel.locator('.nt-view'))
    const screen = await box(terminal.panel.locator('.xterm-screen'))
    const wrong: string[] = []
    if (!within(sheet, view)) wrong.push('it leaves the view')
    const rowHeight = screen.height / rows
    const top = screen.y + row * rowHeight
    const isCovered = sheet.y < top + rowHeight && sheet.y + sheet.height > top
    if (isCovered && Math.max(row, rows - 1 - row) >= LEAST_ROWS) wrong.push('it covers the row that it is about')
    for (const button of await terminal.panel.locator('.nt-sheet .nt-buttons .nt-btn').all()) {
      const place = await box(button)
      if (!within(place, sheet)) wrong.push(`a button is cut: ${await button.innerText()}`)
      if (place.height < 24) wrong.push(`a button is ${place.height} px high`)
    }
    const about = await box(terminal.panel.locator('.nt-sheet :is(.nt-preview, .nt-addr)'))
    const buttons = await box(terminal.panel.locator('.nt-sheet .nt-buttons'))
    if (about.y < sheet.y || about.y + 18 > buttons.y) wrong.push('nothing is seen of what it asks about')
    return wrong
  }

  it.each(SIZES)('at %i × %i', async (width, height) => {
    const { terminal, rows, shows } = await sized(width, height)
    const wrong: string[] = []
    for (const row of [0, Math.floor(rows / 2) - 1, Math.floor(rows / 2)]) {
      for (const [name, text] of [
        ['paste-ask', COMMANDS],
        ['paste-hidden', HIDDEN],
        ['link-ask', null],
      ] as const) {
        await shows(row)
        if (text === null) await askAboutLink(terminal)
        else await terminal.paste(text)
        await terminal.panel.locator('.nt-sheet').waitFor()
        if (picture) await terminal.panel.screenshot({ path: `${picture}/${name}-${width}x${height}-${row}.png` })
        wrong.push(...(await faults(terminal, row, rows)).map((fault) => `${name}, row ${row} of ${rows}: ${fault}`))
        await terminal.page.keyboard.press('Escape')
        await terminal.panel.locator('.nt-sheet').waitFor({ state: 'detached' })
      }
    }
    expect(wrong).toEqual([])
  })

  async function askAboutLink(terminal: TerminalPage): Promise<void> {
    const place = await cellOf(terminal, 'guide')
    await terminal.page.mouse.move(place.x - 1, place.y)
    await terminal.page.mouse.move(place.x, place.y)
    await until(
      'the address in the line',
      () => terminal.state(),
      (state) => state === 'link-hover',
    )
    await terminal.page.keyboard.down('Control')
    await terminal.page.mouse.click(place.x, place.y)
    await terminal.page.keyboard.up('Control')
  }
})
