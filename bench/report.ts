/** Figures: medians and ranges, the table on the terminal, the JSON beside it, and what they were measured with. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { join } from 'node:path'

export interface Row {
  readonly name: string
  readonly value: string
  /** What it should be, in words. */
  readonly goal?: string
  readonly met?: boolean
}

/** One measured quantity of one contender, as the result page judges and draws it. */
export interface Figure {
  readonly metric: string
  /** `ours`, or who it is measured against. */
  readonly contender: string
  /** What was different from the plain case; empty for that one. */
  readonly variant: string
  /** `ms`, `MiB/s`, `MiB`, `KiB`, `kB`, `/s`, `%`, or empty for a count. */
  readonly unit: string
  readonly median: number
  readonly min: number
  readonly max: number
  /** Rounds, keys or cuts. */
  readonly n: number
  /** The measurement was given up in at least half of the rounds: it is this or more. */
  readonly atLeast?: boolean
}

export interface Result {
  /** One paragraph: what was done, and against what it was measured. */
  readonly method: string
  readonly rows: readonly Row[]
  readonly figures?: readonly Figure[]
  /** Everything that was measured, JSON-safe. */
  readonly raw: unknown
}

export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
  readonly n: number
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  // Of an even number of values, the middle of the two in the middle.
  const median = ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2
  return { median, min: sorted[0] ?? NaN, max: sorted.at(-1) ?? NaN, n: sorted.length }
}

/** Of values in any order; NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
}

export function figure(metric: string, unit: string, values: readonly number[], contender = 'ours', variant = ''): Figure {
  const { median, min, max, n } = spread(values)
  return { metric, contender, variant, unit, median, min, max, n }
}

/** A least-squares slope of `[x, y]` pairs. */
export function slope(points: readonly (readonly [number, number])[]): number {
  const n = points.length
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n
  const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0)
  return covariance / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0)
}

export const MiB = 1024 * 1024

export const ms = (value: number): string => `${value.toFixed(1)} ms`
export const mib = (bytes: number): string => `${(bytes / MiB).toFixed(1)} MiB`
export const range = ({ median, min, max }: Spread, unit: (value: number) => string): string =>
  `${unit(median)} (${unit(min)} to ${unit(max)})`

/** What the figures belong to. */
export async function machine(chromium: string): Promise<Readonly<Record<string, string | number>>> {
  const version = async (name: string): Promise<string> => {
    const file = join(import.meta.dirname, '..', 'node_modules', name, 'package.json')
    return String((JSON.parse(await readFile(file, 'utf8')) as { version: string }).version) // every package has one
  }
  const [cpu] = cpus()
  return {
    processor: `${cpus().length} × ${cpu?.model ?? 'unknown'}`,
    memory: mib(totalmem()),
    system: `${process.platform} ${release()}`,
    node: process.version,
    chromium,
    xterm: await version('@xterm/xterm'),
    ws: await version('ws'),
    pty: await version('@lydell/node-pty'),
    react: await version('react'),
  }
}

/** Of the last minute, five and fifteen. */
export const load = (): string =>
  loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')

export function print(name: string, { method, rows }: Result): void {
  console.log(`\n${name}\n  ${method}\n`)
  const width = Math.max(...rows.map((row) => row.name.length))
  const valueWidth = Math.max(...rows.map((row) => row.value.length))
  for (const { name, value, goal, met } of rows) {
    const verdict = met === undefined ? '' : met ? 'met' : 'MISSED'
    console.log(
      `  ${name.padEnd(width)}  ${value.padEnd(valueWidth)}  ${goal === undefined ? '' : `goal ${goal} ${verdict}`}`.trimEnd(),
    )
  }
}

export async function save(name: string, result: Result, environment: object): Promise<string> {
  const folder = join(import.meta.dirname, '..', 'reports', 'bench')
  await mkdir(folder, { recursive: true })
  const file = join(folder, `${name}.json`)
  await writeFile(file, `${JSON.stringify({ name, environment, ...result }, null, 1)}\n`)
  return file
}
