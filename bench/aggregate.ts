/** Sixteen streams from one server process: how much in all, how fairly, and what bare sockets reach in the same minute. */
import { join } from 'node:path'
import { startClients, type ClientKind, type Clients } from './clients.ts'
import { writePayload } from './payloads.ts'
import { figure, MiB, percentile, range, spread, type Result, type Row } from './report.ts'
import type { ServerProcess } from './server.ts'
import { sleep, type Stage } from './stage.ts'

const STREAMS = 16
const WARM_UP_MS = 1000
const MEASURED_MS = 3000

interface Run {
  /** Who prints: memory of the server's own process, or programs on PTYs. */
  readonly source: 'memory' | 'PTY'
  readonly kind: ClientKind
  readonly mibPerSecond: number
  /** The furthest stream from the mean, in per cent of it. */
  readonly unfair: number
  readonly serverMsPerMiB: number
  readonly clientMsPerMiB: number
  readonly framesPerMiB: number
}

export async function aggregate(stage: Stage): Promise<Result> {
  const folder = stage.folder()
  await writePayload(folder, 'ascii', 1 / 4)
  const cat = `while :; do cat ${join(folder, 'ascii.lf')}; done`
  const runs: Run[] = []
  for (let round = 0; round < stage.scale.rounds; round++) {
    await stage.scene(async (scene) => {
      const server = await scene.server({ backend: 'source' })
      const clients = await startClients(scene, server.url)
      for (const kind of ['bare', 'wire', 'page'] as const)
        runs.push({ source: 'memory', kind, ...(await measure(server, clients, kind, '')) })
    })
    stage.note(`round ${round + 1} from memory`)
  }
  for (let round = 0; round < Math.min(3, stage.scale.rounds); round++)
    await stage.scene(async (scene) => {
      const server = await scene.server({ backend: 'pty' })
      runs.push({ source: 'PTY', kind: 'page', ...(await measure(server, await startClients(scene, server.url), 'page', cat)) })
    })
  const of = (source: Run['source'], kind: ClientKind): Run[] => runs.filter((run) => run.source === source && run.kind === kind)
  const ours = of('memory', 'page')
  const rates = (some: readonly Run[]): number[] => some.map(({ mibPerSecond }) => mibPerSecond)
  const unfair = (some: readonly Run[]): number[] => some.map((run) => run.unfair)
  const total = spread(rates(ours)).median
  const worst = percentile(unfair(ours), 0.5)
  return {
    method: `${STREAMS} streams from one server process to ${STREAMS} clients in another one, ${MEASURED_MS / 1000} s each after ${WARM_UP_MS / 1000} s, ${stage.scale.rounds} rounds by turns. From memory: programs inside the server that print 32 KiB in each turn of its event loop, unless they are paused. Bare: 64 KiB frames on sockets of the same library without any protocol. Wire: clients that only count and grant a fixed window of 2 MiB. Client: the one of the panel, which takes everything as drawn. From PTYs: ${STREAMS} times cat, where the kernel and the programs need most of the machine.`,
    rows: [
      ...rowsOf('bare sockets', of('memory', 'bare')),
      ...rowsOf('from memory to bare clients of the protocol', of('memory', 'wire')),
      ...rowsOf('from memory to the client', ours),
      { name: 'aggregate', value: `${total.toFixed(0)} MiB/s`, goal: '≥ 100 MiB/s', met: total >= 100 },
      { name: 'furthest from the mean, median of the rounds', value: `${worst.toFixed(1)} %`, goal: '≤ 5 %', met: worst <= 5 },
      ...rowsOf('from PTYs to the client', of('PTY', 'page')),
    ],
    figures: [
      figure('aggregate', 'MiB/s', rates(ours)),
      figure('aggregate', 'MiB/s', rates(of('memory', 'bare')), 'floor'),
      figure('aggregate', 'MiB/s', rates(of('PTY', 'page')), 'ours', 'PTY'),
      figure('aggregate unfairness', '%', unfair(ours)),
      figure('aggregate unfairness', '%', unfair(of('PTY', 'page')), 'ours', 'PTY'),
    ],
    raw: { runs },
  }
}

function rowsOf(name: string, runs: readonly Run[]): Row[] {
  const median = (key: 'unfair' | 'serverMsPerMiB' | 'clientMsPerMiB' | 'framesPerMiB'): number =>
    spread(runs.map((run) => run[key])).median
  const details = [
    `furthest from the mean ${median('unfair').toFixed(1)} %`,
    `server ${median('serverMsPerMiB').toFixed(2)} and clients ${median('clientMsPerMiB').toFixed(2)} ms/MiB`,
    `${median('framesPerMiB').toFixed(1)} frames a MiB`,
  ]
  const rate = spread(runs.map(({ mibPerSecond }) => mibPerSecond))
  return [{ name, value: `${range(rate, (value) => `${value.toFixed(0)} MiB/s`)}; ${details.join(', ')}` }]
}

async function measure(
  server: ServerProcess,
  clients: Clients,
  kind: ClientKind,
  command: string,
): Promise<Omit<Run, 'source' | 'kind'>> {
  await clients.ask({ to: 'open', kind, count: STREAMS, name: kind })
  await clients.ask({ to: 'type', name: kind, text: `${command}\r` })
  await sleep(WARM_UP_MS)
  const before = { usage: await server.usage(), clients: await clients.ask({ to: 'count', name: kind }) }
  await sleep(MEASURED_MS)
  const after = { usage: await server.usage(), clients: await clients.ask({ to: 'count', name: kind }) }
  await clients.ask({ to: 'drop', name: kind })
  const each = after.clients.bytes.map((bytes, i) => bytes - (before.clients.bytes[i] ?? 0))
  const sum = each.reduce((all, bytes) => all + bytes, 0)
  const mean = sum / each.length
  const size = sum / MiB
  return {
    mibPerSecond: (size / (after.clients.at - before.clients.at)) * 1000,
    unfair: 100 * Math.max(...each.map((bytes) => Math.abs(bytes / mean - 1))),
    serverMsPerMiB: (after.usage.cpuMs - before.usage.cpuMs) / size,
    clientMsPerMiB: (after.clients.cpuMs - before.clients.cpuMs) / size,
    framesPerMiB: (after.clients.frames - before.clients.frames) / size,
  }
}
