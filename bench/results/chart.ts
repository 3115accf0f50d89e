/** Bars with ranges as SVG, readable in light and dark. */
import { number } from './find.ts'

export interface Bar {
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly atLeast: boolean
  /** Drawn so that it stands out. */
  readonly ours: boolean
}

export interface Chart {
  readonly title: string
  readonly unit: string
  /** Each length stands for ten times as much as the one before. */
  readonly logarithmic: boolean
  readonly groups: readonly { readonly name: string; readonly bars: readonly Bar[] }[]
}

const WIDTH = 720
const LEFT = 176
const RIGHT = 110
const BAR = 16
const STEP = 22
const HEAD = 44
const GROUP = 26

const STYLE = `
  .paper { fill: #ffffff } text { fill: #1f2328; font: 12px system-ui, sans-serif } .title { font-weight: 600; font-size: 14px }
  .group { font-weight: 600 } .unit { fill: #59636e } .bar { fill: #8c959f } .ours { fill: #0969da } .range { stroke: #1f2328 }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117 } text { fill: #e6edf3 } .unit { fill: #9198a1 } .bar { fill: #656c76 } .ours { fill: #4493f8 }
    .range { stroke: #e6edf3 }
  }`

export function svg(chart: Chart): string {
  const along = scale(chart)
  let y = HEAD
  const lines: string[] = []
  for (const { name, bars } of chart.groups) {
    if (name !== '') {
      lines.push(`<text class="group" x="12" y="${y + 12}">${escaped(name)}</text>`)
      y += GROUP
    }
    for (const bar of bars) {
      lines.push(...drawn(bar, y, along))
      y += STEP
    }
    y += 8
  }
  const height = y + 4
  const said = chart.logarithmic ? `${chart.unit}, logarithmic` : chart.unit
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    `<title>${escaped(chart.title)}</title>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="paper" width="${WIDTH}" height="${height}"/>`,
    `<text class="title" x="12" y="24">${escaped(chart.title)} <tspan class="unit" font-weight="400">(${escaped(said)})</tspan></text>`,
    ...lines,
    '</svg>',
    '',
  ].join('\n')
}

/** Pixels from the left edge of the bars. */
function scale({ groups, logarithmic }: Chart): (value: number) => number {
  const bars = groups.flatMap((group) => group.bars)
  const most = Math.max(...bars.map((bar) => bar.max))
  const room = WIDTH - LEFT - RIGHT
  if (!logarithmic) return (value) => (value / most) * room
  const least = Math.min(...bars.map((bar) => bar.min))
  // Half a power of ten below the least, so that no bar vanishes.
  const low = Math.log10(Math.max(least, 0.01)) - 0.5
  return (value) => (Math.max(0, Math.log10(Math.max(value, 0.01)) - low) / (Math.log10(most) - low)) * room
}

function drawn({ label, value, min, max, atLeast, ours }: Bar, y: number, along: (value: number) => number): string[] {
  const middle = y + BAR / 2
  const [from, to, end] = [min, max, value].map((at) => (LEFT + along(at)).toFixed(1))
  const range =
    min === max
      ? []
      : [`<path class="range" d="M${from} ${middle}H${to}M${from} ${middle - 3}v6M${to} ${middle - 3}v6" fill="none"/>`]
  const right = (Number(min === max ? end : to) + 6).toFixed(1)
  return [
    `<text x="${LEFT - 8}" y="${y + 12}" text-anchor="end"${ours ? ' class="group"' : ''}>${escaped(label)}</text>`,
    `<rect class="${ours ? 'ours' : 'bar'}" x="${LEFT}" y="${y}" width="${along(value).toFixed(1)}" height="${BAR}"/>`,
    ...range,
    `<text x="${right}" y="${y + 12}">${atLeast ? '≥ ' : ''}${number(value)}</text>`,
  ]
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
