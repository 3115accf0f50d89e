/**
 * The static Storybook, served from below a path with no network: every story is played there in a real Chromium, examined by
 * axe, and compared with its picture.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testChromium } from '../../scripts/chromium.ts'
import { scripts } from '../../mock-server/scripts.ts'
import { states, storyIdOf } from '../states/drawn.ts'
import { baseline } from './baseline.ts'
import { differences } from './compare.ts'
import { type Entry, readIndex } from './index.ts'
import { player, type Player } from './player.ts'
import { look, seen } from './sighting.ts'
import { buildSite, serveSite, type Site } from './site.ts'

const options = await testChromium()
if (options === null) throw new Error('The stories need a Chromium: set TERMINAL_CHROMIUM to the path of one.')

const given = process.env['STORYBOOK_STATIC']
const folder = given ?? (await mkdtemp(join(tmpdir(), 'terminal-stories-')))
if (given === undefined) await buildSite(folder)
const entries = await readIndex(folder)
const only = process.env['STORIES']
const stories = entries.filter(({ type, id }) => type === 'story' && (only === undefined || id.includes(only)))

let browser: Browser
let site: Site
let plays: Player

beforeAll(async () => {
  site = await serveSite(folder)
  // Names lead nowhere, so that not even the browser itself can ask for something elsewhere.
  browser = await chromium.launch({
    ...options,
    args: [...options.args, '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
  })
  plays = player(browser, site, 4)
})

afterAll(async () => {
  await plays.close()
  await browser.close()
  await site.close()
  if (given === undefined) await rm(folder, { recursive: true, force: true })
})

test('every state of the panel has a story, and every story of a state is one of them', () => {
  const ids = entries.map(({ id }) => id).filter((id) => id.startsWith('states-'))
  expect(ids.toSorted()).toEqual(states.map(storyIdOf).toSorted())
})

test('every script of the fake server has a story', () => {
  const ids = entries.map(({ id }) => id).filter((id) => id.startsWith('scripts--'))
  expect(ids.toSorted()).toEqual(scripts.map(({ name }) => `scripts--${name}`).toSorted())
})

test('every picture of the baseline is of a story, and all together are small', async () => {
  const ids = await baseline.ids()
  expect(ids.filter((id) => !entries.some((entry) => entry.id === id))).toEqual([])
  expect(await baseline.bytes()).toBeLessThan(3_000_000)
})

const nameOf = ({ title, name }: Entry): string => `${title}: ${name}`

describe.concurrent('plays', () => {
  test.each(stories.map((entry) => [nameOf(entry), entry.id] as const))('%s', async (_, id) => {
    await plays.play(id, async ({ faults, parameters, page }) => {
      if (faults.length > 0) await baseline.keepFailed(id, page)
      expect(faults).toEqual([])
      if (!parameters.picture) return
      const now = await look(page)
      const before = await baseline.read(id)
      if (before === null || differences(seen(before), seen(now)).length > 0) await baseline.propose(id, now)
      if (before === null) expect.fail('there is no picture of it yet: look at the new one, then `npm run stories:accept`')
      expect(differences(seen(before), seen(now))).toEqual([])
    })
  })
})

const pages = entries.filter(({ type, id }) => type === 'docs' && (only === undefined || id.includes(only)))

describe.skipIf(pages.length === 0)('explains itself', { concurrent: true }, () => {
  test.each(pages.map((entry) => [nameOf(entry), entry.id] as const))('%s', async (_, id) => {
    expect(await plays.read(id)).toEqual([])
  })
})

test('works where a page is not secure: on plain http, under a name', async () => {
  const args = [...(options?.args ?? []), '--host-resolver-rules=MAP stories.test 127.0.0.1']
  const other = await chromium.launch({ ...options, args })
  const page = await other.newPage()
  await page.goto(`http://stories.test:${site.port}/some/where/iframe.html?viewMode=story&id=states-lost-and-back--resumed`)
  expect(await page.evaluate(() => isSecureContext)).toBe(false)
  await page.locator('.nt[data-state=resumed]').waitFor()
  await other.close()
})

describe.concurrent('the toolbar', () => {
  const panel = (page: Page) => page.frameLocator('#storybook-preview-iframe').locator('.nt[data-state]')
  const inState = (page: Page, state: string) =>
    panel(page)
      .and(page.frameLocator('#storybook-preview-iframe').locator(`[data-state="${state}"]`))
      .waitFor()
  const press = (page: Page, name: string) =>
    page
      .getByRole('switch', { name, exact: true })
      .or(page.getByRole('button', { name, exact: true }))
      .click()

  /** A story of a state ends with time standing still; whoever acts before that has it stopped under their hands. */
  const isOver = (page: Page) => page.getByRole('switch', { name: 'Time stands still', exact: true, checked: true }).waitFor()

  test('cuts the connection of whatever story is open, lets time pass, and mends it', async () => {
    const faults = await plays.visit('?path=/story/states-start--ready', async (page) => {
      await isOver(page)
      await press(page, 'Cut')
      await inState(page, 'reconnect-wait')
      await press(page, 'Mend')
      await press(page, 'Skip 10 seconds')
      await inState(page, 'ready')
    })
    expect(faults).toEqual([])
  })

  test('takes the network away from the browser, too', async () => {
    const faults = await plays.visit('?path=/story/looks--dark', async (page) => {
      await inState(page, 'ready')
      await press(page, 'Offline')
      await inState(page, 'offline')
      await press(page, 'Offline')
      await inState(page, 'ready')
    })
    expect(faults).toEqual([])
  })

  test.each([
    ['Stall', 'reconnect-wait'],
    ['Slow', 'ready'],
    ['Hidden', 'ready'],
  ])('knows %s, which may take its time to be noticed', async (fault, state) => {
    const faults = await plays.visit('?path=/story/states-start--ready', async (page) => {
      await isOver(page)
      await press(page, fault)
      for (let n = 0; n < 10; n++) await press(page, 'Skip 10 seconds')
      await inState(page, state)
      await press(page, 'Mend')
      await press(page, 'Skip 10 seconds')
      await inState(page, 'ready')
    })
    expect(faults).toEqual([])
  })
})

/** What the baseline is worth: a change that a designer would see is told, another font is not. */
describe.concurrent('the eye', () => {
  const seenWith = (id: string, css: string): Promise<string[]> =>
    plays.play(id, async ({ page, faults }) => {
      expect(faults).toEqual([])
      const before = seen(await look(page))
      const style = await page.addStyleTag({ content: css })
      const after = seen(await look(page))
      await style.evaluate((element) => element.parentNode?.removeChild(element))
      return differences(before, after)
    })

  const wrong: readonly (readonly [what: string, id: string, css: string, told: RegExp])[] = [
    [
      'a button of another colour',
      'states-ended--gateway-restart',
      '.nt .nt-btn[data-k=main] { background: #70b2a4 }',
      /New shell.* stands on #70b2a4/,
    ],
    [
      'a tint that is gone',
      'states-ended--gateway-restart',
      '.nt .nt-line { background: #1e2126 }',
      /^line .* stands on #1e2126/,
    ],
    [
      'words of another colour',
      'states-pauses--paused-slow',
      '.nt .nt-say { color: #70b2f4 }',
      /say.* written in another colour/,
    ],
    [
      'a sign of another colour',
      'states-pauses--paused-slow',
      '.nt .nt-dot { color: #f7817c }',
      /icon .* written in another colour/,
    ],
    [
      'output of another colour',
      'states-start--ready',
      '.nt .xterm-rows { filter: hue-rotate(90deg) }',
      /row .* written in another colour/,
    ],
    ['output that is dimmed', 'states-elsewhere--superseded', '.nt .xterm-rows { opacity: 0.3 }', /row .* times its ink/],
    ['a line that has moved', 'states-start--ready', '.nt .nt-line { transform: translateY(-3px) }', /^line .* has y/],
    ['a line of another height', 'states-start--ready', '.nt .nt-line { block-size: 36px }', /has height 36, not 32/],
    [
      'a button that is missing',
      'states-lost-and-back--reconnect-wait',
      '.nt .nt-act { display: none }',
      /Retry now.* is missing/,
    ],
    [
      'a button that is too small',
      'states-lost-and-back--reconnect-wait',
      '.nt .nt-act .nt-btn { min-block-size: 0; block-size: 18px }',
      /Retry now.* has height 18/,
    ],
  ]
  test.each(wrong)('tells %s', async (_, id, css, told) => {
    expect((await seenWith(id, css)).some((difference) => told.test(difference))).toBe(true)
  })

  const fonts = [
    ['grid', ":root { --nimbus-terminal-font-family: 'Liberation Mono', 'Courier New', Menlo }"],
    ['words', ".stage { font-family: 'Liberation Serif', 'Times New Roman', serif }"],
    ['edges', '.stage { -webkit-font-smoothing: antialiased; text-rendering: geometricPrecision; will-change: transform }'],
  ] as const
  const looked = ['states-start--ready', 'states-lost-and-back--held', 'states-paste-and-links--paste-ask', 'states-signs--marks']
  const cases = fonts.flatMap(([what, css]) => looked.map((id) => [what, id, css] as const))
  test.each(cases)('does not mind another font of the %s in %s', async (_, id, css) => {
    const before = await plays.play(id, async ({ page }) => seen(await look(page)))
    const after = await plays.play(
      id,
      async ({ page, faults }) => {
        expect(faults).toEqual([])
        return seen(await look(page))
      },
      css,
    )
    expect(differences(before, after)).toEqual([])
  })
})
