/** Links in the output: told before they are followed, asked about where they could fool somebody, and never opened but for the web and mail. */
import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { until } from '../src/testing/page/until.ts'
import { withoutBrowser } from './support/browser.ts'
import { cellOf } from './support/cells.ts'
import { freshId, useJourneys } from './support/journeys.ts'
import type { TerminalPage } from './support/terminalPage.ts'

const picture = process.env['PICTURES']
/** A page of another origin that nobody has to reach: the network of the browser answers for it. */
const SITE = 'https://docs.example.com/deploy/rollback'

describe.skipIf(withoutBrowser !== null)(`links in the output${withoutBrowser ? ` (${withoutBrowser})` : ''}`, () => {
  const { open, window } = useJourneys()

  async function printed(output: string, end: string, options: Parameters<typeof window>[0] = {}) {
    const context = await window(options)
    await context.route('https://**/*', (route) => route.fulfill({ contentType: 'text/html', body: '<title>there</title>' }))
    const opened: Page[] = []
    const terminal = await open(freshId(), context)
    context.on('page', (page) => opened.push(page))
    await terminal.type(`clear; printf '${output}\\n'; echo en""d${end}\n`)
    await terminal.seeRow(`end${end}`)
    return { terminal, opened, context }
  }

  const link = (text: string, address: string): string => `\\e]8;;${address}\\e\\\\${text}\\e]8;;\\e\\\\`
  const sheet = ({ panel }: TerminalPage) => panel.getByRole('dialog')

  async function point(terminal: TerminalPage, text: string): Promise<{ x: number; y: number }> {
    const place = await cellOf(terminal, text)
    await terminal.page.mouse.move(place.x - 1, place.y)
    await terminal.page.mouse.move(place.x, place.y)
    return place
  }

  async function follow(terminal: TerminalPage, text: string): Promise<void> {
    const place = await point(terminal, text)
    await until(
      'the address in the line',
      () => terminal.state(),
      (state) => state === 'link-hover',
    )
    await terminal.page.keyboard.down('Control')
    await terminal.page.mouse.click(place.x, place.y)
    await terminal.page.keyboard.up('Control')
  }

  it('are told in the line, and open with Ctrl and a click in a page that knows nothing of this one', async () => {
    const { terminal, opened } = await printed(`see ${SITE}, or not`, '1')
    const place = await point(terminal, SITE)
    await terminal.seeStatus(new RegExp(`^${SITE} Ctrl-click opens$`))
    if (picture) await terminal.panel.screenshot({ path: `${picture}/link-hover.png` })
    await terminal.page.mouse.click(place.x, place.y)
    await follow(terminal, SITE)
    const page = await until(
      'the page of the link',
      () => opened[0],
      (page) => page !== undefined,
    )
    await page!.waitForURL(SITE)
    expect(await page!.evaluate(() => [globalThis.opener, document.referrer])).toEqual([null, ''])
    expect(opened).toHaveLength(1)
  })

  it('that wrap over rows are one', async () => {
    const long = `https://docs.example.com/${'deep/'.repeat(60)}end`
    const { terminal, opened } = await printed(long, '2')
    await follow(terminal, 'deep/deep/')
    const page = await until(
      'the page of the link',
      () => opened[0],
      (page) => page !== undefined,
    )
    await page!.waitForURL(long)
  })

  it('whose text is not their address show the whole of it first, with the true host, and open only when asked to', async () => {
    const { terminal, opened } = await printed(`How to go back: ${link('rollback guide', `${SITE}?from=41f9`)}`, '3')
    await follow(terminal, 'rollback guide')
    const question = sheet(terminal)
    await until(
      'the question',
      () => question.innerText(),
      (text) => text.includes('The text shows only “rollback guide”.'),
    )
    expect(await question.locator('b').innerText()).toBe('docs.example.com')
    expect(await question.locator('.nt-addr').innerText()).toBe(`${SITE}?from=41f9`)
    const [box, row] = [await question.boundingBox(), await cellOf(terminal, 'rollback guide')]
    expect(row.y < box!.y || row.y > box!.y + box!.height).toBe(true)
    if (picture) await terminal.panel.screenshot({ path: `${picture}/link-ask.png` })
    await terminal.page.keyboard.press('Escape')
    expect(await question.count()).toBe(0)
    await follow(terminal, 'rollback guide')
    await question.getByRole('button', { name: 'Open in new tab' }).click()
    const page = await until(
      'the page of the link',
      () => opened[0],
      (page) => page !== undefined,
    )
    await page!.waitForURL(`${SITE}?from=41f9`)
    expect(opened).toHaveLength(1)
  })

  it('with any other scheme can only be copied', async () => {
    const NEVER = ['javascript:document.title=1', 'data:text/html,x', 'file:///etc/passwd']
    const { terminal, opened, context } = await printed(
      NEVER.map((address, index) => link(`harmless${index}`, address)).join('\\n'),
      '4',
      { permissions: ['clipboard-read', 'clipboard-write'] },
    )
    const before = terminal.page.url()
    for (const [index, address] of NEVER.entries()) {
      await follow(terminal, `harmless${index}`)
      await until(
        'the question',
        () => sheet(terminal).innerText(),
        (text) => text.includes('Only web and mail addresses open.'),
      )
      expect(await sheet(terminal).getByRole('button').allInnerTexts()).toEqual(['Copy', 'Cancel'])
      await sheet(terminal).getByRole('button', { name: 'Copy' }).click()
      const copied = (): Promise<string> => terminal.page.evaluate(() => navigator.clipboard.readText())
      await until('the address in the clipboard', copied, (text) => text === address)
    }
    expect(opened).toHaveLength(0)
    expect(context.pages()).toHaveLength(1)
    expect(terminal.page.url()).toBe(before)
  })

  it('show the host that they lead to, whatever they look like', async () => {
    const { terminal } = await printed(`https://accounts.google.com@evil.example/login`, '5')
    await follow(terminal, 'https://accounts')
    await until(
      'the question',
      () => sheet(terminal).innerText(),
      (text) => text.includes('What stands before the @ is not the host.'),
    )
    expect(await sheet(terminal).locator('b').innerText()).toBe('evil.example')
  })

  it('can be followed with keys alone', async () => {
    const { terminal, opened } = await printed(`${SITE} and ${link('a guide', 'https://other.example/')}`, '6')
    await terminal.button('More').click()
    await terminal.panel.getByRole('menuitem', { name: 'Links on screen' }).click()
    const list = sheet(terminal)
    await until(
      'two links',
      () => list.getByRole('listitem').count(),
      (count) => count === 2,
    )
    await terminal.seeStatus(/^https:\/\/docs\.example\.com\/deploy\/rollback Enter opens$/)
    if (picture) await terminal.panel.screenshot({ path: `${picture}/link-list.png` })
    await terminal.page.keyboard.press('ArrowDown')
    await terminal.seeStatus(/^https:\/\/other\.example Enter opens$/)
    await terminal.page.keyboard.press('ArrowUp')
    await terminal.page.waitForTimeout(450)
    await terminal.page.keyboard.press('Enter')
    const page = await until(
      'the page of the link',
      () => opened[0],
      (page) => page !== undefined,
    )
    await page!.waitForURL(SITE)
  })

  it('ask a finger first, which has not seen the address', async () => {
    const { terminal, opened } = await printed(SITE, '7', {
      viewport: { width: 360, height: 640 },
      hasTouch: true,
      isMobile: true,
    })
    const place = await cellOf(terminal, 'https://docs')
    await terminal.page.touchscreen.tap(place.x, place.y)
    await until(
      'the question',
      () => sheet(terminal).innerText(),
      (text) => text.includes('Open this address?'),
    )
    if (picture) await terminal.panel.screenshot({ path: `${picture}/link-ask-narrow.png` })
    expect(opened).toHaveLength(0)
  })

  it('are opened by the host, if it wants to', async () => {
    const context = await window()
    await context.addInitScript(() => {
      const opened: string[] = []
      Object.assign(globalThis, {
        opened,
        panelProps: { onOpenLink: ({ href }: { href: string }) => (opened.push(href), false) },
      })
    })
    const terminal = await open(freshId(), context)
    await terminal.type(`clear; echo ${SITE}\n`)
    await terminal.seeRow(SITE)
    await follow(terminal, SITE)
    const opened = (): Promise<string[]> => terminal.page.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)
    await until('the host to hear of it', opened, (all) => all.length === 1)
    expect(await opened()).toEqual([SITE])
    expect(context.pages()).toHaveLength(1)
  })
})
