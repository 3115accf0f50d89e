/** From the page's request to the first prompt: our panel beside a bare emulator on a socket, near and far; and what has to be loaded until then. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import type { Browser } from 'playwright'
import { build } from 'vite'
import { firstLoad } from '../scripts/package/firstLoad.ts'
import { DISTANT, PLAIN, type Circumstances } from './contenders.ts'
import { startLink } from './link.ts'
import type { Startup } from './page/startup/watch.ts'
import { figure, ms, range, type Figure, type Result, type Row } from './report.ts'
import type { Stage } from './stage.ts'

const WHO = ['ours', 'attach'] as const
type Who = (typeof WHO)[number]
const TITLES: Readonly<Record<Who, string>> = { ours: 'this package', attach: '@xterm/addon-attach' }
const WHAT = [
  ['first paint', ({ paint, mount }: Startup) => paint - mount],
  ['first prompt', ({ prompt, mount }: Startup) => prompt - mount],
  ['page to first prompt', ({ prompt }: Startup) => prompt],
] as const

interface Run {
  readonly who: Who
  readonly variant: string
  readonly startup: Startup
}

export async function startup(stage: Stage): Promise<Result> {
  const runs: Run[] = []
  const circumstances = [PLAIN, ...DISTANT]
  const folder = await mkdtemp(join(tmpdir(), 'terminal-bench-startup-'))
  stage.later(() => rm(folder, { recursive: true, force: true }))
  for (const who of WHO) await buildAlone(who, folder)
  const server = await stage.server({ page: folder })
  const browser = await stage.browser()
  // The first visit of a browser is another one's.
  for (const who of WHO) await visit(browser, server.url, who)
  for (const circumstance of circumstances) {
    const url = await reach(stage, server.url, circumstance)
    for (let round = 0; round < stage.scale.rounds; round++)
      for (const who of round % 2 === 0 ? WHO : WHO.toReversed())
        runs.push({ who, variant: circumstance.variant, startup: await visit(browser, url, who) })
    stage.note(`round trip of ${circumstance.roundTripMs} ms: done`)
  }
  const figures = WHAT.flatMap(([metric, of]) =>
    circumstances.flatMap(({ variant }) =>
      WHO.map((who) => {
        const mine = runs.filter((run) => run.who === who && run.variant === variant)
        return figure(
          metric,
          'ms',
          mine.map((run) => of(run.startup)),
          who,
          variant,
        )
      }),
    ),
  )
  const load = await loads()
  return {
    method: `A page that is in no cache, built as an app of its own and served uncompressed; ${stage.scale.rounds} rounds in turn, each in a window of its own; a relay on the way delays each direction by half a round trip, files and socket alike, and a TCP connection costs one more. First paint and first prompt: from the moment at which the page makes its terminal until the frame that shows its frame, or the shell’s prompt. ${TITLES.attach} has its emulator in the page’s first file and asks nobody for a token.`,
    rows: [...figures.map(rowOf), ...load.rows],
    figures: [...figures, ...load.figures],
    raw: { runs, load: load.figures },
  }
}

/** A build of its own for each, as an app has it: pages that are built together share their code in many small files. */
async function buildAlone(who: Who, folder: string): Promise<void> {
  const root = join(import.meta.dirname, 'page/startup')
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [react()],
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2022',
      chunkSizeWarningLimit: 4_000,
      rolldownOptions: { input: join(root, `${who}.html`) },
    },
  })
}

async function visit(browser: Browser, url: string, who: Who): Promise<Startup> {
  const page = await browser.newPage({ viewport: { width: 820, height: 640 } })
  await page.goto(`${url}${who}.html?id=${randomUUID()}`, { waitUntil: 'commit' })
  await page.waitForFunction('globalThis.startup !== undefined')
  const startup = await page.evaluate(() => globalThis.startup)
  await page.close()
  if (startup === undefined) throw new Error('The page forgot when it started.')
  return startup
}

async function reach(stage: Stage, url: string, { roundTripMs }: Circumstances): Promise<string> {
  const link = await startLink({ to: Number(new URL(url).port), roundTripMs })
  stage.later(() => link.close())
  return link.through(url)
}

const rowOf = (one: Figure): Row => ({
  name: `${TITLES[one.contender as Who]}: ${one.metric}${one.variant === '' ? '' : `, ${one.variant} round trip`}`, // made above
  value: range(one, ms),
})

/** What has to come through the network, compressed, without React and xterm.js. */
async function loads(): Promise<{ readonly rows: readonly Row[]; readonly figures: readonly Figure[] }> {
  const given = [/^react(?:-dom)?(?:\/|$)/, /^@xterm\//]
  const { gzipped, with: brings } = await firstLoad(`export { TerminalPanel } from '/src/react/index.ts'`, given)
  const kB = [
    ['bundle first paint', gzipped],
    ['bundle', brings('rest', 'library')],
    ['bundle with features', brings('rest', 'library', 'lateSlots')],
  ] as const
  const figures = kB.map(([metric, bytes]) => figure(metric, 'kB', [bytes / 1000]))
  return {
    figures,
    rows: figures.map((one) => ({ name: one.metric, value: `${one.median.toFixed(1)} kB` })),
  }
}
