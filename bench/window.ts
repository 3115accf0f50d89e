/** Fixed windows beside the one that adapts: throughput and the echo of a key in a flood, near, far, and with a slow processor. */
import { startLink } from './link.ts'
import { figure, mib, ms, percentile, type Figure, type Result, type Row } from './report.ts'
import { DOLLAR, openTerminal, sleep, type Stage, type TerminalDriver } from './stage.ts'

const KiB = 1024
/** Bytes; null adapts. */
const WINDOWS = [32, 64, 128, 256, 1024, null].map((size) => (size === null ? null : size * KiB))
const PLACES = [
  { variant: '', roundTripMs: 0, slowdown: 1 },
  { variant: 'slow', roundTripMs: 0, slowdown: 4 },
  { variant: '20 ms', roundTripMs: 20, slowdown: 1 },
  { variant: '80 ms', roundTripMs: 80, slowdown: 1 },
  { variant: '150 ms', roundTripMs: 150, slowdown: 1 },
] as const
/** The window finds its size, and everything is compiled. */
const SETTLE_MS = 4000
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXZ'

interface Measured {
  readonly rate: number
  readonly echoes: readonly number[]
  readonly stopMs: number
  readonly windowSize: number
}

export async function window(stage: Stage): Promise<Result> {
  const { quick } = stage.scale
  const server = await stage.server()
  const browser = await stage.browser()
  const figures: Figure[] = []
  const rows: Row[] = []
  for (const { variant, roundTripMs, slowdown } of quick ? PLACES.slice(0, 2) : PLACES) {
    const link = await startLink({ to: Number(new URL(server.url).port), roundTripMs })
    stage.later(() => link.close())
    const sizes = quick ? WINDOWS.filter((size) => size === null || (size >= 64 * KiB && size <= 256 * KiB)) : WINDOWS
    const found = new Map<number | null, Measured[]>(sizes.map((size) => [size, []]))
    for (let round = 0; round < (quick ? 1 : 3); round++) {
      for (const size of sizes) {
        stage.note(`${nameOf(size)}, ${variant || 'near'}`)
        const page = await browser.newPage({ viewport: { width: 820, height: 640 } })
        const query = { id: `window-${variant}-${size}-${round}`, ...(size === null ? {} : { window: String(size) }) }
        const terminal = await openTerminal(page, { ...server, url: link.through(server.url) }, query)
        if (slowdown > 1) {
          const cdp = await page.context().newCDPSession(page)
          await cdp.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
        }
        found.get(size)?.push(await measure(terminal, quick ? 3000 : 4000))
        await page.close()
      }
    }
    for (const [size, all] of found) {
      const rates = all.map(({ rate }) => rate)
      const echoes = all.flatMap((one) => one.echoes)
      const name = `${variant || 'near'}, ${nameOf(size)}`
      rows.push({
        name,
        value: `${rates.map((rate) => mib(rate)).join(' ')} /s, echo ${ms(percentile(echoes, 0.5))} p50 ${ms(percentile(echoes, 0.99))} p99, Ctrl-C ${all.map(({ stopMs }) => ms(stopMs)).join(' ')}, window ${all.map(({ windowSize }) => Math.round(windowSize / KiB)).join(' ')} KiB`,
      })
      figures.push(
        figure(
          'window throughput',
          'MiB/s',
          rates.map((rate) => rate / 2 ** 20),
          nameOf(size),
          variant,
        ),
      )
      figures.push(figure('window echo', 'ms', echoes, nameOf(size), variant))
    }
  }
  return { method: METHOD, rows, figures, raw: figures }
}

const METHOD =
  'One panel, `yes` on a PTY behind a link of that round trip (0 goes through the link as well), a page of its own for each window, in turns. 4 s to settle, then a letter every 60 to 120 ms, each timed until its echo is parsed; then Ctrl-C until the prompt is.'

function nameOf(size: number | null): string {
  return size === null ? 'adapts' : `${size / KiB} KiB`
}

async function measure(terminal: TerminalDriver, forMs: number): Promise<Measured> {
  const { keyboard } = terminal.page
  await terminal.run('true')
  await sleep(500)
  await terminal.type('yes\r')
  await sleep(SETTLE_MS)
  await terminal.ask((bench) => bench.watchEchoes(true))
  const before = await terminal.ask((bench) => ({ bytes: bench.counts().bytes, at: performance.now() }))
  const since = performance.now()
  for (let key = 0; performance.now() - since < forMs; key++) {
    await keyboard.press(LETTERS[key % LETTERS.length]!)
    // Not in step with frames, nor with the parser's turns.
    await sleep(60 + ((key * 37) % 60))
  }
  const after = await terminal.ask((bench) => ({ bytes: bench.counts().bytes, at: performance.now() }))
  await sleep(500)
  const { echoes } = await terminal.ask((bench) => bench.takeEchoes())
  const windowSize = (await terminal.ask((bench) => bench.stats())).outputWindow
  const prompt = terminal.ask((bench, byte) => bench.mark(byte), DOLLAR)
  await keyboard.press('Control+c')
  const { parsedAt } = await prompt
  const stopMs = parsedAt - (await terminal.ask((bench) => bench.lastKeyAt()))
  const rate = ((after.bytes - before.bytes) / (after.at - before.at)) * 1000
  return { rate, echoes: echoes.map(({ parsed }) => parsed), stopMs, windowSize }
}
