/** Feeding the emulator from memory: by its parser alone, by the panel's feed, and by a whole panel with every feature on. */
import type { Page } from 'playwright'
import type { Parse } from './page/api.ts'
import type { FeedingPage, FeedingWay, Renderer } from './page/feeding.tsx'
import { PAYLOADS, writePayload, type PayloadName } from './payloads.ts'
import { figure, MiB, mib, range, spread, type Figure, type Result, type Row } from './report.ts'
import { softwareWebGL } from './softwareWebGL.ts'
import type { Stage } from './stage.ts'
import { openUnwatched } from './unwatched.ts'

const WAYS: readonly FeedingWay[] = ['parser', 'feed', 'panel']
const RENDERERS: readonly Renderer[] = ['dom', 'webgl']
/** A part of each payload is enough: the fastest parser takes a second for it. */
const SHARE = 1 / 2

interface Run extends Parse {
  readonly payload: PayloadName
  readonly way: FeedingWay
  readonly renderer: Renderer
}

export async function feeding(stage: Stage): Promise<Result> {
  const folder = stage.folder()
  const names = Object.keys(PAYLOADS) as PayloadName[] // the keys of a literal
  const share = stage.scale.quick ? SHARE / 2 : SHARE
  for (const name of names) await writePayload(folder, name, name === 'short' ? 1 : share)
  const server = await stage.server({ payloads: folder })
  const runs: Run[] = []
  for (const renderer of RENDERERS) {
    const pages = await openPages(stage, server.url, renderer)
    for (const payload of names) {
      for (let round = -1; round < stage.scale.rounds; round++)
        for (const way of WAYS) {
          const parsed = await run(pages[way], payload, way, renderer)
          // The first round compiles.
          if (round >= 0) runs.push({ payload, way, renderer, ...parsed })
        }
      stage.note(`${renderer}, ${payload}: ${stage.scale.rounds} rounds`)
    }
  }
  return {
    method: `${names.map((name) => `${name} ${mib(PAYLOADS[name].mebibytes * (name === 'short' ? 1 : share) * MiB)}`).join(', ')} from the page's memory, ${stage.scale.rounds} rounds each, the three ways by turns, each in a page of its own: the emulator's synchronous write for 10 ms a task; the panel's feed into the same emulator; a mounted panel with all its features, focused, which also speaks. A median of the rounds' own ratios. WebGL is drawn in software.`,
    rows: RENDERERS.flatMap((renderer) =>
      names.flatMap((payload) =>
        rowsOf(
          runs.filter((one) => one.renderer === renderer && one.payload === payload),
          `${renderer}, ${payload}`,
        ),
      ),
    ),
    figures: RENDERERS.flatMap((renderer) => names.flatMap((payload) => figuresOf(runs, payload, renderer))),
    raw: { runs },
  }
}

/** Each way has a page of its own: what the browser's compiler learns from one is no help or harm to another. */
async function openPages(stage: Stage, url: string, renderer: Renderer): Promise<Readonly<Record<FeedingWay, Page>>> {
  const browser = await (renderer === 'webgl' ? softwareWebGL(stage) : stage.browser())
  const open = async (): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width: 820, height: 640 } })
    page.on('pageerror', (error) => stage.note(`the page: ${error.message}`))
    await openUnwatched(page, `${url}feeding.html`)
    await page.waitForFunction('globalThis.feeding !== undefined')
    return page
  }
  return { parser: await open(), feed: await open(), panel: await open() }
}

async function run(page: Page, payload: string, way: FeedingWay, renderer: Renderer): Promise<Parse> {
  await page.bringToFront()
  return page.evaluate(
    ([payload, way, renderer]) => (globalThis as unknown as { feeding: FeedingPage }).feeding.run(payload, way, renderer), // the page's own
    [payload, way, renderer] as const,
  )
}

function rowsOf(runs: readonly Run[], name: string): Row[] {
  const of = (way: FeedingWay): Run[] => runs.filter((one) => one.way === way)
  const speed = (value: number): string => `${value.toFixed(1)} MiB/s`
  const rate = (way: FeedingWay) => spread(of(way).map(({ bytes, ms }) => (bytes / MiB / ms) * 1000))
  const gap = (way: FeedingWay): number => Math.max(...of(way).map(({ worstGapMs }) => worstGapMs))
  // Both of a round had the machine in the same mood.
  const ratio = (way: FeedingWay) => spread(of(way).map(({ ms }, round) => (of('parser')[round]?.ms ?? NaN) / ms))
  const rows: Row[] = [
    { name: `${name}: parser alone`, value: `${range(rate('parser'), speed)}, worst frame gap ${gap('parser').toFixed(0)} ms` },
  ]
  for (const way of ['feed', 'panel'] as const) {
    const against = ratio(way)
    rows.push(
      { name: `${name}: ${way}`, value: range(rate(way), speed) },
      {
        name: `${name}: ${way} against parser`,
        value: range(against, (value) => value.toFixed(2)),
        goal: '≥ 0.95',
        met: against.median >= 0.95,
      },
      {
        name: `${name}: worst frame gap of the ${way}`,
        value: `${gap(way).toFixed(0)} ms`,
        goal: '≤ 34 ms',
        met: gap(way) <= 34,
      },
    )
  }
  return rows
}

/** Ours is the whole panel, as people use it. */
function figuresOf(runs: readonly Run[], payload: PayloadName, renderer: Renderer): Figure[] {
  const of = (way: FeedingWay): Run[] =>
    runs.filter((one) => one.renderer === renderer && one.payload === payload && one.way === way)
  const rates = (way: FeedingWay): number[] => of(way).map(({ bytes, ms }) => (bytes / MiB / ms) * 1000)
  const gaps = of('panel').map(({ worstGapMs }) => worstGapMs)
  return [
    figure(`feeding ${payload}`, 'MiB/s', rates('parser'), 'parser', renderer),
    figure(`feeding ${payload}`, 'MiB/s', rates('panel'), 'ours', renderer),
    figure(`feeding gap ${payload}`, 'ms', gaps, 'ours', renderer),
  ]
}
