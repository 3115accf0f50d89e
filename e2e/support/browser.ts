/** The browsers of the journeys: Playwright's own way, and a Chromium whose tabs are hidden and frozen for real. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium, type Browser, type Page } from 'playwright'
import { chromiumOptions, testSwitches } from '../../scripts/chromium.ts'

const options = await chromiumOptions()

/** Why the journeys cannot be made here, or null. */
export const withoutBrowser = options === null ? 'No Chromium was found: `npm run setup -- --browser` gets one.' : null

function required() {
  if (options === null) throw new Error(withoutBrowser ?? '')
  return options
}

/** `more` are further switches of Chromium. */
export function launchBrowser(...more: readonly string[]): Promise<Browser> {
  const { args, ...rest } = required()
  return chromium.launch({ ...rest, args: [...args, ...testSwitches('playwright', more)] })
}

/** A browser in which `document.hidden` is true behind another tab. Playwright's own pages never know that they are hidden. */
export interface RealBrowser {
  /** A new tab, in front of all others. */
  newTab(): Promise<Page>
  close(): Promise<void>
}

/** `more` are further switches of Chromium. */
export async function launchRealBrowser(...more: readonly string[]): Promise<RealBrowser> {
  const { executablePath, args } = required()
  const profile = await mkdtemp(join(tmpdir(), 'terminal-e2e-'))
  const child = spawn(
    executablePath,
    [
      ...args,
      ...testSwitches('hand', more),
      '--headless',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      '--no-first-run',
      '--window-size=1280,800',
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const browser = await chromium.connectOverCDP(await debuggerUrl(child), { noDefaults: true })
  const [context] = browser.contexts()
  if (!context) throw new Error('Chromium has no window.')
  return {
    async newTab() {
      const page = await context.newPage()
      await page.bringToFront()
      return page
    },
    async close() {
      await browser.close()
      child.kill()
      await gone
      // Helper processes may still write into the profile for a moment.
      await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    },
  }
}

/** The address that Chromium prints when it is ready. */
async function debuggerUrl(child: ChildProcess): Promise<string> {
  if (!child.stderr) throw new Error('Chromium was started without a pipe for its messages.')
  const said: string[] = []
  for await (const line of createInterface(child.stderr)) {
    const url = /^DevTools listening on (ws:.*)$/.exec(line)?.[1]
    if (url !== undefined) {
      child.stderr.resume()
      return url
    }
    said.push(line)
  }
  throw new Error(`Chromium ended before it was ready:\n${said.join('\n')}`)
}
