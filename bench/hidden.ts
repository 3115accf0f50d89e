/** A tab that is really hidden: the program stops once the server keeps all it may, and goes on when the tab is shown again. */
import { launchRealBrowser } from '../e2e/support/browser.ts'
import { mib, ms, MiB, type Result } from './report.ts'
import { DOLLAR, openTerminal, sleep, type Stage } from './stage.ts'

/** What the server keeps at most: unacknowledged output, the tail, and what a paused program had printed before. */
const MOST_KEPT = 4.5 * MiB + 0.5 * MiB

export async function hidden(stage: Stage): Promise<Result> {
  const server = await stage.server()
  const browser = await launchRealBrowser()
  stage.later(() => browser.close())
  const terminal = await openTerminal(await browser.newTab(), server)
  await terminal.run('true')
  await terminal.ask((bench) => bench.verify('seq'))
  await terminal.type('seq 1 100000000\r')
  await sleep(2000)

  const front = await browser.newTab()
  await terminal.page.waitForFunction('document.hidden', undefined, { polling: 50 })
  stage.note('hidden')
  await sleep(3000)
  const early = { usage: await server.usage(), bytes: (await terminal.ask((bench) => bench.counts())).bytes }
  const quietS = stage.scale.quick ? 3 : 10
  await sleep(quietS * 1000)
  const late = { usage: await server.usage(), bytes: (await terminal.ask((bench) => bench.counts())).bytes }

  const shownAt = performance.now()
  await terminal.page.bringToFront()
  await terminal.page.waitForFunction(`bench.counts().bytes > ${late.bytes}`, undefined, { polling: 5 })
  const backMs = performance.now() - shownAt
  stage.note('shown again')
  await sleep(2000)
  const prompt = terminal.ask((bench, byte) => bench.mark(byte), DOLLAR)
  await terminal.focus()
  await terminal.page.keyboard.press('Control+c')
  await prompt
  const { items, faults } = await terminal.ask((bench) => bench.verified())
  const { missing } = await terminal.ask((bench) => bench.stats())
  await front.close()

  const moved = late.bytes - early.bytes
  const grown = late.usage.stats.held - early.usage.stats.held
  const held = late.usage.stats.held
  return {
    method: `Chromium of its own, a second tab in front; seq 1 100000000 on a PTY, every line checked in the page. Looked at 3 s after hiding and ${quietS} s later.`,
    rows: [
      { name: 'output to the hidden page', value: `${moved} bytes`, goal: '0', met: moved === 0 },
      { name: 'server keeps', value: mib(held), goal: `≤ ${mib(MOST_KEPT)}`, met: held <= MOST_KEPT },
      { name: 'program went on', value: `${grown} bytes`, goal: '0', met: grown === 0 },
      { name: 'server processor meanwhile', value: `${(late.usage.cpuMs - early.usage.cpuMs).toFixed(0)} ms in ${quietS} s` },
      { name: 'shown until output comes', value: ms(backMs), goal: '≤ 1000 ms', met: backMs <= 1000 },
      { name: 'lines checked', value: `${items}` },
      { name: 'lines lost or doubled', value: `${faults.length}`, goal: '0', met: faults.length === 0 && items > 0 },
      { name: 'bytes missing', value: `${missing}`, goal: '0', met: missing === 0 },
    ],
    raw: { early, late, backMs, items, faults },
  }
}
