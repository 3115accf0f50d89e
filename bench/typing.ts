/** Idle echo of every contender: a real key event, and the letter parsed by the emulator. */
import { CONTENDERS, panelSize, present, prompted, turns, visit } from './contenders.ts'
import type { ContenderName } from './page/contender.tsx'
import { figure, ms, percentile, range, type Figure, type Result } from './report.ts'
import { sleep, type Stage } from './stage.ts'

const WHO: readonly ContenderName[] = ['floor', 'ours', 'attach', 'vscode', 'reactXtermjs', 'wterm', 'ghostty', 'ttyd']
const WARM_UP = 10
const KEYS = 40
/** Different ones, so that no key falls in step with the frames of the screen. */
const betweenMs = (i: number): number => 22 + ((i * 7) % 19)
export const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXZ'

export async function typing(stage: Stage): Promise<Result> {
  const names = present(WHO, stage)
  const size = await panelSize(stage)
  const rounds = new Map<ContenderName, number[][]>(names.map((who) => [who, []]))
  for (const { round, who } of turns(names, stage.scale.rounds)) {
    const times = await visit(stage, { who, size }, async (visit) => {
      if (who !== 'floor') {
        await prompted(visit)
        // The terminal itself echoes; the program takes every line and says nothing.
        await visit.ask((contender) => contender.type('cat > /dev/null\r'))
        await sleep(300)
      }
      await press(visit.page, WARM_UP)
      await visit.ask((contender) => contender.watchKeys())
      await press(visit.page, KEYS)
      await sleep(200)
      const keys = await visit.ask((contender) => contender.keys())
      const silent = keys.filter((key) => !key.answered).length
      if (silent > 0) stage.note(`${CONTENDERS[who].title}: ${silent} of ${keys.length} keys had no echo after 200 ms`)
      return keys.map((key) => key.ms)
    })
    rounds.get(who)?.push(times)
    if (who === names.at(-1)) stage.note(`round ${round + 1} of ${stage.scale.rounds}`)
  }
  const figures = names.flatMap((who) => figuresOf(who, rounds.get(who) ?? []))
  return {
    method: `Real key events, ${KEYS} a round and 22 to 40 ms apart after ${WARM_UP} to warm up, ${stage.scale.rounds} rounds; each contender in turn gets a fresh server process, browser and shell (${size.cols} columns, ${size.rows} rows). From the event’s time stamp until the emulator has parsed the letter that the PTY echoed. The floor is a text field and a bare socket, without PTY and emulator.`,
    rows: figures.map((one) => ({
      name: `${CONTENDERS[one.contender as ContenderName].title}: ${one.metric}`, // made above
      value: range(one, ms),
    })),
    figures,
    raw: { size, rounds: Object.fromEntries(rounds) },
  }
}

function figuresOf(who: ContenderName, rounds: readonly (readonly number[])[]): Figure[] {
  return ([50, 99] as const).map((p) =>
    figure(
      `typing p${p}`,
      'ms',
      rounds.map((times) => percentile(times, p / 100)),
      who,
    ),
  )
}

async function press(page: { keyboard: { press(key: string): Promise<void> } }, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await page.keyboard.press(LETTERS[i % LETTERS.length]!)
    await sleep(betweenMs(i))
  }
}
