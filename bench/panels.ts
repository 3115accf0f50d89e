/** Many panels in one page: frames, echo and fairness while all of them are flooded, and who draws fifty of them. */
import type { Page } from 'playwright'
import type { PanelEcho, PanelsPage } from './page/panels.tsx'
import { figure, mib, ms, percentile, spread, type Figure, type Result, type Row } from './report.ts'
import { softwareWebGL } from './softwareWebGL.ts'
import { sleep, type Stage } from './stage.ts'
import { openUnwatched } from './unwatched.ts'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXZ'
const VIEW = { width: 1280, height: 900 }
/** How many panels, and how many of them side by side. */
const FLOODED = [
  { count: 1, across: 1 },
  { count: 4, across: 2 },
  { count: 16, across: 4 },
] as const
const WARM_UP_MS = 2500
const KEY_EVERY_MS = 90

interface Flooded {
  readonly count: number
  readonly framesPerS: number
  readonly worstGapMs: number
  readonly echoes: readonly PanelEcho[]
  readonly waiting: number
  readonly bytesPerS: readonly number[]
}

export async function panels(stage: Stage): Promise<Result> {
  const floods: Flooded[] = []
  for (const { count, across } of FLOODED) {
    floods.push(await stage.scene((scene) => flooded(scene, count, across)))
    stage.note(`${count} flooded`)
  }
  const fifty = await stage.scene(fiftyPanels)
  return {
    method: `Panels side by side in a window of ${VIEW.width} × ${VIEW.height}, each with a shell on a PTY in one server process, \`yes\` in all of them; frames are counted while no key is pressed, then real keys go into the first one, which is flooded too: from the key's time stamp until its echo is parsed. Fairness: the slowest of the others against their mean. Fifty panels of 300 pixels, WebGL asked for (drawn in software), scrolled through from top to bottom and back.`,
    rows: [...floods.flatMap(rowsOf), ...rowsOfFifty(fifty)],
    figures: [...figuresOf(floods.at(-1)), ...figuresOfFifty(fifty)],
    raw: { floods, fifty },
  }
}

async function openPanels(stage: Stage, query: Readonly<Record<string, string>>): Promise<Page> {
  const server = await stage.server()
  const browser = await (query['renderer'] === 'webgl' ? softwareWebGL(stage) : stage.browser())
  const page = await browser.newPage({ viewport: VIEW })
  page.on('pageerror', (error) => stage.note(`the page: ${error.message}`))
  await openUnwatched(page, `${server.url}panels.html?${new URLSearchParams(query)}`)
  await page.waitForFunction(`globalThis.panels?.ready() === ${query['count']}`, undefined, { timeout: 60_000 })
  return page
}

async function flooded(stage: Stage, count: number, across: number): Promise<Flooded> {
  const height = Math.floor(VIEW.height / (count / across)) - 4
  const page = await openPanels(stage, { count: `${count}`, across: `${across}`, height: `${height}` })
  await page.locator('.xterm-helper-textarea').first().focus()
  await page.evaluate(`for (let i = 0; i < ${count}; i++) panels.type(i, 'yes\\r')`)
  await sleep(WARM_UP_MS)
  const framesMs = stage.scale.quick ? 3000 : 6000
  const before = await ask(page, (panels) => panels.bytes())
  const gaps = await ask(page, (panels, ms) => panels.frames(ms), framesMs)
  const after = await ask(page, (panels) => panels.bytes())
  await ask(page, (panels) => panels.watchEchoes(true))
  for (let keys = 0; keys < (stage.scale.quick ? 30 : 100); keys++) {
    await page.keyboard.press(LETTERS[keys % LETTERS.length]!)
    await sleep(KEY_EVERY_MS)
  }
  await sleep(500)
  const { echoes, waiting } = await ask(page, (panels) => panels.takeEchoes())
  return {
    count,
    framesPerS: (gaps.length / framesMs) * 1000,
    worstGapMs: Math.max(...gaps),
    echoes,
    waiting,
    bytesPerS: after.map((bytes, index) => ((bytes - (before[index] ?? 0)) / framesMs) * 1000),
  }
}

interface Fifty {
  readonly lost: number
  readonly looks: readonly ReturnType<PanelsPage['look']>[]
}

async function fiftyPanels(stage: Stage): Promise<Fifty> {
  const page = await openPanels(stage, { count: '50', across: '4', height: '300', renderer: 'webgl' })
  const looks: Fifty['looks'][number][] = []
  const bottom = await page.evaluate('document.documentElement.scrollHeight - innerHeight')
  const steps = 8
  for (let step = 0; step <= 2 * steps; step++) {
    const at = step <= steps ? step / steps : 2 - step / steps
    await page.evaluate(`scrollTo(0, ${at * Number(bottom)})`)
    await sleep(600)
    looks.push(await ask(page, (panels) => panels.look()))
  }
  return { lost: await ask(page, (panels) => panels.lost()), looks }
}

/** Calls the page's own functions; `call` goes there as text, so it may use nothing but its arguments. */
function ask<T, A>(page: Page, call: (panels: PanelsPage, argument: A) => T | Promise<T>, argument?: A): Promise<T> {
  // What the function returns there is what comes back.
  return page.evaluate(`(${call.toString()})(globalThis.panels, ${JSON.stringify(argument ?? null)})`) as Promise<T>
}

const fairness = ({ bytesPerS }: Flooded): number => {
  const others = bytesPerS.slice(1)
  return others.length === 0 ? 1 : Math.min(...others) / (others.reduce((sum, one) => sum + one, 0) / others.length)
}

function rowsOf(flood: Flooded): Row[] {
  const { count, framesPerS, worstGapMs, echoes, waiting, bytesPerS } = flood
  const name = count === 1 ? '1 panel' : `${count} panels`
  const part = (what: keyof PanelEcho, share = 0.5): number =>
    percentile(
      echoes.map((echo) => echo[what]),
      share,
    )
  const [p50, p99] = [part('parsed'), part('parsed', 0.99)]
  const isGoal = count === 16
  return [
    {
      name: `${name}: frames a second`,
      value: framesPerS.toFixed(1),
      ...(isGoal && { goal: '≥ 45', met: framesPerS >= 45 }),
    },
    { name: `${name}: worst frame gap`, value: ms(worstGapMs) },
    { name: `${name}: echo in the focused one p50`, value: ms(p50) },
    { name: `${name}: echo in the focused one p99`, value: ms(p99), ...(isGoal && { goal: '≤ 50 ms', met: p99 <= 50 }) },
    {
      name: `${name}: on the way, p50`,
      value: `handler ${ms(part('seen'))}, received ${ms(part('received'))}, parsed ${ms(p50)}`,
    },
    { name: `${name}: keys without echo`, value: `${waiting} of ${echoes.length + waiting}`, goal: '0', met: waiting === 0 },
    { name: `${name}: output of all`, value: `${mib(bytesPerS.reduce((sum, one) => sum + one, 0))}/s` },
    ...(count === 1
      ? []
      : [
          { name: `${name}: output of the focused one`, value: `${mib(bytesPerS[0] ?? NaN)}/s` },
          { name: `${name}: slowest of the others against their mean`, value: fairness(flood).toFixed(2) },
        ]),
  ]
}

function rowsOfFifty({ lost, looks }: Fifty): Row[] {
  const blank = Math.max(...looks.map((look) => look.blank))
  const drawn = spread(looks.map((look) => look.webgl))
  return [
    { name: '50 panels: WebGL contexts lost', value: `${lost}`, goal: '0', met: lost === 0 },
    { name: '50 panels: blank ones in view', value: `${blank}`, goal: '0', met: blank === 0 },
    {
      name: '50 panels: drawn by WebGL of those in view',
      value: `${drawn.min} to ${drawn.max} of ${Math.max(...looks.map((look) => look.inView))}`,
    },
  ]
}

function figuresOf(flood: Flooded | undefined): Figure[] {
  if (flood === undefined) return []
  const echoes = flood.echoes.map(({ parsed }) => parsed)
  return [
    figure('16 panels frames', '/s', [flood.framesPerS]),
    figure('16 panels echo p50', 'ms', [percentile(echoes, 0.5)]),
    figure('16 panels echo p99', 'ms', [percentile(echoes, 0.99)]),
  ]
}

function figuresOfFifty({ lost, looks }: Fifty): Figure[] {
  return [
    figure('50 panels contexts lost', '', [lost]),
    figure(
      '50 panels blank',
      '',
      looks.map(({ blank }) => blank),
    ),
  ]
}
