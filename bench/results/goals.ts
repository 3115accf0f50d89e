/** The goals, and what a run says to each: the one place where a figure is judged. */
import type { Figure } from '../report.ts'
import { number, quantity, said, type Find } from './find.ts'

export interface Judged {
  readonly metric: string
  readonly goal: string
  readonly ours: string
  /** Whom it is measured against, and what that stands at; empty where the goal is a number. */
  readonly other: string
  readonly ratio: string
  /** Null: not measured here. */
  readonly met: boolean | null
}

interface Goal {
  readonly metric: string
  readonly goal: string
  judge(find: Find): Pick<Judged, 'ours' | 'other' | 'ratio' | 'met'>
}

const UNMEASURED = { ours: 'not measured', other: '', ratio: '', met: null } as const

export const judge = (find: Find): readonly Judged[] => GOALS.map(({ metric, goal, judge }) => ({ metric, goal, ...judge(find) }))

/** At least so many times what somebody else reaches. */
function faster(metric: string, key: string, times: number, than: string, title: string, variant = ''): Goal {
  return {
    metric,
    goal: `≥ ${times} × ${title}`,
    judge(find) {
      const [ours, theirs] = [find(key, 'ours', variant), find(key, than, variant)]
      if (ours === undefined) return UNMEASURED
      if (theirs === undefined) return { ours: said(ours), other: `${title}: not measured`, ratio: '', met: null }
      const ratio = ours.median / theirs.median
      return { ours: said(ours), other: `${title} ${said(theirs)}`, ratio: ratioOf(ours, theirs), met: ratio >= times }
    },
  }
}

/** The medians' ratio, and what it could be between the ends of both ranges. */
function ratioOf(ours: Figure, theirs: Figure): string {
  const [least, most] = [ours.min / theirs.max, ours.max / theirs.min]
  return `${number(ours.median / theirs.median)} (${number(least)} to ${number(most)})`
}

type Part = 'median' | 'max' | 'min'

/** At most, or at least, so much. `part` is what of it counts. */
function bound(metric: string, key: string, sign: '≤' | '≥', limit: number, part: Part = 'median', variant = ''): Goal {
  return {
    metric,
    goal: `${sign} ${number(limit)}`,
    judge(find) {
      const figure = find(key, 'ours', variant)
      if (figure === undefined) return UNMEASURED
      const value = figure[part]
      const met = (sign === '≤' ? value <= limit : value >= limit) && !(sign === '≤' && figure.atLeast === true)
      return { ours: part === 'median' ? said(figure) : quantity(value, figure.unit), other: '', ratio: '', met }
    },
  }
}

/** At most so much more than the floor. */
function above(metric: string, key: string, most: number): Goal {
  return {
    metric,
    goal: `≤ floor + ${most} ms`,
    judge(find) {
      const [ours, floor] = [find(key), find(key, 'floor')]
      if (ours === undefined || floor === undefined) return UNMEASURED
      const met = ours.median <= floor.median + most
      return { ours: said(ours), other: `floor ${said(floor)}`, ratio: ratioOf(ours, floor), met }
    },
  }
}

const RENDERERS = { dom: 'DOM', webgl: 'WebGL' } as const

const feeding = (['dom', 'webgl'] as const).flatMap((renderer) => [
  ...['ascii', 'colour', 'cjk'].map((payload) =>
    faster(`feeding, ${payload}, ${RENDERERS[renderer]}`, `feeding ${payload}`, 0.95, 'parser', 'parser alone', renderer),
  ),
  ...['ascii', 'colour', 'cjk'].map((payload) =>
    bound(
      `worst frame gap while feeding, ${payload}, ${RENDERERS[renderer]}`,
      `feeding gap ${payload}`,
      '≤',
      34,
      'max',
      renderer,
    ),
  ),
])

const GOALS: readonly Goal[] = [
  ...feeding,
  faster('through a PTY, ASCII', 'throughput ascii', 1.05, 'attach', '@xterm/addon-attach'),
  faster('through a PTY, ASCII', 'throughput ascii', 2, 'vscode', 'VS Code’s scheme'),
  faster('through a PTY, colour', 'throughput colour', 1.35, 'ttyd', 'ttyd'),
  faster('through a PTY, CJK', 'throughput cjk', 1.7, 'ttyd', 'ttyd'),
  faster('through a PTY, CJK', 'throughput cjk', 1, 'ghostty', 'ghostty-web'),
  above('idle echo, p50', 'idle echo p50', 0.8),
  above('idle echo, p99', 'idle echo p99', 5),
  bound('echo under flood, p50, ms', 'flood echo p50', '≤', 20),
  bound('echo under flood, p99, ms', 'flood echo p99', '≤', 35),
  faster('drawn meanwhile', 'flood throughput', 1.9, 'vscode', 'VS Code’s scheme'),
  bound('echo under flood, processor four times slower, p50, ms', 'flood echo p50', '≤', 40, 'median', 'slow'),
  bound('flood stops after Ctrl-C, median, ms', 'flood stop', '≤', 20),
  bound('flood stops after Ctrl-C, worst, ms', 'flood stop', '≤', 150, 'max'),
  bound('server memory of one flood above idle, most, MiB', 'one flood memory', '≤', 16, 'max'),
  bound('server memory of an idle session, KiB', 'idle session', '≤', 40),
  bound('processor of 500 idle sessions in 10 s between heartbeats, ms', 'idle processor', '≤', 20),
  bound('reconnect, network fine, median, ms', 'reconnect', '≤', 30),
  bound('bytes lost or doubled over all cuts', 'reconnect lost bytes', '≤', 0, 'max'),
  bound('cuts', 'reconnect cuts', '≥', 1000),
  bound('ready after an outage, ms after the network’s return, of which the browser tells', 'outage', '≤', 300, 'max'),
  bound('the same where nobody tells the page', 'outage', '≤', 300, 'max', 'untold'),
  bound('flood of a minute: connections dropped', 'minute flood drops', '≤', 0, 'max'),
  bound('flood of a minute: longest time without output, ms', 'minute flood stall', '≤', 1000, 'max'),
  bound('flood of a minute: growth of the page’s heap, MiB', 'minute flood growth', '≤', 2),
  bound('16 panels flooding: frames a second', '16 panels frames', '≥', 45),
  bound('16 panels flooding: echo in the focused one, p99, ms', '16 panels echo p99', '≤', 50),
  bound('50 panels with WebGL allowed: contexts lost', '50 panels contexts lost', '≤', 0, 'max'),
  bound('50 panels with WebGL allowed: blank ones', '50 panels blank', '≤', 0, 'max'),
  bound('16 streams from one server process, MiB/s', 'aggregate', '≥', 100),
  bound('16 streams: furthest from the mean, %', 'aggregate unfairness', '≤', 5),
  bound('bundle of a working panel, kB gzip', 'bundle', '≤', 20, 'max'),
]
