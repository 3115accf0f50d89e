/** Pages that are stricter than the demo: React's development build, and a policy without style elements. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser } from 'playwright'
import type { Demo } from '../examples/demo/start.ts'
import { launchBrowser, withoutBrowser } from './support/browser.ts'
import { addressOf, freshId, startJourneyDemo, useJourneys } from './support/journeys.ts'
import { TerminalPage } from './support/terminalPage.ts'

describe.skipIf(withoutBrowser !== null)('StrictMode, which mounts everything twice', () => {
  const { open, demo } = useJourneys({ development: true })

  it('gives one socket and one program', async () => {
    const id = freshId()
    const terminal = await open(id)
    await terminal.ready()
    expect(demo().server.stats().opened).toBe(1)
    expect(demo().server.stats().accepted).toBe(1)
    expect(demo().network(id).carried()).toBe(1)
  })
})

describe.skipIf(withoutBrowser !== null)('a content security policy', () => {
  let browser: Browser
  let strict: Demo
  let usual: Demo

  beforeAll(async () => {
    ;[browser, strict, usual] = await Promise.all([launchBrowser(), startJourneyDemo({ strictStyles: true }), startJourneyDemo()])
  })

  afterAll(async () => {
    await browser.close()
    await Promise.all([strict.close(), usual.close()])
  })

  /** How the screen looks, as the browser computes it, and what the console says. */
  async function look(demo: Demo) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    const said: string[] = []
    page.on('console', (message) => said.push(message.text()))
    page.on('pageerror', (error) => said.push(String(error)))
    await page.goto(addressOf(demo, freshId()))
    const terminal = new TerminalPage(page)
    await terminal.type('printf "\\e[31mco""lour\\e[0m\\n"\n')
    await terminal.seeRow('colour')
    const computed = await page.evaluate(() => {
      const row = [...document.querySelectorAll<HTMLElement>('.xterm-rows > div')].find(
        (element) => element.textContent.trim() === 'colour',
      )
      const text = row?.querySelector('span')
      if (!row || !text) return null
      return {
        color: getComputedStyle(text).color,
        font: getComputedStyle(text).font,
        height: row.getBoundingClientRect().height,
      }
    })
    const size = await terminal.sttySize()
    await page.close()
    return { said, shown: { ...computed, ...size } }
  }

  it('without inline scripts, and with trusted types, has nothing to say', async () => {
    const { said, shown } = await look(usual)
    expect(said).toEqual([])
    expect(shown.height).toBeGreaterThan(10)
  })

  it('that forbids style elements too changes nothing that a person sees', async () => {
    const { said, shown } = await look(strict)
    expect(shown).toEqual((await look(usual)).shown)
    expect(said.filter((text) => !text.includes("style-src 'self'"))).toEqual([])
  })
})
