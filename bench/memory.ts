/** What sessions cost the server: many that do nothing, and some that flood. */
import { WebSocket } from 'ws'
import { connect } from '../src/client/index.ts'
import type { Connection } from '../src/client/api.ts'
import { mib, spread, type Result } from './report.ts'
import type { ServerProcess, Usage } from './server.ts'
import { sleep, type Stage } from './stage.ts'

const KiB = 1024

export async function memory(stage: Stage): Promise<Result> {
  const sessions = stage.scale.quick ? 100 : 500
  const [idle, quietCpuMs, full] = await manySessions(stage, sessions)
  const floods = [await floodedBy(stage, 1), await floodedBy(stage, 8)]
  const perSession = (full.rss - idle.rss) / sessions
  const heapPerSession = (full.heapUsed + full.arrayBuffers - idle.heapUsed - idle.arrayBuffers) / sessions
  return {
    method: `${sessions} headless clients on the echo backend, RSS of the server process after collections, 20 of them warmed up before. Floods: headless clients that take everything at once, 10 s, the largest RSS of each second above the warmed-up idle server.`,
    rows: [
      {
        name: 'RSS an idle session',
        value: `${(perSession / KiB).toFixed(1)} KiB`,
        goal: '≤ 40 KiB',
        met: perSession <= 40 * KiB,
      },
      { name: 'of it on the heap and in buffers', value: `${(heapPerSession / KiB).toFixed(1)} KiB` },
      { name: `processor of ${sessions} idle sessions`, value: `${quietCpuMs.toFixed(0)} ms in 10 s` },
      ...floods.map(({ streams, rss, held }) => ({
        name: `${streams} flooding: RSS above idle a session`,
        value: `${mib(rss.max / streams)} (median ${mib(rss.median / streams)}, replay ${mib(held / streams)})`,
        goal: '≤ 8 MiB',
        met: rss.max / streams <= 8 * KiB * KiB,
      })),
    ],
    raw: { sessions, idle, full, floods },
  }
}

async function manySessions(stage: Stage, sessions: number): Promise<readonly [Usage, number, Usage]> {
  const server = await stage.server({ backend: 'echo' })
  const clients = new Clients(server)
  stage.later(() => clients.close())
  await clients.open(20, 'warm')
  await sleep(500)
  const idle = await server.collect()
  await clients.open(sessions, 'idle')
  stage.note(`${sessions} idle sessions`)
  await sleep(1000)
  const full = await server.collect()
  if (full.stats.attached !== sessions + 20) throw new Error(`${full.stats.attached} sessions are attached.`)
  const before = await server.usage()
  await sleep(10_000)
  const after = await server.usage()
  await clients.close()
  return [idle, after.cpuMs - before.cpuMs, full]
}

async function floodedBy(stage: Stage, streams: number) {
  const server = await stage.server({ backend: 'pty' })
  const clients = new Clients(server)
  stage.later(() => clients.close())
  await clients.open(streams, 'flood')
  await sleep(500)
  const idle = await server.collect()
  clients.type('yes\r')
  stage.note(`${streams} flooding`)
  const samples: Usage[] = []
  for (let i = 0; i < 10; i++) {
    await sleep(1000)
    samples.push(await server.usage())
  }
  await clients.close()
  return {
    streams,
    rss: spread(samples.map(({ rss }) => rss - idle.rss)),
    held: Math.max(...samples.map(({ stats }) => stats.held)),
    samples,
  }
}

/** Headless clients that draw everything as soon as it comes. */
class Clients {
  readonly #server: ServerProcess
  #connections: Connection[] = []
  #write: ((text: string) => void)[] = []

  constructor(server: ServerProcess) {
    this.#server = server
  }

  /** Opens them a few at a time; resolves when all are ready. */
  async open(count: number, name: string): Promise<void> {
    for (let i = 0; i < count; i += 20)
      await Promise.all(Array.from({ length: Math.min(20, count - i) }, (_, j) => this.#open(`${name}-${i + j}`)))
  }

  #open(allocationId: string): Promise<void> {
    const { url } = this.#server
    const origin = new URL(url).origin
    class OwnSocket extends WebSocket {
      constructor(address: string, protocol: string) {
        super(address, protocol, { origin })
      }
    }
    const connection = connect({
      allocationId,
      storage: 'none',
      WebSocket: OwnSocket,
      async requestToken({ allocation }) {
        const path = `${url}api/v1/allocations/${allocation}/terminal-token`
        const response = await fetch(path, {
          method: 'POST',
          headers: { origin, 'content-type': 'application/json' },
          body: '{}',
        })
        // Our own server answers.
        const { token } = (await response.json()) as { token: string }
        return { ok: true, token, url: `${url.replace('http', 'ws')}ws/terminal/${allocation}` }
      },
    })
    this.#connections.push(connection)
    const channel = connection.open()
    channel.on('data', ({ end }) => channel.consumed(end))
    this.#write.push((text) => channel.write(text))
    return new Promise((resolve) => channel.on('ready', () => resolve()))
  }

  type(text: string): void {
    for (const write of this.#write) write(text)
  }

  async close(): Promise<void> {
    for (const connection of this.#connections) connection.disconnect()
    for (const connection of this.#connections) connection.dispose()
    this.#connections = []
    await sleep(200)
  }
}
