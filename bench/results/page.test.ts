/** The committed result page is what the committed figures say. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { figure } from '../report.ts'
import { svg } from './chart.ts'
import { finder, type Measured } from './find.ts'
import { judge } from './goals.ts'
import { wordsOf } from './page.ts'
import { FIGURES, pageOf } from './write.ts'

const docs = join(import.meta.dirname, '../../docs')
const committed = JSON.parse(readFileSync(FIGURES, 'utf8')) as readonly Measured[] // the test below reads what it wrote

test('docs/performance.md and its charts are rendered from docs/performance/figures.json', async () => {
  const files = await pageOf(committed)
  for (const [path, text] of files) expect(readFileSync(join(docs, path), 'utf8'), path).toBe(text)
  const charts = readdirSync(join(docs, 'performance')).filter((name) => name.endsWith('.svg'))
  expect(charts.map((name) => `performance/${name}`).toSorted()).toEqual(
    [...files.keys()].filter((path) => path.endsWith('.svg')).toSorted(),
  )
})

test('says nothing of the folders of whoever measured', () => {
  expect(readFileSync(FIGURES, 'utf8')).not.toMatch(/\/(tmp|home|root|work)\//)
})

const measuredOf = (...figures: Measured['figures']): Measured => ({
  name: 'made up',
  environment: { at: '', scale: { quick: false, rounds: 5, seconds: 60 } },
  method: '',
  rows: [],
  figures,
})

const verdicts = (...figures: Measured['figures']) => judge(finder([measuredOf(...figures)]))

describe('a goal', () => {
  test('against somebody else is judged by the ratio of the medians', () => {
    const [ours, slower] = [figure('throughput ascii', 'MiB/s', [20, 21, 22]), [19, 20, 22]] as const
    const of = (values: readonly number[]) =>
      verdicts(ours, figure('throughput ascii', 'MiB/s', values, 'attach')).find((one) => one.goal.includes('addon-attach'))
    expect(of(slower)).toMatchObject({ met: true, ratio: '1.05 (0.91 to 1.16)' })
    expect(of([20, 21, 22])).toMatchObject({ met: false })
  })

  test('is neither met nor missed where the other was not there', () => {
    const [one] = verdicts(figure('throughput cjk', 'MiB/s', [9])).filter((one) => one.other.includes('ghostty'))
    expect(one).toMatchObject({ met: null, ours: '9 MiB/s' })
  })

  test('with a worst case is judged by the worst round', () => {
    const of = (values: readonly number[]) =>
      verdicts(figure('flood stop', 'ms', values)).find((one) => one.metric === 'flood stops after Ctrl-C, worst, ms')
    expect(of([10, 10, 149])).toMatchObject({ met: true, ours: '149 ms' })
    expect(of([10, 10, 151])).toMatchObject({ met: false })
  })

  test('is missed by a measurement that was given up', () => {
    const given = { ...figure('flood echo p50', 'ms', [10]), atLeast: true }
    expect(verdicts(given).find((one) => one.metric === 'echo under flood, p50, ms')).toMatchObject({
      met: false,
      ours: '≥ 10 ms',
    })
  })
})

test('the words of people are found by the heading they stand under', () => {
  const words = wordsOf('Ignored.\n\n## goals\n\nWhy.\n\n* One\n\n## noise\n\nBecause.\n')
  expect([...words]).toEqual([
    ['goals', 'Why.\n\n* One'],
    ['noise', 'Because.'],
  ])
})

test('a bar is as long as its value, also where lengths are powers', () => {
  const bar = (value: number) => ({ label: 'a <b>', value, min: value, max: value, atLeast: false, ours: false })
  const of = (logarithmic: boolean) => {
    const drawn = svg({ title: 't', unit: 'ms', logarithmic, groups: [{ name: '', bars: [bar(100), bar(10)] }] })
    expect(drawn).toContain('a &lt;b>')
    return [...drawn.matchAll(/class="bar"[^>]* width="([\d.]+)"/g)].map(([, width]) => Number(width))
  }
  const [hundred = 0, ten = 0] = of(false)
  expect(hundred / ten).toBeCloseTo(10, 1)
  const [long = 0, short = 0] = of(true)
  // Half a power stands before the least.
  expect(long / short).toBeCloseTo(1.5 / 0.5, 1)
})
