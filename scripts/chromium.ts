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
