/** Finding in the output: in the line, with a count, in the colours of the tokens, over reconnects, and whatever the expression. */
import { describe, expect, it } from 'vitest'
import { until } from '../src/testing/page/until.ts'
import { withoutBrowser } from './support/browser.ts'
import { freshId, useJourneys } from './support/journeys.ts'
import type { TerminalPage } from './support/terminalPage.ts'

const picture = process.env['PICTURES']

describe.skipIf(withoutBrowser !== null)(`finding in the output${withoutBrowser ? ` (${withoutBrowser})` : ''}`, () => {
  const { open, window, demo } = useJourneys()

  const field = ({ panel }: TerminalPage) => panel.getByRole('textbox', { name: 'Find' })
  const seeCount = (terminal: TerminalPage, count: string): Promise<string> =>
    until(
      `the count “${count}”`,
      () => terminal.panel.locator('.nt-field b [data-short]').innerText(),
      (seen) => seen === count,
    )
  const hits = ({ panel }: TerminalPage) => panel.locator('.nt-hit')
  const inGrid = ({ panel }: TerminalPage) => panel.locator('.xterm-helper-textarea')

  /** A shell whose screen holds three lines that warn and one that almost does. */
  async function warned(context?: Awaited<ReturnType<typeof window>>): Promise<TerminalPage> {
    const terminal = await open(freshId(), context)
    await terminal.type(`clear; printf 'warn one\\nWarn two\\nprewarned warn three\\nfin%s\\n' ished\n`)
    await terminal.seeRow('finished')
    return terminal
  }

  it('counts the matches in the line, walks through them, and gives the focus back', async () => {
    const terminal = await warned()
    const before = await terminal.panel.locator('.xterm').boundingBox()
    await terminal.press('Control+Shift+F')
    await field(terminal).pressSequentially('warn')
    await seeCount(terminal, '1 of 4')
    expect(await terminal.panel.getByRole('status').first().textContent()).toBe('1 of 4')
    expect(await terminal.panel.locator('.xterm').boundingBox()).toEqual(before)
    await terminal.page.keyboard.press('Enter')
    await seeCount(terminal, '2 of 4')
    await terminal.page.keyboard.press('Shift+Enter')
    await terminal.page.keyboard.press('Shift+Enter')
    await seeCount(terminal, '4 of 4')
    await terminal.button('Match case').click()
    await seeCount(terminal, '1 of 3')
    await terminal.button('Whole words').click()
    await seeCount(terminal, '1 of 2')
    if (picture) await terminal.panel.screenshot({ path: `${picture}/search.png` })
    await terminal.button('Close find').click()
    expect(await hits(terminal).count()).toBe(0)
    expect(await inGrid(terminal).evaluate((grid) => grid === document.activeElement)).toBe(true)
    await terminal.press('Control+Shift+F')
    expect(await field(terminal).inputValue()).toBe('warn')
    await terminal.page.keyboard.press('Escape')
    await terminal.type('echo ty""ped\n')
    await terminal.seeRow('typed')
  })

  it('says so where nothing is found, and where an expression cannot be read', async () => {
    const terminal = await warned()
    await terminal.press('Control+Shift+F')
    await field(terminal).fill('waring')
    await seeCount(terminal, 'No matches')
    expect(await terminal.state()).toBe('search-none')
    await terminal.button('Regular expression').click()
    await field(terminal).fill('warn (')
    await seeCount(terminal, 'Mistake')
    expect(await terminal.panel.getByRole('status').first().textContent()).toBe('This expression has a mistake.')
    expect(await terminal.panel.locator('.nt-field b').innerText()).toContain('This expression has a mistake.')
    await field(terminal).fill('(?=w)warn')
    await seeCount(terminal, 'Not known')
    await field(terminal).fill('warn (one|two)')
    await seeCount(terminal, '1 of 2')
  })

  it('stays with its match while output goes on, and over a reconnect', async () => {
    const id = freshId()
    const terminal = await open(id)
    await terminal.type('clear; seq 1 300; echo need""le; seq 301 600; read go; seq 601 900; echo af""ter\n')
    await terminal.seeRow('600')
    await terminal.press('Control+Shift+F')
    await field(terminal).fill('needle')
    await seeCount(terminal, '1 of 1')
    await terminal.seeRow('needle')
    const before = await terminal.rows()
    demo().network(id).cut()
    await until(
      'a new connection',
      () => demo().network(id).connections(),
      (count) => count > 0,
    )
    await terminal.seeRow('needle')
    await terminal.type('\n')
    await until(
      'the end',
      () => terminal.everything(),
      (lines) => lines.includes('after'),
    )
    await seeCount(terminal, '1 of 1')
    expect(before).toContain('needle')
    expect(await hits(terminal).count()).toBe(1)
  })

  it('is not held up by an expression that would take for ever, nor by ten thousand lines', async () => {
    const terminal = await open(freshId())
    await terminal.type(`clear; for i in $(seq 1 120); do printf 'a%.0s' $(seq 1 90); echo '!'; done; seq 1 9000; echo en""d\n`)
    await terminal.seeRow('end')
    await terminal.page.evaluate(() => {
      const state = globalThis as unknown as { longest: number }
      state.longest = 0
      let last = performance.now()
      const look = (): void => {
        const now = performance.now()
        state.longest = Math.max(state.longest, now - last)
        last = now
        setTimeout(look, 5)
      }
      look()
    })
    await terminal.press('Control+Shift+F')
    await terminal.button('Regular expression').click()
    await field(terminal).fill('(a+)+$')
    await seeCount(terminal, 'No matches')
    await field(terminal).fill('9')
    await until(
      'a count of every line',
      () => terminal.panel.locator('.nt-field b [data-short]').innerText(),
      (seen) => /^\d+ of \d{4}$/.test(seen),
    )
    const longest = await terminal.page.evaluate(() => (globalThis as unknown as { longest: number }).longest)
    // A page that is held up by the expression never answers at all; this bound only tells slices from a whole buffer.
    expect(longest).toBeLessThan(2_000)
  })

  it('colours what it finds in a full-screen program, and follows what the program moves', async () => {
    const terminal = await warned()
    await terminal.type(`seq -f 'row %g' 1 200 > /tmp/find-$$; less /tmp/find-$$; rm /tmp/find-$$\n`)
    await terminal.seeRow('row 1')
    /** What is coloured, row by row. */
    const lit = (): Promise<string[]> =>
      terminal.panel.locator('.xterm-rows > div').evaluateAll((rows) =>
        rows
          .map((row) => [...row.querySelectorAll('span')].filter((cell) => cell.style.backgroundColor !== ''))
          .map((cells) => cells.map((cell) => cell.textContent).join(''))
          .filter((text) => text !== ''),
      )
    await terminal.press('Control+Shift+F')
    await field(terminal).fill('row 1')
    await until(
      'a count of the rows in sight',
      () => terminal.panel.locator('.nt-field b [data-short]').innerText(),
      (seen) => /^1 of 1\d$/.test(seen),
    )
    const count = Number(/\d+$/.exec(await terminal.panel.locator('.nt-field b [data-short]').innerText())?.[0])
    expect((await terminal.rows()).filter((row) => row.startsWith('row 1'))).toHaveLength(count)
    await until('every match lit', lit, (seen) => seen.length === count && seen.every((text) => text === 'row 1'))
    if (picture) await terminal.panel.screenshot({ path: `${picture}/search-full-screen.png` })
    await inGrid(terminal).focus()
    await terminal.page.keyboard.press('j')
    await terminal.seeText(/^row 2$/m)
    await until('the marks where the matches are now', lit, (seen) => seen.length > 0 && seen.every((text) => text === 'row 1'))
    await terminal.page.keyboard.press('q')
    // No mark of that screen is left in the colours of this one.
    await seeCount(terminal, 'No matches')
    await until('no match lit', lit, (seen) => seen.length === 0)
  })

  it('fits a narrow panel, and asks no phone to zoom', async () => {
    const context = await window({ viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true })
    const terminal = await warned(context)
    await terminal.press('Control+Shift+F')
    await field(terminal).fill('warn')
    await seeCount(terminal, '1 of 4')
    expect(await field(terminal).evaluate((input) => getComputedStyle(input).fontSize)).toBe('16px')
    const line = await terminal.panel.locator('.nt-line').boundingBox()
    const close = await terminal.button('Close find').boundingBox()
    expect(close!.x + close!.width).toBeLessThanOrEqual(line!.x + line!.width)
    if (picture) await terminal.panel.screenshot({ path: `${picture}/search-narrow.png` })
  })
})
