/** What a person reads when a terminal cannot be had. */
import { afterEach, describe, expect, it } from 'vitest'
import { launchBrowser, withoutBrowser } from './support/browser.ts'
import { addressOf, freshId, startJourneyDemo, useJourneys } from './support/journeys.ts'
import { TerminalPage } from './support/terminalPage.ts'
import { until } from '../src/testing/page/until.ts'

describe.skipIf(withoutBrowser !== null)('refusals in words', () => {
  let failing: 'auth_failed' | 'policy_denied' | 'not_found' | null = null
  const journeys = useJourneys({ terminal: { authorize: () => failing ?? 'allow' } })
  const { open, demo } = journeys
  afterEach(() => {
    failing = null
  })

  it.each([
    ['auth_failed', 'Your sign-in was not accepted. Try again'],
    ['policy_denied', 'You are not allowed to use this terminal. Copy details'],
    ['not_found', 'This terminal no longer exists. Copy details'],
  ] as const)('%s: “%s”', async (verdict, words) => {
    failing = verdict
    const terminal = await open(freshId())
    await terminal.seeStatus(words)
  })

  it('starts when the button is pressed and the sign-in is accepted', async () => {
    failing = 'auth_failed'
    const terminal = await open(freshId())
    await terminal.seeStatus('Your sign-in was not accepted.')
    failing = null
    await terminal.button('Try again').click()
    await terminal.ready()
  })

  it('says when nobody answers at the start, and begins when somebody does', async () => {
    const id = freshId()
    demo().network(id).hold()
    const terminal = await open(id)
    await terminal.seeStatus('Connecting takes longer than usual. Cancel')
    demo().network(id).restore()
    await terminal.ready()
  })

  it('says after ten tries that there is no connection, and tries again when asked', async () => {
    const id = freshId()
    const window = await journeys.window()
    const terminal = await open(id, window)
    await terminal.ready()
    demo().network(id).refuse(true)
    demo().network(id).cut()
    // The waits between ten tries add up to minutes: the page's clock is turned on instead.
    await terminal.page.clock.install()
    const words = async (): Promise<string> => {
      await terminal.page.clock.fastForward(5_000)
      return terminal.statusWords()
    }
    await until('the last words', words, (seen) => seen === 'No connection after 10 tries. Try again')
    demo().network(id).restore()
    await terminal.button('Try again').click()
    await until('the shell', words, (seen) => !seen.includes('No connection') && !seen.includes('lost'))
    await terminal.type('echo ba""ck\n')
    await terminal.seeRow('back')
  })
})

describe.skipIf(withoutBrowser !== null)('a page of a foreign origin', () => {
  const { open, demo } = useJourneys({ terminal: { origins: ['https://other.example'] } })

  it('is told that it may not, and no socket is opened', async () => {
    const terminal = await open(freshId())
    await terminal.seeStatus('You are not allowed to use this terminal. Copy details')
    expect(demo().server.stats().accepted).toBe(0)
  })
})

describe.skipIf(withoutBrowser !== null)('a server that ends', () => {
  it('says that the service restarted and the shell was lost', async () => {
    const demo = await startJourneyDemo()
    const browser = await launchBrowser()
    const page = await browser.newPage()
    const id = freshId()
    await page.goto(addressOf(demo, id))
    const terminal = new TerminalPage(page)
    await terminal.ready()
    // What was typed has to be acknowledged first, or it is rightly reported as not sent.
    let before = -1
    const quiet = async (): Promise<boolean> => {
      const was = before
      before = demo.network(id).passed('down')
      await page.waitForTimeout(300)
      return was === before
    }
    await until('a network at rest', quiet, (isQuiet) => isQuiet)
    await demo.close()
    await terminal.seeStatus(/^(Connection lost\.|The service restarted and the shell was lost\.)/)
    expect(await terminal.screenText()).toContain('ready')
    await browser.close()
  })
})
