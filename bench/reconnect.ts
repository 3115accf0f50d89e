/** Cuts the TCP connection again and again while the network itself is fine: how long the terminal is away, and what is lost. */
import { figure, ms, percentile, range, spread, type Result } from './report.ts'
import { openTerminal, sleep, type Stage, type TerminalDriver } from './stage.ts'
import type { ServerProcess } from './server.ts'

/** Connections count as lasting after this, so that the first try goes at once as it does after ten seconds. */
const LASTING_MS = 100
const BETWEEN_MS = 125

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

  const [quietAway, busyAway] = [spread(idle), spread(flooded)]
  return {
    method: `The server resets the TCP connection ${cuts} times, ${BETWEEN_MS} ms apart; from the moment the client notices until it is ready again (one round trip after the upgrade). A connection counts as lasting after ${LASTING_MS} ms here instead of 10 s, so that the first try is not backed off. Under the flood every line says its own offset.`,
    rows: [
      { name: 'away, quiet', value: range(quietAway, ms), goal: 'median ≤ 30 ms', met: quietAway.median <= 30 },
      { name: 'away, quiet, p99', value: ms(percentile(idle, 0.99)) },
      { name: 'away, under a flood', value: range(busyAway, ms) },
      { name: 'reconnects under the flood', value: `${reconnects}` },
      { name: 'bytes checked', value: `${items * 64}` },
      { name: 'bytes missing', value: `${missing}`, goal: '0', met: missing === 0 },
      { name: 'lines lost or doubled', value: `${faults.length}`, goal: '0', met: faults.length === 0 && items > 0 },
    ],
    figures: [
      figure('reconnect', 'ms', idle),
      figure('reconnect lost bytes', '', [missing + faults.length]),
      figure('reconnect cuts', '', [idle.length + flooded.length]),
    ],
    raw: { idle, flooded, items, faults, missing },
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
