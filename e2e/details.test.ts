/** The connection details: what happened, told beside the terminal, and a bug report that replays and holds nothing of what was written. */
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { runCli } from '../src/client/node/command.ts'
import { until } from '../src/testing/page/until.ts'
import { withoutBrowser } from './support/browser.ts'
import { freshId, useJourneys } from './support/journeys.ts'
import type { TerminalPage } from './support/terminalPage.ts'

const picture = process.env['PICTURES']

describe.skipIf(withoutBrowser !== null)(`the connection details${withoutBrowser ? ` (${withoutBrowser})` : ''}`, () => {
  const { demo, open, window } = useJourneys()
  const drawer = ({ panel }: TerminalPage) => panel.getByRole('dialog', { name: 'Connection details' })
  const sign = ({ panel }: TerminalPage) => panel.getByRole('button', { name: 'Connection details' })

  async function cutAndBack(terminal: TerminalPage, id: string): Promise<void> {
    await terminal.ready()
    demo().network(id).cut()
    await terminal.type('echo ba""ck\n')
    await terminal.seeRow('back')
  }

  it('tell of a loss and of the return, and of what was typed only how much', async () => {
    const id = freshId()
    const terminal = await open(id)
    await cutAndBack(terminal, id)
    await sign(terminal).click()
    await until(
      'the loss in the list',
      () => drawer(terminal).innerText(),
      (text) => /Connection lost \(1006\)/.test(text) && /Reconnected, nothing lost/.test(text),
    )
    const text = await drawer(terminal).innerText()
    expect(text).toMatch(/State\s+Connected for \d+ s/)
    expect(text).toMatch(/Reconnects\s+1, nothing lost/)
    expect(text).toMatch(/Drawn by\s+(DOM|WebGL), \d+ × \d+/)
    expect(text).not.toContain('echo')
    if (picture) await terminal.panel.screenshot({ path: `${picture}/details.png` })
  })

  it('open by Alt F3, close by Escape, and give the keys back to the shell', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    const before = await terminal.screenText()
    await terminal.press('Alt+F3')
    await drawer(terminal).waitFor()
    await terminal.page.keyboard.press('Escape')
    await drawer(terminal).waitFor({ state: 'detached' })
    expect(await terminal.screenText()).toBe(before)
    await terminal.page.keyboard.type('echo ag""ain\n')
    await terminal.seeRow('again')
  })

  it('cover the end of the view, not the line, and do not move the grid', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    const size = await terminal.sttySize()
    await sign(terminal).click()
    const [view, line, box] = await Promise.all(
      [terminal.panel.locator('.nt-view'), terminal.panel.locator('.nt-line'), drawer(terminal)].map((part) =>
        part.boundingBox(),
      ),
    )
    expect(box!.x + box!.width).toBeCloseTo(view!.x + view!.width, 0)
    expect(box!.width).toBe(340)
    expect(box!.y + box!.height).toBeLessThanOrEqual(line!.y)
    await sign(terminal).click()
    expect(await terminal.sttySize()).toEqual(size)
  })

  it('open without a network', async () => {
    const context = await window()
    const terminal = await open(freshId(), context)
    await terminal.ready()
    // They are loaded a while after the grid.
    await terminal.page.waitForFunction(() => performance.getEntriesByType('resource').some(({ name }) => /Details/.test(name)))
    await context.setOffline(true)
    await sign(terminal).click()
    await drawer(terminal).waitFor()
    expect(await drawer(terminal).innerText()).toMatch(/Pauses|State/)
    await context.setOffline(false)
  })

  it('save a bug report that replays to the same trace, without a word of what was typed or printed', async () => {
    const id = freshId()
    const terminal = await open(id)
    await cutAndBack(terminal, id)
    await terminal.type('echo qx""zjkv-canary # vwqxzj-comment\n')
    await terminal.seeRow('qxzjkv-canary')
    await sign(terminal).click()
    const download = terminal.page.waitForEvent('download')
    await drawer(terminal).getByRole('button', { name: 'Save report' }).click()
    const saved = await download
    expect(saved.suggestedFilename()).toMatch(/^terminal-report-\d{4}-\d\d-\d\d-\d{6}\.json$/)
    const path = await saved.path()
    const json = await readFile(path, 'utf8')
    for (const text of ['canary', 'qxzjkv', 'comment', 'echo', id]) expect(json).not.toContain(text)
    const { lines, code } = await runCli(['replay', path])
    expect([code, lines.at(-1)]).toEqual([0, expect.stringContaining('The machine did the same')])
    expect(lines.join('\n')).toContain('socket closed (1006)')
  })
})
