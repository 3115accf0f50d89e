/** What sessions cost the server: many that do nothing, and some that flood. */
import { join } from 'node:path'
import { startClients } from './clients.ts'
import { writePayload } from './payloads.ts'
import { figure, mib, MiB, spread, type Result } from './report.ts'
import type { Usage } from './server.ts'
import { sleep, type Stage } from './stage.ts'

const KiB = 1024
/** Before the idle server is measured: everything is compiled, and what there is once for all sessions is there. */
const WARM = 20
/** Less than the silence after which the first ping goes out, the time to open all sessions aside. */
const QUIET_MS = 10_000
/** In this each end pings once. */
const BEAT_MS = 20_000

export async function memory(stage: Stage): Promise<Result> {
  const sessions = stage.scale.quick ? 100 : 500
  const many = await stage.scene((scene) => manySessions(scene, sessions))
  const folder = stage.folder()
  await writePayload(folder, 'ascii', 1 / 4)
  const cat = `while :; do cat ${join(folder, 'ascii.lf')}; done`
  const floods: Flood[] = []
  for (const [streams, command] of [
    [1, 'yes'],
    [1, cat],
    [8, 'yes'],
    [8, cat],
  ] as const)
    floods.push(await stage.scene((scene) => floodedBy(scene, streams, command)))
  const perSession = (many.full.rss - many.idle.rss) / sessions
  const onHeap = (many.full.heapUsed + many.full.arrayBuffers - many.idle.heapUsed - many.idle.arrayBuffers) / sessions
  const worst = Math.max(...floods.filter(({ streams }) => streams === 1).map(({ rss }) => rss.max))
  return {
    method: `${sessions} headless clients on the echo backend, RSS of the server process after collections, ${WARM} of them warmed up before; its processor time in ${QUIET_MS / 1000} s without a heartbeat, and in the ${BEAT_MS / 1000} s after that, in which both ends ping each other once. Floods: headless clients in a process of their own that take everything at once, on PTYs, 10 s; the largest RSS of each second above the same fresh server with its idle shells.`,
    rows: [
      {
        name: 'RSS an idle session',
        value: `${(perSession / KiB).toFixed(1)} KiB`,
        goal: '≤ 40 KiB',
        met: perSession <= 40 * KiB,
      },
      { name: 'of it on the heap and in buffers', value: `${(onHeap / KiB).toFixed(1)} KiB` },
      {
        name: `processor of ${sessions} idle sessions`,
        value: `${many.quietMs.toFixed(0)} ms in 10 s (${many.emptyMs.toFixed(0)} ms with ${WARM} of them)`,
      },
      { name: `processor of their heartbeats`, value: `${many.beatMs.toFixed(0)} ms in 20 s` },
      ...floods.map(({ streams, command, rss, held, rate }) => ({
        name: `${streams} × ${command === 'yes' ? 'yes' : 'cat'}: RSS above idle`,
        value: `${mib(rss.max)} (median ${mib(rss.median)}), replay ${mib(held)}, ${mib(rate)}/s`,
        ...(streams === 1 && { goal: '≤ 16 MiB', met: rss.max <= 16 * MiB }),
      })),
    ],
    figures: [
      figure('one flood memory', 'MiB', [worst / MiB]),
      figure('idle session', 'KiB', [perSession / KiB]),
      figure('idle processor', 'ms', [Math.max(0, many.quietMs - many.emptyMs)]),
    ],
    raw: { sessions, many, floods },
  }
}

async function manySessions(stage: Stage, sessions: number) {
  const server = await stage.server({ backend: 'echo' })
  const clients = await startClients(stage, server.url)
  const processor = async (ms: number): Promise<number> => {
    const before = await server.usage()
    await sleep(ms)
    return (await server.usage()).cpuMs - before.cpuMs
  }
  await clients.ask({ to: 'open', kind: 'page', count: WARM, name: 'warm' })
  await sleep(500)
  const emptyMs = await processor(QUIET_MS)
  const idle = await server.collect()
  await clients.ask({ to: 'open', kind: 'page', count: sessions, name: 'idle' })
  stage.note(`${sessions} idle sessions`)
  await sleep(1000)
  const full = await server.collect()
  if (full.stats.attached !== sessions + WARM) throw new Error(`${full.stats.attached} sessions are attached.`)
  const quietMs = await processor(QUIET_MS)
  const beatMs = await processor(BEAT_MS)
  return { idle, full, emptyMs, quietMs, beatMs }
}

interface Flood {
  readonly streams: number
  readonly command: string
  readonly rss: ReturnType<typeof spread>
  /** Bytes for replay, at most. */
  readonly held: number
  /** Bytes a second, all together. */
  readonly rate: number
  readonly samples: readonly Usage[]
}

async function floodedBy(stage: Stage, streams: number, command: string): Promise<Flood> {
  const server = await stage.server({ backend: 'pty' })
  const clients = await startClients(stage, server.url)
  await clients.ask({ to: 'open', kind: 'page', count: streams, name: 'flood' })
  await sleep(500)
  const idle = await server.collect()
  const began = await clients.ask({ to: 'type', name: 'flood', text: `${command}\r` })
  stage.note(`${streams} × ${command}`)
  const samples: Usage[] = []
  for (let i = 0; i < 10; i++) {
    await sleep(1000)
    samples.push(await server.usage())
  }
  const { bytes, at } = await clients.ask({ to: 'count', name: 'flood' })
  return {
    streams,
    command,
    rss: spread(samples.map(({ rss }) => rss - idle.rss)),
    held: Math.max(...samples.map(({ stats }) => stats.held)),
    rate: (bytes.reduce((sum, one) => sum + one, 0) / (at - began.at)) * 1000,
    samples,
  }
}
