/** A terminal that starts, over a network that lets through one thing at a time: what is asked for when, and what waits for what. */
import type { Page, Route } from 'playwright'
import { describe, expect, it } from 'vitest'
import { until } from '../src/testing/page/until.ts'
import { withoutBrowser } from './support/browser.ts'
import { addressOf, freshId, useJourneys } from './support/journeys.ts'
import { TerminalPage } from './support/terminalPage.ts'

const picture = process.env['PICTURES']

/** The requests of a page by short names, in their order; those that are held wait to be let through. */
class Requests {
  readonly asked: string[] = []
  /** What the socket has brought, in frames. */
  heard = 0
  #held = new Map<string, () => Promise<void>>()

  static async of(page: Page, held: readonly string[]): Promise<Requests> {
    const requests = new Requests()
    page.on('websocket', (socket) => {
      requests.asked.push('socket')
      socket.on('framereceived', () => requests.heard++)
    })
    await page.route('**/*', (route) => requests.#take(route, held))
    return requests
  }

  async #take(route: Route, held: readonly string[]): Promise<void> {
    const name = nameOf(new URL(route.request().url()).pathname)
    this.asked.push(name)
    if (held.includes(name)) this.#held.set(name, () => route.continue())
    else await route.continue()
  }

  async seen(name: string): Promise<void> {
    await until(
      `a request for ${name}`,
      () => Promise.resolve(this.asked),
      (asked) => asked.includes(name),
    )
  }

  async letThrough(name: string): Promise<void> {
    const go = this.#held.get(name)
    if (go === undefined) throw new Error(`Nothing called ${name} is held; there were ${this.asked.join(', ')}.`)
    this.#held.delete(name)
    await go()
  }
}

/** A name without folder, hash and ending. */
function nameOf(path: string): string {
  const last = path.split('/').at(-1) ?? ''
  return last === '' ? 'page' : last.replace(/(?:-[\w-]{8})?\.\w+$/, '')
}

/** What a first prompt takes. `library` is xterm.js. */
const OWN: ReadonlySet<string> = new Set(['rest', 'library', 'terminal-token', 'socket'])
/** The demo's own, and what comes with the features. */
const OTHERS = /^(?:page|index|icon|e2e-.*|lateSlots|address)$/

describe.skipIf(withoutBrowser !== null)('a terminal that starts', () => {
  const { demo, window } = useJourneys()

  async function open(...held: readonly string[]) {
    const page = await (await window()).newPage()
    const requests = await Requests.of(page, held)
    await page.goto(addressOf(demo(), freshId()), { waitUntil: 'commit' })
    return { page, requests, terminal: new TerminalPage(page) }
  }

  it('paints its frame before anything else is there, and asks for both halves of the rest at once', async () => {
    const { requests, terminal } = await open('rest', 'library')
    await Promise.all([requests.seen('rest'), requests.seen('library')])
    expect(requests.asked.indexOf('rest')).toBeLessThan(requests.asked.indexOf('library'))
    await terminal.seeState('loading')
    expect(await terminal.panel.boundingBox()).toMatchObject({ height: expect.toSatisfy((height: number) => height > 100) })
    expect(requests.asked).not.toContain('terminal-token')
    expect(requests.asked).not.toContain('lateSlots')
    await requests.letThrough('rest')
    await requests.letThrough('library')
    await terminal.ready()
  })

  it('asks for its token and opens its socket while the emulator is still on its way', async () => {
    const { requests, terminal } = await open('library', 'terminal-token')
    await requests.seen('terminal-token')
    expect(requests.asked).not.toContain('socket')
    await requests.letThrough('terminal-token')
    await requests.seen('socket')
    await until(
      'the first output',
      () => Promise.resolve(requests.heard),
      (frames) => frames > 2,
    )
    expect(requests.asked).not.toContain('lateSlots')
    await requests.letThrough('library')
    await terminal.seePrompt()
    await terminal.ready()
  })

  it('takes keys before the socket is there, and sends them in their order', async () => {
    const { requests, terminal } = await open('terminal-token')
    await requests.seen('terminal-token')
    await terminal.type('echo ear""ly\n')
    await requests.letThrough('terminal-token')
    await terminal.seeRow('early')
  })

  it('takes keys before its emulator is there, where a person clicks into it, and the grid goes on from them', async () => {
    const { page, requests, terminal } = await open('library')
    await requests.seen('library')
    const field = terminal.panel.getByRole('textbox', { name: /^Terminal/ })
    await field.click()
    await page.keyboard.type("echo ea''rlz")
    await page.keyboard.press('Backspace')
    await page.keyboard.type('y')
    if (picture) await terminal.panel.screenshot({ path: `${picture}/startup-early.png` })
    await page.keyboard.press('Enter')
    await requests.letThrough('library')
    await page.keyboard.type("echo me''anwhile\n")
    await terminal.seeRow('early')
    await page.keyboard.type("echo la''ter\n")
    await terminal.seeRow('meanwhile')
    await terminal.seeRow('later')
    if (picture) await terminal.panel.screenshot({ path: `${picture}/startup-later.png` })
    expect(await terminal.panel.locator('input').count()).toBe(0)
  })

  it('takes keys before its features are there, and does what was asked of those as soon as they are', async () => {
    const { page, requests, terminal } = await open('lateSlots')
    await terminal.ready()
    await requests.seen('lateSlots')
    await page.keyboard.press('Control+Shift+F')
    await terminal.type('echo st""ill\n')
    await terminal.seeRow('still')
    expect(await terminal.panel.getByRole('textbox', { name: 'Find' }).count()).toBe(0)
    await requests.letThrough('lateSlots')
    await terminal.panel.getByRole('textbox', { name: 'Find' }).waitFor()
  })

  it('needs two files, one token and one socket for its first prompt', async () => {
    const { requests, terminal } = await open('lateSlots')
    await terminal.seePrompt()
    await requests.seen('lateSlots')
    expect(requests.asked.filter((name) => OWN.has(name)).toSorted()).toEqual([...OWN].toSorted())
    expect(requests.asked.indexOf('lateSlots')).toBeGreaterThan(requests.asked.indexOf('library'))
    const others = requests.asked.filter((name) => !OWN.has(name) && !OTHERS.test(name))
    expect(others).toEqual([])
    await requests.letThrough('lateSlots')
  })
})
