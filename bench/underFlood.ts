/** What a key costs while output floods in, how much is drawn meanwhile, how fast Ctrl-C stops it and what the server keeps: every contender. */
import {
  CONTENDERS,
  DISTANT,
  panelSize,
  PLAIN,
  present,
  prompted,
  SLOW,
  turns,
  visit,
  type Circumstances,
  type Visit,
} from './contenders.ts'
import type { ContenderName, Key } from './page/contender.tsx'
import { figure, MiB, percentile, type Figure, type Result, type Row } from './report.ts'
import { DOLLAR, sleep, type Stage } from './stage.ts'
import { LETTERS } from './typing.ts'

const EVERYBODY: readonly ContenderName[] = ['ours', 'attach', 'vscode', 'reactXtermjs', 'wterm', 'ghostty', 'ttyd']
/** Where the circumstances are harder: one without flow control, one with, and ours. */
const FEW: readonly ContenderName[] = ['ours', 'attach', 'vscode', 'ttyd']

/** No capital letter and no `$` is in it, so that echo and prompt are found. */
const LINE = 'the quick brown fox jumps over the lazy dog 0123456789 and back again, twice a day'.slice(0, 79)
const WARM_UP_BYTES = 6 * MiB
/** The flood is on its way. */
const BEGIN_MS = 500
/** Different ones, so that no key falls in step with anything. */
const betweenMs = (i: number): number => 70 + ((i * 37) % 60)
/** Then an echo and a Ctrl-C are given up. */
const LIMIT_MS = 3000
/** Ctrl-Cs of a visit, each into a flood of its own: how much of a window stands before one is chance. */
const STOPS = 5

interface Run {
  readonly who: ContenderName
  readonly variant: string
  readonly keys: readonly Key[]
  readonly mibPerSecond: number
  /** Of each Ctrl-C; null after the limit, and then there is no other. */
  readonly stopsMs: readonly (number | null)[]
  readonly rssMiB: number
  /** Bytes that the emulator threw away. */
  readonly dropped: number
}

export const underFlood = (stage: Stage): Promise<Result> => compare(stage, EVERYBODY, [PLAIN])
export const slowDevice = (stage: Stage): Promise<Result> => compare(stage, FEW, [SLOW])
export const distance = (stage: Stage): Promise<Result> => compare(stage, FEW, DISTANT)

async function compare(stage: Stage, who: readonly ContenderName[], circumstances: readonly Circumstances[]): Promise<Result> {
  const names = present(who, stage)
  const size = await panelSize(stage)
  const seconds = stage.scale.quick ? 2 : 3
  const runs: Run[] = []
  for (const { round, who } of turns(names, stage.scale.rounds)) {
    for (const circumstance of circumstances) {
      const { variant } = circumstance
      const run = await visit(stage, { who, size, circumstances: circumstance }, (visit) => flood(visit, seconds))
      runs.push({ who, variant, ...run })
    }
    if (who === names.at(-1)) stage.note(`round ${round + 1} of ${stage.scale.rounds}`)
  }
  const figures = circumstances.flatMap(({ variant }) =>
    names.flatMap((who) =>
      figuresOf(
        who,
        variant,
        runs.filter((run) => run.who === who && run.variant === variant),
      ),
    ),
  )
  return {
    method: `yes with lines of ${LINE.length} letters on a PTY for ${seconds} s, ${stage.scale.rounds} rounds; each contender in turn gets a fresh server process, browser and shell (${size.cols} columns, ${size.rows} rows), and ${WARM_UP_BYTES / MiB} MiB of the same before. Meanwhile a real key event every 70 to 130 ms: from its time stamp until the emulator has parsed the letter that the PTY echoed into the flood. Then Ctrl-C until the prompt has been parsed, ${STOPS} times, each in a flood of its own, of half a second after the first. What takes longer than ${LIMIT_MS / 1000} s is given up and counts as that. Throughput: parsed in the time of the keys. Memory: the server process's largest RSS above the same process idle, after a collection.${circumstances.map(wordsFor).join('')}`,
    rows: figures.map(rowOf),
    figures,
    raw: { size, runs },
  }
}

const wordsFor = ({ slowdown, roundTripMs }: Circumstances): string =>
  (slowdown === 1 ? '' : ` The page’s processor is ${slowdown} times slower (Chromium’s own throttle).`) +
  (roundTripMs === 0 ? '' : ` A relay on the way delays each direction by ${roundTripMs / 2} ms.`)

async function flood(visit: Visit, seconds: number): Promise<Omit<Run, 'who' | 'variant'>> {
  const { ask, page, server } = visit
  await prompted(visit)
  const warm = ask((contender, dollar) => contender.mark(dollar, 20_000), DOLLAR)
  await ask((contender, command) => contender.type(command), `yes '${LINE}' | head -c ${WARM_UP_BYTES}\r`)
  await warm
  await server.collect()
  const idle = await visit.rss()
  await ask((contender, command) => contender.type(command), `yes '${LINE}'\r`)
  await sleep(BEGIN_MS)

  await ask((contender) => contender.watchKeys())
  const before = await ask((contender) => contender.amounts())
  let most = 0
  const until = performance.now() + seconds * 1000
  for (let i = 0; performance.now() < until; i++) {
    await page.keyboard.press(LETTERS[i % LETTERS.length]!)
    most = Math.max(most, await visit.rss())
    await sleep(betweenMs(i))
  }
  const after = await ask((contender) => contender.amounts())
  const keys = await answered(visit)
  const stopsMs = await stops(visit)
  most = Math.max(most, await visit.rss())
  return {
    keys,
    mibPerSecond: ((after.parsed - before.parsed) / MiB / (after.at - before.at)) * 1000,
    stopsMs,
    rssMiB: (most - idle) / MiB,
    dropped: after.dropped,
  }
}

/** Waits for the last echo, but not for ever. */
async function answered({ ask }: Visit): Promise<readonly Key[]> {
  for (const until = performance.now() + LIMIT_MS; ;) {
    const keys = await ask((contender) => contender.keys())
    if (performance.now() > until || keys.every((key) => key.answered)) return keys
    await sleep(50)
  }
}

/** Whoever does not stop within the limit is asked once. */
async function stops(visit: Visit): Promise<(number | null)[]> {
  const all = [await stop(visit)]
  while (all.length < STOPS && all.at(-1) !== null) {
    await visit.ask((contender, command) => contender.type(command), `yes '${LINE}'\r`)
    await sleep(BEGIN_MS + betweenMs(all.length))
    all.push(await stop(visit))
  }
  return all
}

async function stop({ ask, page }: Visit): Promise<number | null> {
  const prompt = ask((contender, [dollar, limitMs]) => contender.mark(dollar, limitMs), [DOLLAR, LIMIT_MS] as const)
  await page.keyboard.press('Control+c')
  const mark = await prompt
  return mark === null ? null : mark.parsedAt - (await ask((contender) => contender.lastKeyAt()))
}

function figuresOf(who: ContenderName, variant: string, runs: readonly Run[]): Figure[] {
  const rates = runs.map((run) => run.mibPerSecond)
  const memory = runs.map((run) => run.rssMiB)
  const stops = runs.flatMap((run) => run.stopsMs.map((ms) => ms ?? LIMIT_MS))
  const stop = figure('flood stop', 'ms', stops, who, variant)
  return [
    echo(50, who, variant, runs),
    echo(99, who, variant, runs),
    figure('flood throughput', 'MiB/s', rates, who, variant),
    { ...stop, ...(stop.median >= LIMIT_MS ? { atLeast: true } : {}) },
    figure('flood memory', 'MiB', memory, who, variant),
  ]
}

/** The percentile of all keys; its range is that of the rounds. */
function echo(p: 50 | 99, who: ContenderName, variant: string, runs: readonly Run[]): Figure {
  const of = (keys: readonly Key[]): number =>
    percentile(
      keys.map((key) => key.ms),
      p / 100,
    )
  const keys = runs.flatMap((run) => run.keys)
  const median = of(keys)
  // A key that still waits may take much longer than it has so far: nothing above the first of these is known.
  const known = Math.min(...keys.filter((key) => !key.answered).map((key) => key.ms))
  const rounds = runs.map((run) => of(run.keys))
  return {
    metric: `flood echo p${p}`,
    contender: who,
    variant,
    unit: 'ms',
    median,
    min: Math.min(...rounds),
    max: Math.max(...rounds),
    n: runs.length,
    ...(median >= known ? { atLeast: true } : {}),
  }
}

function rowOf({ metric, contender, variant, unit, median, min, max, atLeast }: Figure): Row {
  const digits = unit === 'ms' && max > 100 ? 0 : 1
  const [middle, from, to] = [median, min, max].map((value) => value.toFixed(digits))
  return {
    name: `${metric}${variant === '' ? '' : ` (${variant})`}: ${CONTENDERS[contender as ContenderName].title}`, // made above
    value: `${atLeast === true ? '≥ ' : ''}${middle} ${unit} (${from} to ${to})`,
  }
}
