/** Looks for a Chromium that this machine can run: the one named by TERMINAL_CHROMIUM, else Playwright's own, else the system's. */
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { env, platform } from 'node:process'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const macApplications = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/**
 * The path of a Chromium that starts, or null.
 * @returns {Promise<string | null>}
 */
export async function findChromium() {
  const named = env['TERMINAL_CHROMIUM']
  if (named) return starts(named) ? named : null
  for (const candidate of [await playwrightChromium(), ...systemCandidates()]) {
    if (candidate && starts(candidate)) return candidate
  }
  return null
}

/** @returns {string[]} */
function systemCandidates() {
  if (platform === 'darwin') return macApplications
  const folders = (env['PATH'] ?? '').split(delimiter).filter(Boolean)
  return folders.flatMap((folder) => names.map((name) => join(folder, name)))
}

/** @returns {Promise<string | null>} */
async function playwrightChromium() {
  try {
    const { chromium } = await import('playwright')
    return chromium.executablePath()
  } catch {
    return null // not installed yet
  }
}

/**
 * A browser whose libraries are missing has a file, too: only one that can tell its version counts.
 * @param {string} path
 */
function starts(path) {
  try {
    accessSync(path, constants.X_OK)
  } catch {
    return false
  }
  if (platform === 'win32') return true // opens a window instead of telling its version
  return spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 30_000 }).status === 0
}
