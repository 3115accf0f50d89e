/** Makes a clone ready to run: installs what the lock names and, with `--browser`, finds or fetches a Chromium. Needs nothing but Node. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { arch, argv, chdir, env, execPath, exit, getuid, platform } from 'node:process'
import { fileURLToPath } from 'node:url'
import { findChromium } from './findChromium.mjs'

const stampFile = 'node_modules/.setup-stamp'
const oldestNode = [20, 19]

chdir(fileURLToPath(new URL('..', import.meta.url)))
requireNode()
if (!isInstalled()) install()
if (argv.includes('--browser')) await ensureChromium()

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return
  stop(`Node ${oldestNode.join('.')} or newer is needed; this is ${process.versions.node}.`)
}

/** What has to be the same for an installation to be the right one. */
function wanted() {
  return `${createHash('sha256').update(readFileSync('package-lock.json')).digest('hex')} ${platform}-${arch}\n`
}

function isInstalled() {
  try {
    return readFileSync(stampFile, 'utf8') === wanted()
  } catch {
    return false
  }
}

function install() {
  console.log('Installing what package-lock.json names (npm ci) …')
  if (!npm('ci', '--include=dev', '--no-fund', '--no-audit', '--loglevel=error'))
    stop('npm ci failed: see its message above, then run this again.')
  writeFileSync(stampFile, wanted())
}

/** Runs npm under the Node that it came with: `npm ci` removes the one in node_modules. @param {...string} args */
function npm(...args) {
  const script = env['npm_execpath']
  if (script?.endsWith('.js')) return succeeds(env['npm_node_execpath'] ?? execPath, [script, ...args])
  return succeeds('npm', args)
}

/** @param {string} command @param {string[]} args */
function succeeds(command, args) {
  return spawnSync(command, args, { stdio: 'inherit', shell: platform === 'win32' && command === 'npm' }).status === 0
}

async function ensureChromium() {
  if (await findChromium()) return
  if (env['TERMINAL_CHROMIUM']) return warn(`TERMINAL_CHROMIUM names ${env['TERMINAL_CHROMIUM']}, which does not start.`)
  for (const fetchIt of [fromPlaywright, fromDebian]) {
    if (fetchIt() && (await findChromium())) return
  }
  warn('No Chromium was found or could be fetched.')
}

function fromPlaywright() {
  console.log('No Chromium here: asking Playwright for one, which may take minutes …')
  return succeedsQuietly(execPath, ['node_modules/playwright/cli.js', 'install', 'chromium'])
}

function fromDebian() {
  const isDebian = platform === 'linux' && succeedsQuietly('apt-get', ['--version'])
  if (!isDebian || getuid?.() !== 0) return false
  console.log("Playwright could not: asking the system's package manager …")
  env['DEBIAN_FRONTEND'] = 'noninteractive'
  return succeeds('apt-get', ['update']) && succeeds('apt-get', ['install', '-y', 'chromium'])
}

/** @param {string} command @param {string[]} args */
function succeedsQuietly(command, args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

/** @param {string} reason */
function warn(reason) {
  console.warn(`${reason} Tests that need a browser are skipped; set TERMINAL_CHROMIUM to the path of a Chromium to run them.`)
}

/** @param {string} reason @returns {never} */
function stop(reason) {
  console.error(reason)
  exit(1)
}
