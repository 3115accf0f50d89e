/** Throughput of the payloads through a PTY, socket and page, for every contender, beside the emulator's parser alone. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { CONTENDERS, panelSize, present, prompted, turns, visit, type Visit } from './contenders.ts'
import type { ContenderName } from './page/contender.tsx'
import { writePayload, type PayloadName } from './payloads.ts'
import { figure, MiB, mib, range, type Figure, type Result, type Row } from './report.ts'
import { sleep, type Stage } from './stage.ts'

const WHO: readonly ContenderName[] = ['parser', 'ours', 'attach', 'vscode', 'reactXtermjs', 'wterm', 'ghostty', 'ttyd']
/** Stands behind each payload and in none: an emulator draws nothing for it. */
const END = 0x01
/** Printed before each payload, so that everything is compiled. */
const WARM_UP_BYTES = 2 * MiB
const LIMIT_MS = 60_000
const NAMES: readonly PayloadName[] = ['ascii', 'colour', 'cjk']

interface Run {
  readonly who: ContenderName
  readonly payload: PayloadName
  readonly bytes: number
  /** Null: it was not over within the limit, or bytes of it were thrown away. */
  readonly ms: number | null
}

export async function throughput(stage: Stage): Promise<Result> {
  const payloads = await writePayloads(stage, stage.scale.quick ? 1 / 8 : 1)
  const names = present(WHO, stage)
  const size = await panelSize(stage)
  const runs: Run[] = []
  for (const { round, who } of turns(names, stage.scale.rounds)) {
    const all = await visit(stage, { who, size, payloads: payloads.folder }, async (visit) => {
      if (who !== 'parser') await prompted(visit)
      const own: Run[] = []
      for (const { name, bytes } of payloads.files) {
        const file = join(payloads.folder, name)
        own.push({ who, payload: name, bytes, ms: await (who === 'parser' ? parse(visit, name) : print(visit, file)) })
      }
      return own
    })
    runs.push(...all)
    for (const run of all)
      if (run.ms === null) stage.note(`${CONTENDERS[who].title}: ${run.payload} did not come whole in ${LIMIT_MS / 1000} s`)
    if (who === names.at(-1)) stage.note(`round ${round + 1} of ${stage.scale.rounds}`)
  }
  const figures = payloads.files.flatMap(({ name }) =>
    names.flatMap((who) => {
      const rates = runs.filter((run) => run.who === who && run.payload === name).flatMap(rate)
      return rates.length > 0 ? [figure(`throughput ${name}`, 'MiB/s', rates, who)] : []
    }),
  )
  return {
    method: `${payloads.files.map(({ name, bytes }) => `${name} ${mib(bytes)}`).join(', ')}, ${stage.scale.rounds} rounds; each contender in turn gets a fresh server process, browser and shell (${size.cols} columns, ${size.rows} rows, DOM or the contender’s own renderer). cat on a PTY, from Enter until the last byte has been parsed, each after ${mib(WARM_UP_BYTES)} of the same. The parser alone: the emulator's synchronous write from memory, 10 ms a task.`,
    rows: figures.map((one) => rowOf(one, figures)),
    figures,
    raw: { size, runs },
  }
}

async function writePayloads(stage: Stage, share: number) {
  const folder = stage.folder()
  const files: { name: PayloadName; bytes: number }[] = []
  for (const name of NAMES) {
    await writePayload(folder, name, share)
    files.push({ name, bytes: (await stat(join(folder, name))).size })
  }
  return { folder, files }
}

const rate = ({ ms, bytes }: Run): readonly number[] => (ms === null ? [] : [(bytes / MiB / ms) * 1000])

const speed = (value: number): string => `${value.toFixed(1)} MiB/s`

function rowOf(one: Figure, all: readonly Figure[]): Row {
  const name = `${one.metric.replace('throughput ', '')}: ${CONTENDERS[one.contender as ContenderName].title}` // made above
  const ours = all.find((other) => other.metric === one.metric && other.contender === 'ours')
  const factor = ours === undefined || one === ours ? '' : `, ours is × ${(ours.median / one.median).toFixed(2)}`
  return { name, value: range(one, speed) + factor }
}

async function parse({ ask }: Visit, payload: string): Promise<number> {
  await ask((contender, [payload, most]) => contender.print(payload, most), [payload, WARM_UP_BYTES] as const)
  await sleep(200)
  return ask((contender, payload) => contender.print(payload, 1e12), payload)
}

/** Prints a file, from Enter to its last byte parsed. */
async function print(visit: Visit, file: string): Promise<number | null> {
  await ended(visit, `head -c ${WARM_UP_BYTES} ${file}.lf`)
  // Garbage of the warm-up is not the payload's.
  await sleep(200)
  return ended(visit, `cat ${file}.lf`)
}

function ended({ ask }: Visit, command: string): Promise<number | null> {
  return ask(
    async (contender, [command, end, limitMs]) => {
      const before = contender.amounts()
      const done = contender.mark(end, limitMs)
      contender.type(`${command}; printf '\\001'\r`)
      const mark = await done
      return mark === null || contender.amounts().dropped > before.dropped ? null : mark.parsedAt - before.at
    },
    [command, END, LIMIT_MS] as const,
  )
}
