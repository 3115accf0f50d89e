/** A page that follows each key through itself: `?count=1&across=1&height=620`. Keys go into the first panel. */
import { Terminal } from '@xterm/xterm'
import { createRoot } from 'react-dom/client'
import { connect } from '../../src/client/index.ts'
import { TerminalPanel, type TerminalPanelHandle } from '../../src/react/index.ts'
import '../../src/react/styles.css'
import { Output } from './output.ts'
import { Tap } from './tap.ts'

export interface KeysPage {
  /** Panels whose shells have answered. */
  ready(): number
  type(panel: number, text: string): void
  /** Bytes that were parsed in all panels, and in the first one. */
  parsed(): { readonly all: number; readonly first: number; readonly at: number }
  watch(): void
  /** The keys since then; those without an echo are left out. */
  keys(): readonly PageKey[]
}

/** Moments are milliseconds since 1970, amounts bytes of the first panel. */
export interface PageKey {
  readonly letter: string
  readonly pressed: number
  readonly seen: number
  readonly sent: number
  readonly received: number
  readonly handed: number
  readonly parsed: number
  /** Milliseconds that the page has spent on frames since the key when its echo is parsed. */
  readonly framesMs: number
  /** Where the echo ends. */
  readonly offset: number
  /** At the key: what had been received, handed to the emulator and parsed, and how far the credit went. */
  readonly then: { readonly received: number; readonly handed: number; readonly parsed: number; readonly credit: number }
  readonly window: number
}

const query = new URLSearchParams(location.search)
const count = Number(query.get('count') ?? 1)
const stage = document.querySelector<HTMLElement>('#stage')!
stage.style.gridTemplateColumns = `repeat(${query.get('across') ?? 1}, 1fr)`
stage.style.gridAutoRows = `${query.get('height') ?? 620}px`

/** The key that is on its way into the socket. */
let unsent: { sent: number } | null = null
class WatchedSocket extends WebSocket {
  override send(data: string | Uint8Array<ArrayBuffer>): void {
    super.send(data)
    if (typeof data === 'string' || unsent === null) return
    unsent.sent = performance.now()
    unsent = null
  }
}

interface Panel {
  readonly output: Output
  readonly tap: Tap
  handle: TerminalPanelHandle | null
}
const panels: readonly Panel[] = Array.from({ length: count }, () => {
  const output = new Output()
  return { output, tap: new Tap(output), handle: null }
})
const first = panels[0]!

/** What the first panel's emulator was given: how much, and the last pieces of it. */
const handed = { end: 0, pieces: [] as { readonly end: number; readonly at: number }[] }
const PIECES = 4096
const write = Terminal.prototype.write
Terminal.prototype.write = function (this: Terminal, data, done) {
  if (stage.firstElementChild?.contains(this.element ?? null)) {
    handed.end += data.length
    handed.pieces.push({ end: handed.end, at: performance.now() })
    if (handed.pieces.length > PIECES) handed.pieces.splice(0, PIECES / 2)
  }
  write.call(this, data, done)
}

createRoot(stage).render(
  panels.map((panel, index) => (
    <TerminalPanel
      key={index}
      allocationId={`panel-${index}`}
      scrollback={10_000}
      storage="none"
      connect={(options) => panel.tap.wrap(connect({ ...options, WebSocket: WatchedSocket }))}
      ref={(handle) => {
        panel.handle = handle
      }}
    />
  )),
)

const EPOCH = performance.timeOrigin
let watching = false
let keys: PageKey[] = []
addEventListener(
  'keydown',
  ({ key, timeStamp }) => {
    if (!watching || key.length !== 1) return
    const seen = performance.now()
    const { outputCredit, outputWindow, received, drawn } = first.tap.connection!.stats()
    const then = { received, handed: handed.end, parsed: drawn, credit: received + outputCredit }
    const way = { sent: NaN }
    unsent = way
    const before = framesMs
    void first.output.mark(key.charCodeAt(0)).then(({ offset, receivedAt, parsedAt }) => {
      const handedAt = handed.pieces.find(({ end }) => end >= offset)?.at ?? NaN
      keys.push({
        letter: key,
        pressed: EPOCH + timeStamp,
        seen: EPOCH + seen,
        sent: EPOCH + way.sent,
        received: EPOCH + receivedAt,
        handed: EPOCH + handedAt,
        parsed: EPOCH + parsedAt,
        framesMs: framesMs - before,
        offset,
        then,
        window: outputWindow,
      })
    })
  },
  { capture: true },
)

/** Milliseconds that the browser spent on frames: from the first callback until a task after the frame. */
let framesMs = 0
const { port1, port2 } = new MessageChannel()
let frameAt = 0
port1.onmessage = () => (framesMs += performance.now() - frameAt)
const animate = window.requestAnimationFrame.bind(window)
let asked = false
window.requestAnimationFrame = (call) => {
  // Only frames that somebody asks for: a loop of our own would change what is measured.
  if (!asked) {
    asked = true
    animate(() => {
      asked = false
      frameAt = performance.now()
      port2.postMessage(null)
    })
  }
  return animate(call)
}

const page: KeysPage = {
  ready: () => panels.filter(({ tap }) => tap.bytes > 0).length,
  type: (panel, text) => void panels[panel]?.handle?.write(text),
  parsed: () => ({
    all: panels.reduce((sum, { output }) => sum + output.parsed, 0),
    first: first.output.parsed,
    at: performance.now(),
  }),
  watch: () => {
    watching = true
    keys = []
  },
  keys: () => keys,
}
Object.assign(globalThis, { keys: page })
