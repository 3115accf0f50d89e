/** The page of the feeding benchmark: one payload, three ways into an emulator, two renderers. */
import { WebglAddon } from '@xterm/addon-webgl'
import { Terminal } from '@xterm/xterm'
import { createRoot } from 'react-dom/client'
import { Feed, Scheduler } from '../../src/react/feed.ts'
import { TerminalPanel } from '../../src/react/index.ts'
import '../../src/react/styles.css'
import type { Parse } from './api.ts'
import { memoryConnection, type MemoryConnection } from './memoryConnection.ts'
import { gapWatch } from './gaps.ts'

/** `parser`: the emulator's synchronous write. `feed`: the panel's feed. `panel`: the whole panel, focused, every feature on. */
export type FeedingWay = 'parser' | 'feed' | 'panel'
export type Renderer = 'dom' | 'webgl'

export interface FeedingPage {
  run(payload: string, way: FeedingWay, renderer: Renderer): Promise<Parse>
}

/** Of the panel in this page, by measurement: the others get the same. */
const GRID = { cols: 95, rows: 26 }
const BUDGET_MS = 10
const SLICE = 64 * 1024

const payloads = new Map<string, Uint8Array<ArrayBuffer>>()

async function payloadOf(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const known = payloads.get(name)
  if (known !== undefined) return known
  const fetched = new Uint8Array(await (await fetch(`/payload/${name}`)).arrayBuffer())
  payloads.clear()
  payloads.set(name, fetched)
  return fetched
}

interface Sink {
  take(bytes: Uint8Array<ArrayBuffer>): Promise<void>
  dispose(): void
}

const stage = document.querySelector<HTMLElement>('#stage')!

async function bare(renderer: Renderer): Promise<Terminal> {
  const host = document.createElement('div')
  stage.append(host)
  const terminal = new Terminal({ ...GRID, scrollback: 10_000, allowProposedApi: true, logLevel: 'off' })
  terminal.open(host)
  if (renderer === 'webgl') terminal.loadAddon(new WebglAddon())
  terminal.focus()
  return terminal
}

function close(terminal: Terminal): void {
  for (const canvas of stage.querySelectorAll('canvas'))
    canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext()
  terminal.dispose()
  stage.replaceChildren()
}

/** The emulator's own synchronous write, for ten milliseconds a task: nothing queued, nothing acknowledged, no timer. */
async function parser(renderer: Renderer): Promise<Sink> {
  const terminal = await bare(renderer)
  // Not in the public types, because it is only for those who know that no asynchronous handler is registered.
  const { _core: core } = terminal as unknown as { _core: { writeSync(data: Uint8Array): void } }
  return {
    async take(bytes) {
      for (let at = 0; at < bytes.length;) {
        for (const since = performance.now(); at < bytes.length && performance.now() - since < BUDGET_MS; at += SLICE)
          core.writeSync(bytes.subarray(at, at + SLICE))
        await new Promise<void>(hop)
      }
    },
    dispose: () => close(terminal),
  }
}

async function feedAlone(renderer: Renderer): Promise<Sink> {
  const terminal = await bare(renderer)
  const memory = memoryConnection()
  const channel = memory.connection.open()
  const feed = new Feed(new Scheduler({ now: () => performance.now(), hop }), (offset) => channel.consumed(offset))
  feed.attach({ write: (slice, done) => terminal.write(slice, done) })
  channel.on('data', (output) => feed.push(output))
  return {
    take: (bytes) => memory.send(bytes),
    dispose() {
      feed.dispose()
      close(terminal)
    },
  }
}

async function panel(renderer: Renderer): Promise<Sink> {
  const memory: MemoryConnection = memoryConnection()
  const host = document.createElement('div')
  stage.append(host)
  const root = createRoot(host)
  root.render(<TerminalPanel allocationId="feeding" scrollback={10_000} renderer={renderer} connect={() => memory.connection} />)
  await until(() => stage.querySelector('.xterm-helper-textarea') !== null)
  await memory.send(new TextEncoder().encode('$ '))
  stage.querySelector<HTMLElement>('.xterm-helper-textarea')?.focus()
  if (renderer === 'webgl') await until(() => stage.querySelector('.xterm-screen canvas') !== null)
  const size = memory.size()
  if (size?.cols !== GRID.cols || size.rows !== GRID.rows)
    throw new Error(`The panel is ${JSON.stringify(size)}, not ${JSON.stringify(GRID)}.`)
  return {
    take: (bytes) => memory.send(bytes),
    dispose() {
      root.unmount()
      stage.replaceChildren()
    },
  }
}

const WAYS: Readonly<Record<FeedingWay, (renderer: Renderer) => Promise<Sink>>> = { parser, feed: feedAlone, panel }

const { port1, port2 } = new MessageChannel()
const hops: (() => void)[] = []
port1.addEventListener('message', () => hops.shift()?.())
port1.start()
function hop(task: () => void): void {
  hops.push(task)
  port2.postMessage(null)
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 20))
}

const feeding: FeedingPage = {
  async run(payload, way, renderer) {
    const bytes = await payloadOf(payload)
    const sink = await WAYS[way](renderer)
    // What mounting leaves to do is no part of feeding.
    await new Promise((resolve) => setTimeout(resolve, 250))
    const gaps = gapWatch()
    const since = performance.now()
    await sink.take(bytes)
    const ms = performance.now() - since
    const worstGapMs = gaps.stop()
    sink.dispose()
    return { bytes: bytes.length, ms, worstGapMs }
  },
}
Object.assign(globalThis, { feeding })
