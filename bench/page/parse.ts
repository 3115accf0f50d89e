/** Parses a payload that lies in the page's memory, by the emulator alone and by the panel's feed. */
import { Terminal } from '@xterm/xterm'
import { Feed, Scheduler } from '../../src/react/feed.ts'
import type { Parse } from './api.ts'

const payloads = new Map<string, Uint8Array<ArrayBuffer>>()

async function payloadOf(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const known = payloads.get(name)
  if (known !== undefined) return known
  const fetched = new Uint8Array(await (await fetch(`/payload/${name}`)).arrayBuffer())
  payloads.clear()
  payloads.set(name, fetched)
  return fetched
}

export async function parse(name: string, how: 'parser' | 'feed', size: { cols: number; rows: number }): Promise<Parse> {
  const bytes = await payloadOf(name)
  const host = document.querySelector<HTMLElement>('#bare')
  if (host === null) throw new Error('The page has no element #bare.')
  host.hidden = false
  const terminal = new Terminal({ ...size, scrollback: 10_000, allowProposedApi: true, logLevel: 'off' })
  terminal.open(host)
  const gaps = gapWatch()
  const since = performance.now()
  await (how === 'parser' ? parserAlone(terminal, bytes) : feedAlone(terminal, bytes))
  const ms = performance.now() - since
  terminal.dispose()
  host.hidden = true
  return { bytes: bytes.length, ms, worstGapMs: gaps.stop() }
}

const BUDGET_MS = 10
const SLICE = 64 * 1024
/** What a link may have on its way at most. */
const AHEAD = 2 * 1024 * 1024

/** The emulator's own synchronous write, for ten milliseconds a task: nothing queued, nothing acknowledged, no timer. */
async function parserAlone(terminal: Terminal, bytes: Uint8Array): Promise<void> {
  // Not in the public types, because it is only for those who know that no asynchronous handler is registered.
  const { _core: core } = terminal as unknown as { _core: { writeSync(data: Uint8Array): void } }
  const hop = hopper()
  for (let at = 0; at < bytes.length;) {
    for (const since = performance.now(); at < bytes.length && performance.now() - since < BUDGET_MS; at += SLICE)
      core.writeSync(bytes.subarray(at, at + SLICE))
    await hop()
  }
}

/** What the panel does with frames of 64 KiB, as fast as it takes them. */
function feedAlone(terminal: Terminal, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const hop = hopper()
  const scheduler = new Scheduler({ now: () => performance.now(), hop: (task) => void hop().then(task) })
  return new Promise((resolve) => {
    let pushed = 0
    const more = (drawn: number): void => {
      for (; pushed < bytes.length && pushed - drawn < AHEAD; pushed += SLICE) {
        const slice = bytes.subarray(pushed, pushed + SLICE)
        feed.push({ bytes: slice, end: Math.min(bytes.length, pushed + SLICE), answered: false })
      }
      if (drawn < bytes.length) return
      feed.dispose()
      resolve()
    }
    const feed = new Feed(scheduler, more)
    feed.attach({ write: (slice, done) => terminal.write(slice, done) })
    more(0)
  })
}

function hopper(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel()
  const waiting: (() => void)[] = []
  port1.addEventListener('message', () => waiting.shift()?.())
  port1.start()
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve)
      port2.postMessage(null)
    })
}

export function gapWatch(): { stop(): number; readonly gaps: number[] } {
  const gaps: number[] = []
  let last: number | null = null
  let handle = requestAnimationFrame(function frame(now) {
    if (last !== null) gaps.push(now - last)
    last = now
    handle = requestAnimationFrame(frame)
  })
  return {
    gaps,
    stop() {
      cancelAnimationFrame(handle)
      return Math.max(0, ...gaps)
    },
  }
}
