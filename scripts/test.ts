/** Runs the suites one after the other and says in its last line how many tests passed, failed and were skipped in all of them. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findChromium } from './findChromium.mjs'
import { canSeeProcesses, watchDescendants } from './processes.ts'
import { reportOf, type Suite, suites } from './suites.ts'
import { countExit, countVitest, sentence, sum, type Totals } from './totals.ts'

interface Result {
  readonly name: string
  readonly totals: Totals
  readonly seconds: number
}

const mark = 'TERMINAL_TEST_RUN'

process.chdir(join(import.meta.dirname, '..'))
mkdirSync('reports', { recursive: true })
rmSync('reports/totals.txt', { force: true })

const results: Result[] = []
for (const suite of chosen(process.argv.slice(2))) results.push(await run(suite))
report(results)

function chosen(names: readonly string[]): readonly Suite[] {
  const unknown = names.filter((name) => !suites.some((suite) => suite.name === name || suite.group === name))
  if (unknown.length > 0)
    throw new Error(`No suite is called ${unknown.join(', ')}; there are ${suites.map((s) => s.name).join(', ')}`)
  const wanted = names.length === 0 ? ['checks', 'tests'] : names
  return suites.filter((suite) => wanted.includes(suite.name) || wanted.includes(suite.group))
}

async function run(suite: Suite): Promise<Result> {
  console.log(`\n── ${suite.name} ──`)
  if (suite.needs === 'chromium' && (await findChromium()) === null) {
    console.log('Skipped: there is no Chromium here.')
    return { name: suite.name, totals: { passed: 0, failed: 0, skipped: 1 }, seconds: 0 }
  }
  rmSync(reportOf(suite.name), { force: true })
  const begin = performance.now()
  const run = `${mark}=${randomUUID()}`
  const child = spawn(process.execPath, suite.command, { stdio: 'inherit', detached: true, env: environmentOf(suite, run) })
  const watch = canSeeProcesses && child.pid !== undefined ? watchDescendants(child.pid, run) : null
  const status = await ended(child, suite)
  const survivors = (await watch?.survivors()) ?? []
  for (const { pid, command } of survivors) console.error(`${suite.name} left a process behind: ${pid} ${command}`)
  const counted = suite.counts === 'exit' ? countExit(status) : countVitest({ status, report: textOf(reportOf(suite.name)) })
  const totals = survivors.length > 0 ? sum([counted, { passed: 0, failed: 1, skipped: 0 }]) : counted
  return { name: suite.name, totals, seconds: (performance.now() - begin) / 1000 }
}

function environmentOf(suite: Suite, run: string): NodeJS.ProcessEnv {
  const [name = mark, value = ''] = run.split('=')
  const plain = process.stdout.isTTY ? {} : { NO_COLOR: '1' }
  return { ...process.env, ...plain, ...suite.env, [name]: value }
}

/** The exit status; null after a signal, a timeout, or if the command could not be started. */
function ended(child: ChildProcess, suite: Suite): Promise<number | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      console.error(`${suite.name} was stopped: it took more than ${suite.timeoutMs / 60_000} minutes`)
      stop(child)
    }, suite.timeoutMs)
    const interrupted = () => {
      stop(child)
      process.exit(130)
    }
    const settle = (status: number | null) => {
      clearTimeout(timer)
      process.off('SIGINT', interrupted).off('SIGTERM', interrupted)
      resolve(status)
    }
    process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
    child.once('exit', settle).once('error', () => settle(null))
  })
}

/** The command leads a process group of its own: what it started goes with it. */
function stop(child: ChildProcess): void {
  if (child.pid !== undefined) process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL')
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function report(all: readonly Result[]): void {
  const width = Math.max(...all.map(({ name }) => name.length))
  console.log('')
  for (const { name, totals, seconds } of all) {
    console.log(`${totals.failed > 0 ? '✗' : '✓'} ${name.padEnd(width)}  ${sentence(totals)}  (${seconds.toFixed(1)} s)`)
  }
  const total = sum(all.map(({ totals }) => totals))
  writeFileSync('reports/totals.txt', `${sentence(total)}\n`)
  console.log(sentence(total))
  process.exitCode = total.failed > 0 ? 1 : 0
}
