/** One terminal, several places: tabs, panels, hidden and frozen pages. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CDPSession, Page } from 'playwright'
import type { Demo } from '../examples/demo/start.ts'
import { launchRealBrowser, withoutBrowser, type RealBrowser } from './support/browser.ts'
import { addressOf, freshId, refuseComplaints, startJourneyDemo, useJourneys, watch } from './support/journeys.ts'
import { TerminalPage } from './support/terminalPage.ts'
import { READ_REQUEST, type ReadRequest } from '../src/react/reading/readRequest.ts'
import { until } from '../src/testing/page/until.ts'

const OPEN_ELSEWHERE = 'This terminal is open in another tab. Take over here'
const IN_USE = 'This terminal is in use somewhere else. Take over here'
const TAKEN_OVER = 'Another tab took over this terminal. Take over here'

describe.skipIf(withoutBrowser !== null)('several places for one terminal', () => {
  const { open, window, demo } = useJourneys()

  it('tells a duplicated tab, which may take over, and then tells the first', async () => {
    const context = await window()
    const first = await open(freshId(), context)
    await first.type('mine=$$; echo fi""rst\n')
    await first.seeRow('first')
    // `window.open` copies sessionStorage, as "Duplicate tab" does.
    const [page] = await Promise.all([
      context.waitForEvent('page'),
      first.page.evaluate(() => void globalThis.open(location.href)),
    ])
    const second = new TerminalPage(page)
    await second.seeStatus(OPEN_ELSEWHERE)
    await first.type('echo st""ill\n')
    await first.seeRow('still')
    await second.button('Take over here').click()
    await second.seeRow('still')
    await first.seeStatus(TAKEN_OVER)
    await second.type('[ $mine = $$ ] && echo sa""me\n')
    await second.seeRow('same')
    expect(await first.screenText()).not.toContain('same')
  })

  it('tells another window, which may take over', async () => {
    const id = freshId()
    const first = await open(id)
    await first.ready()
    const second = await open(id)
    await second.seeStatus(IN_USE)
    await second.button('Take over here').click()
    await second.seeRow('ready')
    await first.seeStatus(TAKEN_OVER)
    await first.button('Take over here').click()
    await first.ready()
    await second.seeStatus(TAKEN_OVER)
  })

  it('tells a second panel of the same page', async () => {
    const id = freshId()
    const terminals = await open([id, id])
    const words = () => Promise.all([0, 1].map((index) => terminals.beside(index).statusWords()))
    const seen = await until('one panel that is told', words, (both) => both.includes(IN_USE))
    const owner = terminals.beside(seen.indexOf(IN_USE) === 0 ? 1 : 0)
    await owner.ready()
  })

  it('reads on and draws nothing in a panel that the page does not show, and shows all of it with the panel', async () => {
    const terminals = await open([freshId(), freshId()])
    const other = terminals.beside(1)
    await other.ready()
    await other.type('read -r; seq 1 3000; echo en""d\n')
    await other.seeText(/read -r; seq/)
    await other.section.evaluate((section) => {
      const drawn = section.querySelector('.xterm-rows')
      if (drawn === null) throw new Error('Nothing is drawn by the DOM.')
      // As the tabs do with those that are not chosen.
      section.style.display = 'none'
      const page = globalThis as unknown as { drawings: number }
      page.drawings = 0
      new MutationObserver((changes) => (page.drawings += changes.length)).observe(drawn, { subtree: true, childList: true })
    })
    // The frame in which it went.
    await other.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
    await other.page.evaluate(() => Object.assign(globalThis, { drawings: 0 }))
    await other.section
      .locator('textarea')
      .evaluate((field) => field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 13 })))
    await until(
      'the output behind it',
      () =>
        other.section.evaluate((section, name) => {
          const request: ReadRequest = {}
          section.querySelector('.nt-grid')?.dispatchEvent(new CustomEvent(name, { detail: request }))
          return request.text?.lines.at(-2)
        }, READ_REQUEST),
      (line) => line === 'end',
    )
    expect(await other.page.evaluate('drawings')).toBe(0)
    await other.section.evaluate((section) => void (section.style.display = ''))
    await until(
      'the end where people look',
      () => other.section.locator('.xterm-rows').innerText(),
      (text) => text.includes('3000') && text.includes('end'),
    )
  })

  it('gives the terminal back to the page that reloads, also while the server believes in its old socket', async () => {
    const id = freshId()
    const terminal = await open(id)
    await terminal.ready()
    demo().network(id).cut({ noticedBy: 'client' })
    await terminal.reload()
    await terminal.seeRow('ready')
    await until(
      'the old socket to go',
      () => demo().network(id).connections(),
      (count) => count === 1,
    )
  })
})

describe.skipIf(withoutBrowser !== null)('a tab that is hidden or frozen for real', () => {
  let demo: Demo
  let browser: RealBrowser
  const complaints: string[] = []

  beforeEach(async () => {
    ;[demo, browser] = await Promise.all([startJourneyDemo(), launchRealBrowser()])
  })

  afterEach(async () => {
    await browser.close()
    await demo.close()
    refuseComplaints(complaints)
  })

  async function open(id: string): Promise<TerminalPage> {
    const page = await browser.newTab()
    watch(page, complaints)
    await page.goto(addressOf(demo, id))
    return new TerminalPage(page)
  }

  const hidden = (page: Page): Promise<boolean> => page.evaluate(() => document.hidden)

  it('pauses the program while it is hidden, and shows all of its output afterwards', async () => {
    const id = freshId()
    const terminal = await open(id)
    await terminal.ready()
    const last = 1_500_000
    await terminal.type(`clear; seq 1 ${last}; echo fin""ished\n`)
    await terminal.seeText('00')
    await browser.newTab()
    await until(
      'a hidden page',
      () => hidden(terminal.page),
      (isHidden) => isHidden,
    )
    const network = demo.network(id)
    let before = -1
    const quiet = async (): Promise<boolean> => {
      const was = before
      before = network.passed('down')
      await later(500)
      return before - was < 1_000 && was >= 0
    }
    await until('output to pause', quiet, (isQuiet) => isQuiet)
    const whileHidden = network.passed('down')
    await terminal.page.bringToFront()
    await terminal.seeRow('finished', 45_000)
    // It was paused in the middle of the output, and not because there was no more.
    expect(network.passed('down') - whileHidden).toBeGreaterThan(1_000_000)
    const numbers = (await terminal.everything()).filter((row) => /^\d+$/.test(row)).map(Number)
    expect(numbers.length).toBeGreaterThan(5_000)
    expect(numbers).toEqual(numbers.map((_, index) => last - numbers.length + 1 + index))
  })

  it('goes on when the page comes back from the back/forward cache', async () => {
    const id = freshId()
    const terminal = await open(id)
    await terminal.type('mine=$$; echo he""re\n')
    await terminal.seeRow('here')
    await terminal.page.evaluate(() => Object.assign(globalThis, { remembered: true }))
    await terminal.page.goto(`${demo.url}demo/networks/${id}`)
    await until(
      'the socket to close',
      () => demo.network(id).connections(),
      (count) => count === 0,
    )
    // A page from the cache is not loaded again, so there is no load to wait for.
    await terminal.page.goBack({ waitUntil: 'commit' })
    // Only a page from the cache still has its variables.
    expect(await terminal.page.evaluate(() => 'remembered' in globalThis)).toBe(true)
    await terminal.type('[ $mine = $$ ] && echo sa""me\n')
    await terminal.seeRow('same')
    expect(await terminal.rows()).toContain('here')
    expect(demo.server.stats().opened).toBe(1)
  })

  it('goes on after it was frozen, with all that came meanwhile', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    await terminal.type('clear; for i in $(seq 1 40); do echo "line $i"; sleep 0.05; done; echo fin""ished\n')
    await terminal.seeText('line 3')
    const cdp: CDPSession = await terminal.page.context().newCDPSession(terminal.page)
    await browser.newTab()
    await cdp.send('Page.setWebLifecycleState', { state: 'frozen' })
    await later(1_000)
    await cdp.send('Page.setWebLifecycleState', { state: 'active' })
    await terminal.page.bringToFront()
    await terminal.seeRow('finished')
    const lines = (await terminal.everything()).filter((row) => row.startsWith('line '))
    expect(lines).toEqual(Array.from({ length: 40 }, (_, index) => `line ${index + 1}`))
  })
})

/** Time that has to pass for a person, not for luck. */
function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
