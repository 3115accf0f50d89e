/** `yes` without end: does the page stay flat, does a key come back, and does Ctrl-C stop it. */
import type { Echo } from './page/api.ts'
import { figure, mib, MiB, ms, percentile, range, slope, spread, type Result, type Row } from './report.ts'
import { DOLLAR, heap, openTerminal, sleep, type Stage, type TerminalDriver } from './stage.ts'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXZ'
/** Everything is compiled, the scrollback is full, and the server's young generation has its size. */
const WARM_UP_MS = 8000
/** Between two collections of the page's garbage, each of which holds the page up. */
const COLLECT_S = 10
/** Shorter floods say nothing about a slope. */
const LONG_ENOUGH_S = 40
const STOPS = 10

export async function flood(stage: Stage): Promise<Result> {
  const { seconds, quick } = stage.scale
  const server = await stage.server()
  const browser = await stage.browser()
  const page = await browser.newPage({ viewport: { width: 820, height: 640 } })
  const terminal = await openTerminal(page, server)
  const cdp = await page.context().newCDPSession(page)
  await terminal.run('true')
  await sleep(1000)
  const fresh = await server.collect()
  stage.note('warming up')
  await terminal.type('yes\r')
  await sleep(WARM_UP_MS)
  await stop(terminal)
  await sleep(2000)
  const idle = await server.collect()

  stage.note(`yes for ${seconds} s, a key every 120 ms`)
  await terminal.ask((bench) => bench.watchEchoes(true))
  const before = await terminal.ask((bench) => bench.counts())
  const { reconnects } = await terminal.ask((bench) => bench.stats())
  await terminal.type('yes\r')
  await sleep(100)
  await terminal.ask((bench) => bench.takeLongestQuiet())
  const since = performance.now()
  const elapsed = (): number => (performance.now() - since) / 1000
  const heaps: (readonly [number, number])[] = []
  const servers: { s: number; rss: number; held: number; heapUsed: number; arrayBuffers: number }[] = []
  const windows: number[] = []
  let collected: (readonly [number, number])[] = []
  for (let keys = 0, nextSample = 1; elapsed() < seconds; keys++) {
    await page.keyboard.press(LETTERS[keys % LETTERS.length]!)
    await sleep(120)
    if (elapsed() < nextSample) continue
    nextSample++
    heaps.push([elapsed(), await heap(cdp)])
    const { rss, heapUsed, arrayBuffers, stats } = await server.usage()
    servers.push({ s: elapsed(), rss, heapUsed, arrayBuffers, held: stats.held })
    windows.push((await terminal.ask((bench) => bench.stats())).outputWindow)
    if (nextSample % COLLECT_S === 0) collected = [...collected, [elapsed(), await heap(cdp, true)]]
  }
  const total = elapsed()
  const after = await terminal.ask((bench) => bench.counts())
  const stall = await terminal.ask((bench) => bench.takeLongestQuiet())
  const drops = (await terminal.ask((bench) => bench.stats())).reconnects - reconnects
  const busy = await server.usage()
  const echoes = await terminal.ask((bench) => bench.takeEchoes())
  await terminal.ask((bench) => bench.watchEchoes(false))

  stage.note('frames, without keys')
  const frames = await terminal.ask((bench) => bench.frames(4000))
  stage.note('Ctrl-C')
  const stops = [await stop(terminal)]
  for (let i = 1; i < (quick ? 5 : STOPS); i++) {
    await terminal.type('yes\r')
    await sleep(1000)
    stops.push(await stop(terminal))
  }
  await sleep(1500)
  const quiet = await server.collect()

  const bytes = after.bytes - before.bytes
  const growth = collected.length < 2 ? NaN : slope(collected) * 60
  const isLong = seconds >= LONG_ENOUGH_S
  const flat = isLong ? growth < 2 * MiB : undefined
  const rss = spread(servers.map((sample) => sample.rss - idle.rss))
  const rssFresh = spread(servers.map((sample) => sample.rss - fresh.rss))
  const stopped = spread(stops)
  const rows: Row[] = [
    { name: 'output drawn', value: `${mib(bytes)} in ${total.toFixed(0)} s, ${mib(bytes / total)}/s` },
    {
      name: 'page heap after collection, growth a minute',
      value: Number.isNaN(growth) ? 'not measured' : mib(growth),
      goal: '< 2 MiB',
      met: flat,
    },
    { name: 'page heap with garbage', value: range(spread(heaps.map(([, used]) => used)), mib) },
    { name: 'connections dropped', value: `${drops}`, goal: '0', met: drops === 0 },
    { name: 'longest time without output', value: ms(stall), goal: '≤ 1000 ms', met: stall <= 1000 },
    { name: 'server RSS above idle', value: range(rss, mib), goal: '≤ 16 MiB', met: rss.max <= 16 * MiB },
    { name: 'server RSS above a fresh process', value: range(rssFresh, mib) },
    { name: 'server replay buffer', value: range(spread(servers.map(({ held }) => held)), mib) },
    { name: 'server RSS above idle afterwards', value: mib(quiet.rss - idle.rss) },
    { name: 'server processor', value: `${((busy.cpuMs - idle.cpuMs) / (bytes / 2 ** 20)).toFixed(1)} ms/MiB` },
    { name: 'output frames', value: `${((after.frames - before.frames) / (bytes / 2 ** 20)).toFixed(1)} a MiB` },
    { name: 'flows', value: `${((after.flows - before.flows) / (bytes / 2 ** 20)).toFixed(1)} a MiB` },
    { name: 'output window', value: range(spread(windows), (size) => `${(size / 1024).toFixed(0)} KiB`) },
    ...echoRows(echoes.echoes, echoes.waiting),
    { name: 'frames a second', value: (frames.frames / 4).toFixed(1) },
    { name: 'worst frame gap', value: ms(frames.worstGapMs), goal: '≤ 34 ms', met: frames.worstGapMs <= 34 },
    { name: 'p99 frame gap', value: ms(frames.p99GapMs) },
    { name: 'Ctrl-C until the prompt, median', value: ms(stopped.median), goal: '≤ 20 ms', met: stopped.median <= 20 },
    { name: 'Ctrl-C until the prompt, worst', value: ms(stopped.max), goal: '≤ 150 ms', met: stopped.max <= 150 },
  ]
  const figures = isLong
    ? [
        figure('minute flood drops', '', [drops]),
        figure('minute flood stall', 'ms', [stall]),
        figure('minute flood growth', 'MiB', [growth / MiB]),
      ]
    : []
  const raw = { seconds: total, bytes, heaps, collected, servers, windows, fresh, idle, busy, quiet, echoes, frames, stops }
  return { method: METHOD, rows, figures, raw }
}

const METHOD =
  'One panel, a shell on a PTY, `yes`. Keys are real key events; an echo counts from the event’s time stamp until the emulator has parsed the letter that the terminal echoed into the flood. Ctrl-C likewise until the prompt is parsed. Before it the same for 8 s as a warm-up. Heap: every 10 s after a collection, its slope. RSS: each second, against the same server idle after the warm-up (garbage of a flood keeps a young generation’s size, once for all sessions), and against the fresh process with one idle shell.'

function echoRows(echoes: readonly Echo[], waiting: number): Row[] {
  const times = echoes.map(({ parsed }) => parsed)
  const part = (name: keyof Echo): string =>
    ms(
      percentile(
        echoes.map((one) => one[name]),
        0.5,
      ),
    )
  const [p50, p99, worst] = [percentile(times, 0.5), percentile(times, 0.99), Math.max(...times)]
  return [
    { name: 'echo under flood p50', value: ms(p50), goal: '≤ 20 ms', met: p50 <= 20 },
    { name: 'echo under flood p99', value: ms(p99), goal: '≤ 35 ms', met: p99 <= 35 },
    { name: 'echo under flood worst', value: ms(worst) },
    {
      name: 'on the way, p50',
      value: `handler ${part('seen')}, sent ${part('sent')}, received ${part('received')}, parsed ${part('parsed')}`,
    },
    { name: 'keys without echo', value: `${waiting} of ${times.length + waiting}`, goal: '0', met: waiting === 0 },
  ]
}

/** Presses Ctrl-C; milliseconds until the prompt is parsed. */
async function stop(terminal: TerminalDriver): Promise<number> {
  const prompt = terminal.ask((bench, byte) => bench.mark(byte), DOLLAR)
  await terminal.page.keyboard.press('Control+c')
  const { parsedAt } = await prompt
  return parsedAt - (await terminal.ask((bench) => bench.lastKeyAt()))
}
