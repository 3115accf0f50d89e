/**
 * The static Storybook, served from below a path with no network: every story is played there in a real Chromium, examined by
 * axe, and compared with its picture.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumOptions } from '../../scripts/chromium.ts'
import { baseline } from './baseline.ts'
import { differences } from './compare.ts'
import { type Entry, readIndex } from './index.ts'
import { player, type Player } from './player.ts'
import { look, seen } from './sighting.ts'
import { buildSite, serveSite, type Site } from './site.ts'

const options = await chromiumOptions()
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
