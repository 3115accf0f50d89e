/** The demo's page: terminals side by side, each over a network that can be broken by hand. */
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { TerminalPanel, TerminalTabs, type TerminalPanelHandle, type TerminalPanelProps } from '../../../src/react/index.ts'
import '../../../src/react/styles.css'
import './demo.css'
import { NetworkMenu } from './NetworkMenu.tsx'

/** `?id=a&id=b` chooses the allocations. The same one may be asked for twice, to see what the second panel says. */
const query = new URLSearchParams(location.search)
const chosen = query.getAll('id')
const ids = chosen.length > 0 ? chosen : ['left', 'right']

/** `&tabs` puts them behind a row of tabs instead of side by side. */
const inTabs = query.has('tabs')

/** For the browser's console: `terminals[0].write('ls\r')`. */
const terminals: (TerminalPanelHandle | null)[] = []
Object.assign(globalThis, { terminals })

/** What a test of the page wants of its panels; nobody else sets it. */
const { panelProps = {} } = globalThis as { readonly panelProps?: Partial<TerminalPanelProps> }

function Demo() {
  return (
    <>
      <header className="demo-header">
        <h1>Terminals that survive their network</h1>
        <p>Real shells on this machine. Start something, break the network above a terminal, reload the page: nothing is lost.</p>
      </header>
      <main className="demo-terminals">
        {inTabs && <Tabs />}
        {(inTabs ? [] : ids).map((id, index) => (
          // Nothing is ever inserted or moved, so the place is the name.
          // oxlint-disable-next-line react/no-array-index-key
          <section key={index} className="demo-terminal" aria-label={`Terminal ${id}`}>
            <div className="demo-bar">
              <a href={`?id=${encodeURIComponent(id)}`}>{id}</a>
              <NetworkMenu allocationId={id} />
            </div>
            <div className="demo-panel">
              <TerminalPanel
                allocationId={id}
                label={`Terminal ${id}`}
                scrollback={10_000}
                {...panelProps}
                ref={(handle) => {
                  terminals[index] = handle
                }}
              />
            </div>
          </section>
        ))}
      </main>
    </>
  )
}

function Tabs() {
  const tabOf = (id: string) => ({
    id,
    title: id,
    panel: <TerminalPanel allocationId={id} label={`Terminal ${id}`} {...panelProps} />,
  })
  return (
    <section className="demo-terminal" aria-label="Terminals">
      <div className="demo-panel">
        <TerminalTabs
          defaultTabs={ids.map(tabOf)}
          onNew={() => tabOf(`shell-${crypto.randomUUID().slice(0, 4)}`)}
          // Without it no tab could be closed. The session of a closed one ends by itself after three minutes.
          onClose={() => {}}
        />
      </div>
    </section>
  )
}

const root = document.getElementById('page')
if (!root) throw new Error('The page has no element #page.')
createRoot(root).render(
  <StrictMode>
    <Demo />
  </StrictMode>,
)
