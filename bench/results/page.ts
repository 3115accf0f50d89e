/** The result page and its charts, as text: a pure function of what was measured and of the words around it. */
import { CONTENDERS } from '../contenders.ts'
import type { ContenderName } from '../page/contender.tsx'
import type { Figure } from '../report.ts'
import { svg, type Bar, type Chart } from './chart.ts'
import { finder, number, said, type Environment, type Measured } from './find.ts'
import { judge, type Judged } from './goals.ts'

/** The files of the folder `docs`, by their paths in it. */
export type Files = ReadonlyMap<string, string>

/** `words` are the paragraphs that people write, by the benchmark that they stand under; see notes.md. */
export function render(measured: readonly Measured[], words: ReadonlyMap<string, string>): Files {
  const charts = measured.flatMap((one) => chartsOf(one))
  const judged = judge(finder(measured))
  const page = [
    '# Performance',
    words.get('introduction') ?? '',
    `\`npm run bench\` measures all of this again, \`npm run bench -- ${measured[0]?.name ?? 'typing'}\` one part, and \`npm run bench -- page\` writes this page from the last measurements. The figures of this page, for a program to read: [figures.json](performance/figures.json).`,
    quickWarning(measured),
    '## Goals',
    verdict(judged),
    goalsTable(judged),
    words.get('goals') ?? '',
    ...measured.flatMap((one) => section(one, charts, words)),
    '## Machine and versions',
    machineTable(measured),
    '## Too noisy to claim',
    words.get('noise') ?? '',
    noisy(measured),
  ]
  const files = new Map(charts.map(({ file, chart }) => [`performance/${file}`, svg(chart)]))
  return files.set('performance.md', `${page.filter((part) => part !== '').join('\n\n')}\n`)
}

/** The words of notes.md: each stands under a heading that names its place. */
export function wordsOf(notes: string): ReadonlyMap<string, string> {
  const parts = notes.split(/^## /m).slice(1)
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')).trim(), part.slice(part.indexOf('\n')).trim()]))
}

function quickWarning(measured: readonly Measured[]): string {
  const quick = measured.filter((one) => one.environment.scale.quick || one.environment.scale.rounds < 5)
  if (quick.length === 0) return ''
  return `**Short runs, not to be relied on**: ${quick.map((one) => one.name).join(', ')}.`
}

function verdict(judged: readonly Judged[]): string {
  const count = (met: boolean | null): number => judged.filter((one) => one.met === met).length
  return `${count(true)} met, ${count(false)} missed, ${count(null)} not measured. Ratios are those of medians from one run; in brackets, what they could be between the ends of both ranges. Absolute figures belong to the machine of that minute.`
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n')

const cell = (text: string): string => text.replaceAll('|', '\\|')

function goalsTable(judged: readonly Judged[]): string {
  const met = (one: Judged): string => (one.met === null ? 'not measured' : one.met ? 'met' : '**missed**')
  return table(
    ['metric', 'ours', 'beside it', 'ratio', 'goal', ''],
    judged.map((one) => [one.metric, one.ours, one.other, one.ratio, one.goal, met(one)]),
  )
}

/** What a benchmark is called, where its name is not a heading. */
const TITLES: Readonly<Record<string, string>> = {
  feeding: 'Feeding the emulator',
  flood: 'A flood of a minute',
  window: 'Fixed windows beside the one that adapts',
  many: 'Five hundred sessions beside a flood',
  throughput: 'Throughput through a PTY',
  typing: 'Idle echo of every contender',
  underFlood: 'Under a flood',
  slowDevice: 'Under a flood, with a processor four times slower',
  distance: 'Under a flood, over a round trip of 20 and 80 ms',
  echo: 'Idle echo, in parts',
  reconnect: 'Reconnecting',
  memory: 'Memory of the server',
  aggregate: 'Many streams from one server',
  panels: 'Many panels on one page',
  hidden: 'A hidden tab',
  recorder: 'What recording costs',
  startup: 'Start-up',
  keys: 'Single keys in a flood',
}

function section(one: Measured, charts: readonly Drawn[], words: ReadonlyMap<string, string>): string[] {
  const pictures = charts.filter((drawn) => drawn.benchmark === one.name)
  return [
    `## ${TITLES[one.name] ?? one.name}`,
    words.get(one.name) ?? '',
    ...pictures.map(({ file, chart }) => `![${chart.title}](performance/${file})`),
    isComparison(one) ? comparison(one) : rowsTable(one),
    `How: ${one.method}`,
  ]
}

/** Its figures are of contenders that stand in {@link CONTENDERS}, several of them. */
function isComparison({ figures }: Measured): boolean {
  const names = new Set(figures.map((figure) => figure.contender))
  return names.size > 2 && [...names].every((name) => name in CONTENDERS)
}

const titleOf = (name: string): string => CONTENDERS[name as ContenderName]?.title ?? name // others are their own title

/** A row for each contender, a column for each metric; one table a variant. */
function comparison({ figures }: Measured): string {
  const variants = [...new Set(figures.map((figure) => figure.variant))]
  return variants
    .map((variant) => {
      const own = figures.filter((figure) => figure.variant === variant)
      const metrics = [...new Set(own.map((figure) => figure.metric))]
      const names = [...new Set(own.map((figure) => figure.contender))]
      const find = (metric: string, name: string) => own.find((one) => one.metric === metric && one.contender === name)
      const rows = names.map((name) => [
        name === 'ours' ? `**${titleOf(name)}**` : titleOf(name),
        ...metrics.map((metric) => shown(find(metric, name), find(metric, 'ours'))),
      ])
      return table([variant, ...metrics], rows)
    })
    .join('\n\n')
}

function shown(figure: Figure | undefined, ours: Figure | undefined): string {
  if (figure === undefined) return ''
  const ratio = ours === undefined || ours === figure ? '' : `, ours × ${number(ours.median / figure.median)}`
  return said(figure) + ratio
}

function rowsTable({ rows }: Measured): string {
  const met = (met: boolean | undefined): string => (met === undefined ? '' : met ? 'met' : '**missed**')
  return table(
    ['', 'measured', 'goal', ''],
    rows.map((row) => [row.name, row.value, row.goal ?? '', met(row.met)]),
  )
}

interface Drawn {
  readonly benchmark: string
  readonly file: string
  readonly chart: Chart
}

interface Picture {
  readonly file: string
  readonly title: string
  readonly logarithmic: boolean
  /** One group each. */
  readonly metrics: readonly string[]
}

const UNDER_FLOOD: readonly Picture[] = [
  { file: 'echo', title: 'A key’s echo in a flood', logarithmic: true, metrics: ['flood echo p50', 'flood echo p99'] },
  { file: 'throughput', title: 'Drawn meanwhile', logarithmic: false, metrics: ['flood throughput'] },
  { file: 'stop', title: 'From Ctrl-C to the prompt', logarithmic: true, metrics: ['flood stop'] },
  { file: 'memory', title: 'What the server keeps in a flood', logarithmic: true, metrics: ['flood memory'] },
]

const PICTURES: Readonly<Record<string, readonly Picture[]>> = {
  throughput: [
    {
      file: 'rates',
      title: 'Throughput through a PTY',
      logarithmic: false,
      metrics: ['throughput ascii', 'throughput colour', 'throughput cjk'],
    },
  ],
  typing: [{ file: 'echo', title: 'Idle echo', logarithmic: false, metrics: ['typing p50', 'typing p99'] }],
  underFlood: UNDER_FLOOD,
  slowDevice: UNDER_FLOOD.slice(0, 2),
  distance: UNDER_FLOOD.slice(0, 2),
}

function chartsOf({ name, figures }: Measured): readonly Drawn[] {
  return (PICTURES[name] ?? []).flatMap(({ file, title, logarithmic, metrics }) => {
    const variants = [...new Set(figures.map((figure) => figure.variant))]
    const groups = metrics.flatMap((metric) =>
      variants.map((variant) => ({
        name: [metrics.length > 1 ? short(metric) : '', variant].filter((part) => part !== '').join(', '),
        bars: figures.filter((figure) => figure.metric === metric && figure.variant === variant).map(barOf),
      })),
    )
    const unit = figures.find((figure) => figure.metric === metrics[0])?.unit ?? ''
    const drawn = groups.filter((group) => group.bars.length > 0)
    return drawn.length > 0
      ? [{ benchmark: name, file: `${name}-${file}.svg`, chart: { title, unit, logarithmic, groups: drawn } }]
      : []
  })
}

/** Of metrics in one picture, whose title says the rest. */
const short = (metric: string): string => metric.split(' ').at(-1) ?? metric

const barOf = ({ contender, median, min, max, atLeast = false }: Figure): Bar => ({
  label: titleOf(contender),
  value: median,
  min,
  max,
  atLeast,
  ours: contender === 'ours',
})

function machineTable(measured: readonly Measured[]): string {
  const [first] = measured
  if (first === undefined) return 'Nothing has been measured.'
  const SELDOM = new Set(['at', 'took', 'load', 'scale'])
  const same = Object.entries(first.environment).filter(([name]) => !SELDOM.has(name))
  const runs = measured.map(({ name, environment }) => [
    name,
    environment.at,
    String(environment['took'] ?? ''),
    scaleOf(environment),
    String(environment['load']),
  ])
  return [
    table(
      ['', ''],
      same.map(([name, value]) => [name, String(value)]),
    ),
    table(['benchmark', 'begun', 'took', 'scale', 'load at its end, of 1, 5 and 15 minutes'], runs),
  ].join('\n\n')
}

const scaleOf = ({ scale }: Environment): string => `${scale.rounds} rounds${scale.quick ? ', short' : ''}`

/** Where the range of ours and that of another overlap, or a range is as wide as its median. */
function noisy(measured: readonly Measured[]): string {
  const find = finder(measured)
  const figures = measured.flatMap((one) => one.figures)
  const overlapping = figures.flatMap((figure) => {
    const ours = find(figure.metric, 'ours', figure.variant)
    if (figure.contender === 'ours' || ours === undefined || ours.max < figure.min || figure.max < ours.min) return []
    return [`${named(figure)}: ours ${said(ours)}, ${titleOf(figure.contender)} ${said(figure)}`]
  })
  const wide = figures.filter(({ contender, median, min, max }) => contender === 'ours' && max - min > median)
  return [
    overlapping.length > 0 ? `The ranges overlap, so neither is faster here:\n\n${list(overlapping)}` : '',
    wide.length > 0
      ? `One round differs from another by more than the median:\n\n${list(wide.map((figure) => `${named(figure)}: ${said(figure)}`))}`
      : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

const named = ({ metric, variant }: Figure): string => (variant === '' ? metric : `${metric} (${variant})`)
const list = (lines: readonly string[]): string => lines.map((line) => `* ${line}`).join('\n')
