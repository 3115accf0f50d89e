/** Many sessions live in one process while one of them floods: what a key of another one waits for. */
import { join } from 'node:path'
import { startClients } from './clients.ts'
import { writePayload } from './payloads.ts'
import { figure, MiB, ms, percentile, type Result, type Row } from './report.ts'
import { sleep, type Stage } from './stage.ts'

const KEYS = 200

export async function many(stage: Stage): Promise<Result> {
  const sessions = stage.scale.quick ? 100 : 500
  const folder = stage.folder()
  await writePayload(folder, 'ascii', 1 / 4)
  const server = await stage.server({ backend: 'mixed' })
  const others = await startClients(stage, server.url)
  const flooded = await startClients(stage, server.url)
  await others.ask({ to: 'open', kind: 'wire', count: sessions - 1, name: 'idle' })
  await flooded.ask({ to: 'open', kind: 'page', count: 1, name: 'shell' })
  stage.note(`${sessions} sessions`)

  const keys = stage.scale.quick ? KEYS / 4 : KEYS
  async function typed() {
    const before = { usage: await server.usage(), flood: await flooded.ask({ to: 'count', name: 'shell' }) }
    const { echoes } = await others.ask({ to: 'echo', name: 'idle', index: 0, keys, everyMs: 20 })
    const after = { usage: await server.usage(), flood: await flooded.ask({ to: 'count', name: 'shell' }) }
    const seconds = (after.flood.at - before.flood.at) / 1000
    return {
      echoes,
      processor: (after.usage.cpuMs - before.usage.cpuMs) / 10 / seconds,
      rate: ((after.flood.bytes[0] ?? 0) - (before.flood.bytes[0] ?? 0)) / MiB / seconds,
    }
  }
  await typed()
  const quiet = await typed()
  const during: Record<string, Awaited<ReturnType<typeof typed>>> = {}
  for (const [name, command] of [
    ['yes', 'yes'],
    ['cat', `while :; do cat ${join(folder, 'ascii.lf')}; done`],
  ] as const) {
    await flooded.ask({ to: 'type', name: 'shell', text: `${command}\r` })
    await sleep(1000)
    during[name] = await typed()
    await flooded.ask({ to: 'type', name: 'shell', text: '\x03' })
    await sleep(500)
    stage.note(`${name} in one of them`)
  }
  const rowOf = (name: string, { echoes, processor, rate }: typeof quiet): Row => ({
    name,
    value: `p50 ${ms(percentile(echoes, 0.5))}, p99 ${ms(percentile(echoes, 0.99))}; server ${processor.toFixed(0)} % of a processor, ${rate.toFixed(1)} MiB/s`,
  })
  return {
    method: `${sessions} sessions of one server process: one shell on a PTY whose client takes everything at once, the others in memory. A key every 20 ms in one of the others, ${keys} times, until its echo is there; the flood's client and the others' are two processes.`,
    rows: [
      rowOf('echo beside nobody', quiet),
      ...Object.entries(during).map(([name, run]) => rowOf(`echo beside a flood of ${name}`, run)),
    ],
    figures: [
      figure('500 sessions echo p50', 'ms', [percentile(quiet.echoes, 0.5)], 'ours', 'quiet'),
      figure('500 sessions echo p99', 'ms', [percentile(quiet.echoes, 0.99)], 'ours', 'quiet'),
      ...Object.entries(during).flatMap(([name, { echoes }]) => [
        figure('500 sessions echo p50', 'ms', [percentile(echoes, 0.5)], 'ours', name),
        figure('500 sessions echo p99', 'ms', [percentile(echoes, 0.99)], 'ours', name),
      ]),
    ],
    raw: { quiet, during },
  }
}
