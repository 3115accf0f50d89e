/** A screen that is built anew in the same page gives back what its reader looked at, had selected and searched for. */
import { describe, expect, it } from 'vitest'
import { until } from '../src/testing/page/until.ts'
import { withoutBrowser } from './support/browser.ts'
import { cellOf } from './support/cells.ts'
import { freshId, useJourneys } from './support/journeys.ts'
import type { TerminalPage } from './support/terminalPage.ts'

const picture = process.env['PICTURES']
const MAY = { permissions: ['clipboard-read', 'clipboard-write'] }

describe.skipIf(withoutBrowser !== null)(`a screen that is built anew${withoutBrowser ? ` (${withoutBrowser})` : ''}`, () => {
  const { open, window } = useJourneys()

  const field = ({ panel }: TerminalPage) => panel.getByRole('textbox', { name: 'Find' })
  const seeCount = (terminal: TerminalPage, count: string): Promise<string> =>
    until(
      `the count “${count}”`,
      () => terminal.panel.locator('.nt-field b [data-short]').innerText(),
      (seen) => seen === count,
    )

  /** Another window takes the terminal, runs a command, and the first one takes it back: with a new screen, made of what was kept. */
  async function thereAndBack(
    terminal: TerminalPage,
    id: string,
    command: string,
    row: string,
    size?: { width: number; height: number },
  ) {
    const other = await open(id, await window(size && { viewport: size }))
    await other.button('Take over here').click()
    await other.seePrompt()
    await other.type(command)
    await other.seeRow(row)
    await terminal.button('Take over here').click()
    await until(
      'the screen with what the other window did',
      () => terminal.everything(),
      (lines) => lines.includes(row),
    )
  }

  async function numbered(id: string): Promise<TerminalPage> {
    const terminal = await open(id, await window(MAY))
    await terminal.ready()
    await terminal.type('clear; for i in $(seq 1 400); do echo "line $i"; done; echo en""d\n')
    await terminal.seeRow('end')
    return terminal
  }

  it('shows the same rows, the same selection and the same match to a reader who had scrolled back', async () => {
    const id = freshId()
    const terminal = await numbered(id)
    await terminal.press('Control+Shift+F')
    await field(terminal).fill('line 2')
    await seeCount(terminal, '111 of 111')
    for (let steps = 0; steps < 80; steps++) await terminal.page.keyboard.press('Shift+Enter')
    await seeCount(terminal, '31 of 111')
    const spot = await cellOf(terminal, 'line 220')
    await terminal.page.mouse.dblclick(spot.x, spot.y)
    const before = await terminal.rows()
    expect(before).not.toContain('end')
    await thereAndBack(terminal, id, 'seq 501 520; echo mo""re\n', 'more')
    await until(
      'the same rows',
      () => terminal.rows(),
      (rows) => rows.join('\n') === before.join('\n'),
    )
    await seeCount(terminal, '31 of 111')
    await until(
      'the marks of the matches in sight',
      () => terminal.panel.locator('.nt-hit').evaluateAll((marks) => marks.filter((mark) => mark.checkVisibility()).length),
      (count) => count > 0,
    )
    if (picture) await terminal.panel.screenshot({ path: `${picture}/place.png` })
    await terminal.press('Control+Shift+C')
    expect(await terminal.page.evaluate(() => navigator.clipboard.readText())).toBe('line')
    expect(await terminal.rows()).toEqual(before)
    await field(terminal).press('Enter')
    await seeCount(terminal, '32 of 111')
  })

  it('follows the output for whoever had not scrolled back', async () => {
    const id = freshId()
    const terminal = await numbered(id)
    await thereAndBack(terminal, id, 'echo mo""re\n', 'more')
    await terminal.seeRow('more')
  })

  it('finds the place where the other window was narrower', async () => {
    const id = freshId()
    const terminal = await numbered(id)
    await terminal.type('for i in $(seq 1 40); do printf "%0300d\\n" $i; done; echo lo""ng\n')
    await terminal.seeRow('long')
    for (let pages = 0; pages < 4; pages++) await terminal.press('Shift+PageUp')
    const before = await terminal.rows()
    await thereAndBack(terminal, id, 'echo mo""re\n', 'more', { width: 500, height: 500 })
    await until(
      'the same rows',
      () => terminal.rows(),
      (rows) => rows.join('\n') === before.join('\n'),
    )
  })

  it('is at its end where the place has gone with another shell', async () => {
    const id = freshId()
    const terminal = await numbered(id)
    for (let pages = 0; pages < 4; pages++) await terminal.press('Shift+PageUp')
    await terminal.type('exit\n')
    await terminal.button('New shell').click()
    await terminal.ready()
    expect(await terminal.everything()).not.toContain('line 300')
  })
})
