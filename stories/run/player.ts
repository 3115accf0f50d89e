/** Plays stories of a built Storybook in pages of a real browser, and tells what was wrong with each. */
import type { Browser, BrowserContext, Page } from 'playwright'
import type { Site } from './site.ts'

/** What a story wants of the browser around it: `parameters.browser`. */
export interface BrowserWishes {
  readonly width?: number
  readonly height?: number
  readonly colorScheme?: 'light' | 'dark'
  readonly contrast?: 'more'
  readonly reducedMotion?: 'reduce'
  readonly forcedColors?: 'active'
  /** A phone's pointer: fingers. */
  readonly touch?: boolean
}

export interface Played {
  /** Sentences. A story without any is fine. */
  readonly faults: readonly string[]
  readonly parameters: StoryParameters
  readonly page: Page
}

export interface StoryParameters {
  readonly browser?: BrowserWishes
  /** The drawn state that the story ends in. */
  readonly state?: string
  /** Whether its picture belongs to the baseline. */
  readonly picture?: boolean
}

export interface Player {
  /** Plays one story, with a style sheet more if there is one, hands its page over while the story still stands, and is free for the next afterwards. */
  play<T>(id: string, look: (played: Played) => Promise<T>, css?: string): Promise<T>
  /** Opens a page of the site by its address below the sub-path, and tells what was wrong besides. */
  visit(path: string, look: (page: Page) => Promise<void>): Promise<readonly string[]>
  /** Opens a page of docs, with the stories in it, and tells what was wrong. */
  read(id: string): Promise<readonly string[]>
  close(): Promise<void>
}

interface Seat {
  readonly context: BrowserContext
  readonly page: Page
  readonly faults: string[]
  readonly touch: boolean
}

const patienceMs = 45_000
/** Longer than this a page is not kept: what one story leaves behind must not add up for the others. */
const storiesAPage = 25

/** Plays in at most `seats` pages at a time. Requests to anywhere but the site are refused and are faults. */
export function player(browser: Browser, site: Site, seats: number): Player {
  const free: Seat[] = []
  const waiting: (() => void)[] = []
  const used = new Map<Seat, number>()
  let open = 0

  async function take(touch: boolean): Promise<Seat> {
    while (open >= seats) await new Promise<void>((resolve) => waiting.push(resolve))
    open++
    const index = free.findIndex((seat) => seat.touch === touch)
    const [seat] = index < 0 ? [] : free.splice(index, 1)
    try {
      return seat ?? (await warm(await newSeat(browser, site, touch)))
    } catch (cause) {
      leave()
      throw cause
    }
  }

  function leave(): void {
    open--
    waiting.shift()?.()
  }

  async function giveBack(seat: Seat, worn: boolean): Promise<void> {
    const times = (used.get(seat) ?? 0) + 1
    used.set(seat, times)
    if (worn || times >= storiesAPage) await seat.context.close()
    else free.push(seat)
    leave()
  }

  return {
    async play(id, look, css) {
      let seat = await take(false)
      let faults: readonly string[] = ['it was not played to its end']
      try {
        const parameters = await parametersOf(seat.page, id)
        if (parameters.browser?.touch) {
          await giveBack(seat, false)
          seat = await take(true)
        }
        await dress(seat.page, parameters.browser ?? {})
        seat.faults.length = 0
        const style = css === undefined ? null : await seat.page.addStyleTag({ content: css })
        const ownFaults = await playHere(seat.page, id)
        faults = [...ownFaults, ...seat.faults].map(inShort)
        const seen = await look({ faults, parameters, page: seat.page })
        await style?.evaluate((element) => element.parentNode?.removeChild(element))
        return seen
      } finally {
        await giveBack(seat, faults.length > 0)
      }
    },
    async visit(path, look) {
      const seat = await newSeat(browser, site, false)
      try {
        await seat.page.setViewportSize({ width: 1_400, height: 700 })
        await seat.page.goto(site.url + path)
        await look(seat.page)
        return [...seat.faults]
      } finally {
        await seat.context.close()
      }
    },
    async read(id) {
      const seat = await newSeat(browser, site, false)
      try {
        await seat.page.goto(`${site.url}iframe.html?viewMode=docs&id=${id}`)
        await seat.page.locator('#storybook-docs h1').first().waitFor()
        // The panels in it, if there are any, have come to their first words.
        await seat.page.waitForFunction(() =>
          [...document.querySelectorAll<HTMLElement>('.nt[data-state]')].every(
            (panel) => panel.dataset['state'] !== 'first-paint',
          ),
        )
        return [...seat.faults]
      } finally {
        await seat.context.close()
      }
    },
    async close() {
      await Promise.all(free.map(({ context }) => context.close()))
    },
  }
}

/** Errors of the testing library come with the whole page behind them. */
function inShort(fault: string): string {
  return fault.split('\n').slice(0, 8).join('\n').slice(0, 800)
}

async function newSeat(browser: Browser, site: Site, touch: boolean): Promise<Seat> {
  const context = await browser.newContext({ hasTouch: touch, isMobile: touch, serviceWorkers: 'block' })
  const faults: string[] = []
  await context.route(
    (url) => !url.href.startsWith(site.url),
    (route) => {
      faults.push(`it asked for ${route.request().url()}`)
      return route.abort('internetdisconnected')
    },
  )
  await context.routeWebSocket(/.*/, (socket) => {
    faults.push(`it opened a socket to ${socket.url()}`)
    void socket.close()
  })
  const page = await context.newPage()
  page.on('console', (message) => {
    // Graphics in software is slow, and says so.
    if (message.text().includes('GL Driver Message (OpenGL, Performance')) return
    // What Storybook's own pages say of themselves is Storybook's business.
    if (message.type() === 'warning' && message.location().url.includes('/sb-manager/')) return
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`the console says: ${message.text()}`)
  })
  page.on('pageerror', (error) => faults.push(`an error nobody caught: ${error.message}`))
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.url()} is answered with ${response.status()}`)
  })
  page.on('dialog', (dialog) => {
    faults.push(`a dialog of the browser: ${dialog.message()}`)
    void dialog.dismiss()
  })
  // Without a story of its own it loads the preview and waits.
  await page.goto(`${site.url}iframe.html?viewMode=story`)
  await page.waitForFunction(() => '__STORYBOOK_PREVIEW__' in globalThis)
  return { context, page, faults, touch }
}

/** Any story with a panel. */
const ANY_STORY = 'looks--dark'

/** Loads what all stories share: one that shows what is there within 400 ms must not be the first in its page. */
async function warm(seat: Seat): Promise<Seat> {
  await playHere(seat.page, ANY_STORY)
  return seat
}

/** The parts of Storybook's preview that are public and used here. */
interface Preview {
  ready(): Promise<void>
  readonly currentSelection?: { readonly storyId: string }
  loadStory(request: { storyId: string }): Promise<{ parameters: StoryParameters }>
}
interface Channel {
  on(event: string, listener: (value: never) => void): void
  off(event: string, listener: (value: never) => void): void
  emit(event: string, value: unknown): void
}
interface PreviewGlobals {
  readonly __STORYBOOK_PREVIEW__: Preview
  readonly __STORYBOOK_ADDONS_CHANNEL__: Channel
}

function parametersOf(page: Page, storyId: string): Promise<StoryParameters> {
  return page.evaluate(async (storyId) => {
    // What Storybook leaves in the page for tools.
    const { __STORYBOOK_PREVIEW__: preview } = globalThis as unknown as PreviewGlobals
    await preview.ready()
    const { parameters } = await preview.loadStory({ storyId })
    return { browser: parameters.browser, state: parameters.state, picture: parameters.picture }
  }, storyId)
}

async function dress(page: Page, wishes: BrowserWishes): Promise<void> {
  await page.setViewportSize({ width: wishes.width ?? 1_000, height: wishes.height ?? 700 })
  await page.emulateMedia({
    colorScheme: wishes.colorScheme ?? 'dark',
    contrast: wishes.contrast ?? 'no-preference',
    reducedMotion: wishes.reducedMotion ?? 'no-preference',
    forcedColors: wishes.forcedColors ?? 'none',
  })
  // Nothing that a story shows may depend on where the pointer was left.
  await page.mouse.move(0, 0)
}

/** Shows the story, waits until it has been played and examined, and returns what was wrong. */
function playHere(page: Page, storyId: string): Promise<string[]> {
  return page.evaluate(
    async ({ storyId, patienceMs }) => {
      type Violation = { help: string; nodes: readonly { html: string }[] }
      type Report = { type: string; status: string; result?: { error?: unknown; violations?: readonly Violation[] } }
      type Finished = { storyId: string; status: string; reporters: readonly Report[] }
      type Thrown = { message?: string; title?: string; description?: string }
      // What Storybook leaves in the page for tools.
      const { __STORYBOOK_ADDONS_CHANNEL__: channel, __STORYBOOK_PREVIEW__: preview } = globalThis as unknown as PreviewGlobals
      const faults: string[] = []
      const words = ({ message, title, description }: Thrown): string => message ?? `${title} ${description}`
      const violation = ({ help, nodes }: Violation): string =>
        [`not accessible: ${help}`, ...nodes.map(({ html }) => html.slice(0, 200))].join('\n  ')
      const examined = ({ type, status, result }: Report): void => {
        if (status !== 'failed') return
        if (result?.error !== undefined) faults.push(`${type}: ${String(result.error)}`)
        faults.push(...(result?.violations ?? []).map(violation))
      }
      await new Promise<void>((resolve) => {
        const listeners: Record<string, (value: never) => void> = {
          playFunctionThrewException: (error: Thrown) => void faults.push(words(error)),
          unhandledErrorsWhilePlaying: (errors: readonly Thrown[]) => void faults.push(...errors.map(words)),
          storyThrewException: (error: Thrown) => void faults.push(words(error)),
          storyErrored: (error: Thrown) => over(words(error)),
          storyMissing: () => over('there is no such story'),
          storyFinished(finished: Finished) {
            if (finished.storyId !== storyId) return
            finished.reporters.forEach(examined)
            if (faults.length > 0) return over()
            if (!finished.reporters.some(({ type }) => type === 'a11y')) return over('axe did not look at it')
            over(finished.status === 'success' ? undefined : `it ended as ${finished.status}`)
          },
        }
        const late = setTimeout(() => over(`it was not over after ${patienceMs / 1_000} s`), patienceMs)
        const over = (fault?: string): void => {
          clearTimeout(late)
          for (const [event, listener] of Object.entries(listeners)) channel.off(event, listener)
          if (fault !== undefined) faults.push(fault)
          resolve()
        }
        for (const [event, listener] of Object.entries(listeners)) channel.on(event, listener)
        // The story that stands there already is not shown anew by being chosen.
        if (preview.currentSelection?.storyId === storyId) channel.emit('forceRemount', { storyId })
        else channel.emit('setCurrentStory', { storyId, viewMode: 'story' })
      })
      return faults
    },
    { storyId, patienceMs },
  )
}
