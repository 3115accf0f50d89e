/** A page with many panels: `?count=16&across=4&height=210&renderer=dom`. The first one is where keys are timed. */
import { createRoot } from 'react-dom/client'
import { connect } from '../../src/client/index.ts'
import { TerminalPanel, type TerminalPanelHandle } from '../../src/react/index.ts'
import '../../src/react/styles.css'
import type { Echo } from './api.ts'
import { gapWatch } from './gaps.ts'
import { Tap } from './tap.ts'

export interface PanelsPage {
  /** Panels whose shells have answered. */
  ready(): number
  type(panel: number, text: string): void
  /** Bytes that came, panel by panel. */
  bytes(): readonly number[]
  frames(ms: number): Promise<readonly number[]>
  watchEchoes(on: boolean): void
  /** How long echoes took, and how many still wait. */
  takeEchoes(): { readonly echoes: readonly PanelEcho[]; readonly waiting: number }
  /** WebGL contexts that the browser took away. */
  lost(): number
  /** Panels in view, how many of them are drawn by WebGL, and how many show nothing. */
  look(): { readonly inView: number; readonly webgl: number; readonly blank: number }
}

/** Milliseconds from the time stamp of a key event until its handler, its echo's arrival and its parsing. */
export type PanelEcho = Omit<Echo, 'sent'>

interface Panel {
  readonly tap: Tap
  handle: TerminalPanelHandle | null
}

const query = new URLSearchParams(location.search)
const count = Number(query.get('count') ?? 1)
const stage = document.querySelector<HTMLElement>('#stage')!
stage.style.gridTemplateColumns = `repeat(${query.get('across') ?? 1}, 1fr)`
stage.style.gridAutoRows = `${query.get('height') ?? 400}px`

const panels: readonly Panel[] = Array.from({ length: count }, () => ({ tap: new Tap(), handle: null }))

createRoot(stage).render(
  panels.map((panel, index) => (
    <TerminalPanel
      key={index}
      allocationId={`panel-${index}`}
      storage="none"
      renderer={query.get('renderer') === 'webgl' ? 'webgl' : 'dom'}
      connect={(options) => panel.tap.wrap(connect(options))}
      ref={(handle) => {
        panel.handle = handle
      }}
    />
  )),
)

let echoing = false
let waiting = 0
let echoes: PanelEcho[] = []
addEventListener(
  'keydown',
  ({ key, timeStamp }) => {
    if (!echoing || key.length !== 1) return
    waiting++
    const seen = performance.now() - timeStamp
    void panels[0]?.tap.mark(key.charCodeAt(0)).then(({ receivedAt, parsedAt }) => {
      waiting--
      echoes.push({ seen, received: receivedAt - timeStamp, parsed: parsedAt - timeStamp })
    })
  },
  { capture: true },
)

let lost = 0
addEventListener('webglcontextlost', (event) => event.isTrusted && lost++, { capture: true })

function isDrawn(panel: Element): 'webgl' | 'dom' | null {
  for (const canvas of panel.querySelectorAll<HTMLCanvasElement>('.xterm-screen canvas')) {
    const context = canvas.getContext('webgl2')
    if (context !== null) return context.isContextLost() ? null : 'webgl'
  }
  return (panel.querySelector('.xterm-rows')?.textContent ?? '').trim() === '' ? null : 'dom'
}

const page: PanelsPage = {
  ready: () => panels.filter(({ tap }) => tap.bytes > 0).length,
  type: (panel, text) => void panels[panel]?.handle?.write(text),
  bytes: () => panels.map(({ tap }) => tap.bytes),
  async frames(ms) {
    const watch = gapWatch()
    await new Promise((resolve) => setTimeout(resolve, ms))
    watch.stop()
    return watch.gaps
  },
  watchEchoes: (on) => void (echoing = on),
  takeEchoes() {
    const taken = echoes
    echoes = []
    return { echoes: taken, waiting }
  },
  lost: () => lost,
  look() {
    const inView = [...stage.children].filter((panel) => {
      const { top, bottom } = panel.getBoundingClientRect()
      return bottom > 0 && top < innerHeight
    })
    const drawn = inView.map(isDrawn)
    return {
      inView: inView.length,
      webgl: drawn.filter((how) => how === 'webgl').length,
      blank: drawn.filter((how) => how === null).length,
    }
  },
}
Object.assign(globalThis, { panels: page })
