/** How tests and benchmarks start Chromium, or null where this machine has none. */
import type { LaunchOptions } from 'playwright'
import { findChromium } from './findChromium.mjs'

/** For `chromium.launch(options)` and for spawning `executablePath` by hand. */
export interface ChromiumOptions extends LaunchOptions {
  readonly executablePath: string
  readonly args: string[]
}

/** Chromium refuses its sandbox to root, and to nobody else. */
const isRoot = process.getuid?.() === 0

/** Launch options of the browser that `npm test` has set up; null means: skip what needs a browser. */
export async function chromiumOptions(): Promise<ChromiumOptions | null> {
  const executablePath = await findChromium()
  if (executablePath === null) return null
  return { executablePath, headless: true, args: isRoot ? ['--no-sandbox'] : [] }
}

const DISABLE = '--disable-features='

/** What every window of Chromium loads for its own address bar is more work than most pages, and no test looks at it. */
const WITHOUT_ADDRESS_BAR = `${DISABLE}WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup`

/** What Playwright turns off by itself, and would turn on again where a list is given. */
const AS_PLAYWRIGHT_DOES = `${DISABLE}${[
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
].join(',')}`

/** Switches of a browser for tests, which spends its time on pages, and `more` of them. */
export function testSwitches(startedBy: 'playwright' | 'hand', more: readonly string[] = []): string[] {
  const all = [WITHOUT_ADDRESS_BAR, ...(startedBy === 'playwright' ? [AS_PLAYWRIGHT_DOES] : []), ...more]
  // Chromium heeds the last list alone.
  const off = all.filter((each) => each.startsWith(DISABLE)).map((each) => each.slice(DISABLE.length))
  return [...all.filter((each) => !each.startsWith(DISABLE)), DISABLE + off.join(',')]
}

/** Launch options for tests; null means: skip what needs a browser. */
export async function testChromium(): Promise<ChromiumOptions | null> {
  const options = await chromiumOptions()
  return options && { ...options, args: [...options.args, ...testSwitches('playwright')] }
}
