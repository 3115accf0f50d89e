/**
 * `npm run bench [-- names…]`: runs the benchmarks that are named, or all; prints a table and leaves JSON in reports/bench.
 * `npm run bench -- page` writes docs/performance.md from what is there.
 */
import { parseArgs } from 'node:util'
import { chromium } from 'playwright'
import { chromiumOptions } from '../scripts/chromium.ts'
import { aggregate } from './aggregate.ts'
import { echo } from './echo.ts'
import { feeding } from './feeding.ts'
import { flood } from './flood.ts'
import { hidden } from './hidden.ts'
import { keys } from './keys.ts'
import { many } from './many.ts'
import { memory } from './memory.ts'
import { recorder } from './recorder.ts'
import { panels } from './panels.ts'
import { reconnect } from './reconnect.ts'
import { load, machine, print, save, type Result } from './report.ts'
import { writePage } from './results/write.ts'
import { startup } from './startup.ts'
import { withPage, withStage, type Scale, type Stage } from './stage.ts'
import { throughput } from './throughput.ts'
import { typing } from './typing.ts'
import { distance, slowDevice, underFlood } from './underFlood.ts'
import { window } from './window.ts'

/** In the order of the result page. */
const BENCHMARKS: Readonly<Record<string, (stage: Stage) => Promise<Result>>> = {
  throughput,
  typing,
  underFlood,
  slowDevice,
  distance,
  feeding,
  panels,
  flood,
  window,
  echo,
  reconnect,
  memory,
  aggregate,
  many,
  hidden,
  recorder,
  startup,
  keys,
}

/** A quarter of an hour by itself, or a tool: only where it is named. */
const LONG: ReadonlySet<string> = new Set(['window', 'keys'])

const USAGE = `npm run bench -- [--quick] [--seconds=60] [--rounds=5] [names: ${Object.keys(BENCHMARKS).join(' ')}]\nnpm run bench -- page`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, seconds: { type: 'string' }, rounds: { type: 'string' } },
})
const { quick } = values
const scale: Scale = {
  quick,
  seconds: Number(values.seconds ?? (quick ? 15 : 60)),
  rounds: Number(values.rounds ?? (quick ? 3 : 5)),
}
if (positionals.join() === 'page') {
  console.log(await writePage(Object.keys(BENCHMARKS)))
  process.exit()
}
const names = positionals.length > 0 ? positionals : Object.keys(BENCHMARKS).filter((name) => !LONG.has(name))
if (names.some((name) => !(name in BENCHMARKS)) || !(scale.seconds > 0) || !(scale.rounds > 0)) {
  console.error(USAGE)
  process.exit(2)
}

const environment = { ...(await machine(await chromiumVersion())), scale }
console.log(
  Object.entries(environment)
    .map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(' · '),
)
console.log('Absolute figures move with whatever else the machine does; ratios inside one run are what counts.')

let broken = 0
await withPage(async (page) => {
  for (const name of names) await measure(name, page)
})
process.exitCode = broken > 0 ? 1 : 0

async function measure(name: string, page: string): Promise<void> {
  const begun = performance.now()
  const at = new Date().toISOString()
  try {
    const result = await withStage(scale, page, BENCHMARKS[name]!)
    print(name, result)
    const took = `${((performance.now() - begun) / 1000).toFixed(0)} s`
    console.log(`  took ${took}; ${await save(name, result, { ...environment, at, took, load: load() })}`)
  } catch (error) {
    broken++
    console.error(`\n${name} could not be measured:`, error)
  }
}
async function chromiumVersion(): Promise<string> {
  const options = await chromiumOptions()
  if (options === null) return 'none'
  const browser = await chromium.launch(options)
  const version = browser.version()
  await browser.close()
  return version
}
