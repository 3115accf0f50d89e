/** Idle echo: a key to the terminal and back, against the floor of a bare socket in the same page. */
import type { Echo } from './page/api.ts'
import { figure, ms, percentile, type Figure, type Result } from './report.ts'
import { openTerminal, sleep, type Stage, type TerminalDriver } from './stage.ts'

const KEYS = 25
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXZ'

export async function echo(stage: Stage): Promise<Result> {
  const server = await stage.server()
  const page = await (await stage.browser()).newPage({ viewport: { width: 820, height: 640 } })
  const terminal = await openTerminal(page, server)
  await terminal.ask((bench) => bench.openRaw())
  await terminal.run('true')
  // The terminal itself echoes; the program takes every line and says nothing.
  await terminal.type('cat > /dev/null\r')
  await sleep(300)
  await terminal.ask((bench) => bench.watchEchoes(true))
  const ours: Echo[] = []
  const floor: number[] = []
  const inserting: number[] = []
  /** Milliseconds of the keys of each round. */
  const byRound: { readonly ours: readonly number[]; readonly floor: readonly number[] }[] = []
  const rounds = stage.scale.quick ? 3 : 2 * stage.scale.rounds
  for (let round = -1; round < rounds; round++) {
    await terminal.focus()
    await press(terminal)
    const { echoes, waiting } = await terminal.ask((bench) => bench.takeEchoes())
    if (waiting > 0) throw new Error(`${waiting} keys had no echo 100 ms after the last one.`)
    for (const field of ['#plain', '#inserting']) {
      await page.locator(field).focus()
      await press(terminal)
    }
    const raw = await terminal.ask((bench) => bench.takeRaw())
    if (round < 0) continue // both warm up
    ours.push(...echoes)
    floor.push(...raw.plain)
    inserting.push(...raw.inserting)
    byRound.push({ ours: echoes.map(({ parsed }) => parsed), floor: raw.plain })
  }
  const times = ours.map(({ parsed }) => parsed)
  const part = (name: keyof Echo): string =>
    ms(
      percentile(
        ours.map((one) => one[name]),
        0.5,
      ),
    )
  const [p50, p99, floor50, floor99] = [
    percentile(times, 0.5),
    percentile(times, 0.99),
    percentile(floor, 0.5),
    percentile(floor, 0.99),
  ]
  return {
    method: `Real key events, ${KEYS} at a time by turns into the panel (PTY, echo parsed by the emulator) and into a text field whose socket is echoed by the same server with frames of the same size; and into a second such field that takes the text, for which the browser draws a frame before it delivers anything. ${ours.length} keys each.`,
    rows: [
      { name: 'floor p50', value: ms(floor50) },
      { name: 'floor p99', value: ms(floor99) },
      { name: 'floor with text inserted p50', value: ms(percentile(inserting, 0.5)) },
      { name: 'floor with text inserted p99', value: ms(percentile(inserting, 0.99)) },
      { name: 'echo p50', value: ms(p50), goal: `≤ floor + 0.8 ms = ${ms(floor50 + 0.8)}`, met: p50 <= floor50 + 0.8 },
      { name: 'echo p99', value: ms(p99), goal: `≤ floor + 5 ms = ${ms(floor99 + 5)}`, met: p99 <= floor99 + 5 },
      {
        name: 'on the way, p50',
        value: `handler ${part('seen')}, sent ${part('sent')}, received ${part('received')}, parsed ${part('parsed')}`,
      },
      { name: 'ratio p50', value: (p50 / floor50).toFixed(2) },
      { name: 'ratio p99', value: (p99 / floor99).toFixed(2) },
    ],
    figures: [...figuresOf(byRound, 'floor'), ...figuresOf(byRound, 'ours')],
    raw: { ours, floor, inserting },
  }
}

/** Each round's own p50 and p99. */
function figuresOf(rounds: readonly Readonly<Record<'ours' | 'floor', readonly number[]>>[], whose: 'ours' | 'floor'): Figure[] {
  const of = (share: number): number[] => rounds.map((round) => percentile(round[whose], share))
  return [figure('idle echo p50', 'ms', of(0.5), whose), figure('idle echo p99', 'ms', of(0.99), whose)]
}

async function press({ page }: TerminalDriver): Promise<void> {
  for (let i = 0; i < KEYS; i++) {
    await page.keyboard.press(LETTERS[i]!)
    await sleep(30)
  }
  await sleep(100)
}
