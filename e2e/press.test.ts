/** A button that changes under the hand does nothing that was not meant: with the mouse and with keys. */
import { describe, expect, it } from 'vitest'
import { withoutBrowser } from './support/browser.ts'
import { freshId, useJourneys } from './support/journeys.ts'
import type { TerminalPage } from './support/terminalPage.ts'
import { until } from '../src/testing/page/until.ts'

describe.skipIf(withoutBrowser !== null)(`buttons that change${withoutBrowser ? ` (${withoutBrowser})` : ''}`, () => {
  const { open, demo, window } = useJourneys()

  /** The connection is away, more was typed than is kept, and as it comes back “Retry now” turns into “Copy them”. */
  async function turning(): Promise<{ readonly terminal: TerminalPage; turn(): Promise<void> }> {
    const id = freshId()
    const patient = await window()
    // The ten seconds for which typing is kept, and the waits between tries, go by as fast as the page can follow.
    await patient.clock.install()
    const terminal = await open(id, patient)
    const { clock } = terminal.page
    await terminal.ready()
    // Keys that came back: what is typed here is no password, and may be offered for copying.
    await terminal.type('x')
    await terminal.seeText(/\$ x$/)
    demo().network(id).refuse(true)
    demo().network(id).cut()
    await terminal.seeStatus(/^Connection lost\./)
    await terminal.type('echo lost')
    await clock.runFor(10_000)
    await terminal.seeStatus('Typing is off until the connection is back.', 15_000)
    return {
      terminal,
      async turn() {
        demo().network(id).restore()
        // Step by step, so that the button has just turned when it is seen.
        const look = async (): Promise<string> => {
          await clock.runFor(100)
          return terminal.statusWords()
        }
        await until('the keys that were not sent', look, (words) => words.includes('9 keys were not sent.'), 30_000)
      },
    }
  }

  it('a press that began on another button is not one, and the next one is', async () => {
    const { terminal, turn } = await turning()
    const { mouse } = terminal.page
    const box = await terminal.button('Retry now').boundingBox()
    // The near end of both buttons: labels differ in length, and the ends that touch the tools do not move.
    await mouse.move(box!.x + box!.width - 12, box!.y + box!.height / 2)
    await mouse.down()
    await turn()
    const copy = await terminal.button('Copy them').boundingBox()
    expect(copy!.x).toBeLessThan(box!.x + box!.width - 12)
    await mouse.up()
    // Playwright waits for the button to be alive, as a person does.
    await terminal.button('Copy them').hover()
    await terminal.seeStatus('9 keys were not sent.')
    await terminal.button('Dismiss').click()
    await terminal.seeStatus(/^(?!9 keys)/)
  })

  it('a space bar that went down on another button presses nothing, and a held Enter neither', async () => {
    const { terminal, turn } = await turning()
    const { keyboard } = terminal.page
    await terminal.button('Retry now').focus()
    await keyboard.down(' ')
    await turn()
    await keyboard.up(' ')
    await keyboard.down('Enter')
    await keyboard.down('Enter')
    await keyboard.up('Enter')
    await terminal.seeStatus('9 keys were not sent.')
    expect(await terminal.button('Copy them').evaluate((button) => button === document.activeElement)).toBe(true)
    await terminal.page.waitForFunction(() => document.activeElement?.getAttribute('aria-disabled') === null)
    await keyboard.press('Enter')
    await terminal.seeStatus(/^(?!9 keys)/)
  })
})
