/** The same short journey in the other engines, where Playwright has them. */
import { existsSync } from 'node:fs'
import { firefox, webkit, type BrowserType } from 'playwright'
import { describe, it } from 'vitest'
import { addressOf, freshId, startJourneyDemo } from './support/journeys.ts'
import { TerminalPage } from './support/terminalPage.ts'

describe.each([
  ['Firefox', firefox],
  ['WebKit', webkit],
] as const)('%s', (name, engine) => {
  const missing = isInstalled(engine) ? '' : ` (skipped: \`npx playwright install ${engine.name()}\` gets ${name})`

  it.skipIf(missing !== '')(`types, reloads and survives a cut${missing}`, async () => {
    const [demo, browser] = await Promise.all([startJourneyDemo(), engine.launch()])
    try {
      const page = await browser.newPage()
      const id = freshId()
      await page.goto(addressOf(demo, id))
      const terminal = new TerminalPage(page)
      await terminal.type('mine=$$; echo hi\n')
      await terminal.seeRow('hi')
      demo.network(id).cut()
      await terminal.type('echo af""ter\n')
      await terminal.seeRow('after')
      await terminal.reload()
      await terminal.seeRow('hi')
      await terminal.type('[ $mine = $$ ] && echo sa""me\n')
      await terminal.seeRow('same')
    } finally {
      await browser.close()
      await demo.close()
    }
  })
})

function isInstalled(engine: BrowserType): boolean {
  return existsSync(engine.executablePath())
}
