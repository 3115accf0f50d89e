/** Cuts the TCP connection again and again while the network itself is fine: how long the terminal is away, and what is lost. */
import { figure, ms, percentile, range, spread, type Result } from './report.ts'
import { openTerminal, sleep, type Stage, type TerminalDriver } from './stage.ts'
import { startLink, type Link } from './link.ts'
import type { ServerProcess } from './server.ts'

/** Connections count as lasting after this, so that the first try goes at once as it does after ten seconds. */
const LASTING_MS = 100
const BETWEEN_MS = 125
const OUTAGE_MS = 2000

export async function reconnect(stage: Stage): Promise<Result> {
  const cuts = stage.scale.quick ? 20 : 500
  const server = await stage.server({ backend: 'echo' })
  const browser = await stage.browser()
  const open = async (id: string) =>
    openTerminal(await browser.newPage({ viewport: { width: 820, height: 640 } }), server, { id, lasting: String(LASTING_MS) })

  const quiet = await open('quiet')
  stage.note(`${cuts} cuts of a quiet terminal`)
  const idle = await cut(quiet, server, cuts)
  await quiet.page.close()

  const busy = await open('busy')
  await busy.ask((bench) => bench.verify('flood'))
  await busy.type('/flood forever\r')
  await sleep(500)
  stage.note(`${cuts} cuts under a flood, every line checked`)
  const flooded = await cut(busy, server, cuts)
  await sleep(300)
  const { items, faults } = await busy.ask((bench) => bench.verified())
  const { missing, reconnects } = await busy.ask((bench) => bench.stats())

  await busy.page.close()

  const link = await startLink({ to: Number(new URL(server.url).port), roundTripMs: 0 })
  stage.later(() => link.close())
  const far = await openTerminal(
    await browser.newPage(),
    { ...server, url: link.through(server.url) },
    { id: 'far', lasting: String(LASTING_MS) },
  )
  const told: number[] = []
  const untold: number[] = []
  stage.note(`${stage.scale.rounds} outages that the browser tells of, and as many that nobody tells of`)
  for (let round = 0; round < stage.scale.rounds; round++) {
    told.push(await outage(far, link, true))
    untold.push(await outage(far, link, false))
  }

  const [quietAway, busyAway] = [spread(idle), spread(flooded)]
  return {
    method: `The server resets the TCP connection ${cuts} times, ${BETWEEN_MS} ms apart; from the moment the client notices until it is ready again (one round trip after the upgrade). A connection counts as lasting after ${LASTING_MS} ms here instead of 10 s, so that the first try is not backed off. Under the flood every line says its own offset. Outages: for ${OUTAGE_MS / 1000} s the port refuses connections; from its return until ready, where the browser goes offline and online with it, and where nobody tells the page.`,
    rows: [
      { name: 'away, quiet', value: range(quietAway, ms), goal: 'median ≤ 30 ms', met: quietAway.median <= 30 },
      { name: 'away, quiet, p99', value: ms(percentile(idle, 0.99)) },
      { name: 'away, under a flood', value: range(busyAway, ms) },
      {
        name: 'outage that the browser tells of',
        value: range(spread(told), ms),
        goal: '≤ 300 ms',
        met: Math.max(...told) <= 300,
      },
      {
        name: 'outage that nobody tells of',
        value: range(spread(untold), ms),
        goal: '≤ 300 ms',
        met: Math.max(...untold) <= 300,
      },
      { name: 'reconnects under the flood', value: `${reconnects}` },
      { name: 'bytes checked', value: `${items * 64}` },
      { name: 'bytes missing', value: `${missing}`, goal: '0', met: missing === 0 },
      { name: 'lines lost or doubled', value: `${faults.length}`, goal: '0', met: faults.length === 0 && items > 0 },
    ],
    figures: [
      figure('reconnect', 'ms', idle),
      figure('reconnect lost bytes', '', [missing + faults.length]),
      figure('reconnect cuts', '', [idle.length + flooded.length]),
      figure('outage', 'ms', told),
      figure('outage', 'ms', untold, 'ours', 'untold'),
    ],
    raw: { told, untold, idle, flooded, items, faults, missing },
  }
}

async function cut(terminal: TerminalDriver, server: ServerProcess, cuts: number): Promise<readonly number[]> {
  await terminal.ask((bench) => bench.takeOutages())
  for (let i = 0; i < cuts; i++) {
    await sleep(BETWEEN_MS)
    await server.cut()
    await terminal.page.waitForFunction(`bench.phase() !== 'ready'`, undefined, { timeout: 2000, polling: 5 }).catch(() => {})
    await terminal.page.waitForFunction(`bench.phase() === 'ready'`)
  }
  return terminal.ask((bench) => bench.takeOutages())
}

/** Milliseconds from the network's return until the terminal is ready, no key pressed. */
async function outage({ page }: TerminalDriver, link: Link, told: boolean): Promise<number> {
  await link.down('refuse')
  if (told) await page.context().setOffline(true)
  await page.waitForFunction(`bench.phase() !== 'ready'`)
  await sleep(OUTAGE_MS)
  await link.up()
  const since = performance.now()
  if (told) await page.context().setOffline(false)
  await page.waitForFunction(`bench.phase() === 'ready'`, undefined, { polling: 5 })
  const away = performance.now() - since
  // The next one begins with a connection that has lasted.
  await sleep(2 * LASTING_MS)
  return away
}
