/** The page of the benchmarks: one panel, a tap in its connection, and the measurements that only a page can take. */
import { createRoot } from 'react-dom/client'
import { connect } from '../../src/client/index.ts'
import { TerminalPanel, type TerminalPanelHandle } from '../../src/react/index.ts'
import '../../src/react/styles.css'
import type { BenchPage, Echo } from './api.ts'
import { gapWatch } from './gaps.ts'
import { FloodCheck, SeqCheck } from './sequence.ts'
import { Tap } from './tap.ts'

const query = new URLSearchParams(location.search)
const tap = new Tap()
let panel: TerminalPanelHandle | null = null
let flows = 0
let sentAt = 0

/** Counts what the client sends; nothing in it is changed. */
class CountedSocket extends WebSocket {
  override send(data: string | Uint8Array<ArrayBuffer>): void {
    if (typeof data !== 'string') sentAt = performance.now()
    else if (data.includes('"flow"')) flows++
    super.send(data)
  }
}

createRoot(document.querySelector('#panel')!).render(
  <TerminalPanel
    allocationId={query.get('id') ?? 'bench'}
    scrollback={10_000}
    storage="none"
    connect={(options) => {
      // A connection that was cut soon after it was ready backs off; so that cuts can come quickly, "soon" is shorter here.
      const lastingMs = Number(query.get('lasting') ?? 10_000)
      const fixed = Number(query.get('window'))
      const outputWindow = fixed > 0 ? { min: fixed, max: fixed } : undefined
      return tap.wrap(connect({ ...options, reconnect: { lastingMs }, outputWindow, WebSocket: CountedSocket }))
    }}
    ref={(handle) => {
      panel = handle
    }}
  />,
)

let echoing = false
let keyAt = 0
let waiting = 0
let echoes: Echo[] = []
addEventListener(
  'keydown',
  (event) => {
    keyAt = event.timeStamp
    if (!echoing || event.key.length !== 1 || raw !== null) return
    waiting++
    const seenAt = performance.now()
    void tap.mark(event.key.charCodeAt(0)).then(({ receivedAt, parsedAt }) => {
      waiting--
      const from = event.timeStamp
      echoes.push({ seen: seenAt - from, sent: sentAt - from, received: receivedAt - from, parsed: parsedAt - from })
    })
  },
  { capture: true },
)

let raw: WebSocket | null = null
let rawTimes: { plain: number[]; inserting: number[] } = { plain: [], inserting: [] }

function openRaw(): Promise<void> {
  const socket = new WebSocket(new URL('/raw', location.href))
  socket.binaryType = 'arraybuffer'
  let pressed = { at: 0, times: rawTimes.plain }
  socket.addEventListener('message', () => pressed.times.push(performance.now() - pressed.at))
  for (const kind of ['plain', 'inserting'] as const) {
    const field = document.querySelector<HTMLTextAreaElement>(`#${kind}`)!
    field.addEventListener('keydown', (event) => {
      pressed = { at: event.timeStamp, times: rawTimes[kind] }
      socket.send(new Uint8Array([1, 0, 0, 0, 1, event.key.charCodeAt(0)]))
      if (kind === 'plain') event.preventDefault()
      event.stopPropagation()
    })
    field.addEventListener('focus', () => (raw = socket))
    field.addEventListener('blur', () => (raw = null))
  }
  return new Promise((resolve) => socket.addEventListener('open', () => resolve()))
}

let check: SeqCheck | FloodCheck | null = null

const bench: BenchPage = {
  phase: () => tap.connection?.snapshot().status.phase ?? 'idle',
  stats: () => tap.connection!.stats(),
  counts: () => ({ frames: tap.frames, bytes: tap.bytes, flows }),
  type: (text) => panel?.write(text),
  mark: (byte) => tap.mark(byte),
  watchEchoes: (on) => void (echoing = on),
  takeEchoes() {
    const taken = echoes
    echoes = []
    return { echoes: taken, waiting }
  },
  lastKeyAt: () => keyAt,
  openRaw,
  takeRaw() {
    const times = rawTimes
    rawTimes = { plain: [], inserting: [] }
    return times
  },
  async frames(ms) {
    const watch = gapWatch()
    await new Promise((resolve) => setTimeout(resolve, ms))
    const worstGapMs = watch.stop()
    const sorted = watch.gaps.toSorted((a, b) => a - b)
    return { frames: sorted.length, worstGapMs, p99GapMs: sorted[Math.floor(sorted.length * 0.99)] ?? 0 }
  },
  verify(what) {
    check = what === null ? null : what === 'seq' ? new SeqCheck() : new FloodCheck()
    tap.inspect = check === null ? null : (bytes) => check?.take(bytes)
  },
  verified: () => ({ items: check?.items ?? 0, faults: check?.faults ?? [] }),
  takeOutages() {
    const { outages } = tap
    tap.outages = []
    return outages
  },
  takeLongestQuiet() {
    const { longestQuiet } = tap
    tap.longestQuiet = 0
    return longestQuiet
  },
}
Object.assign(globalThis, { bench })
