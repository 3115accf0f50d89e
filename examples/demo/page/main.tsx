/** The demo's page: terminals side by side, each over a network that can be broken by hand. */
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { TerminalPanel, type TerminalPanelHandle, type TerminalPanelProps } from '../../../src/react/index.ts'
import '../../../src/react/styles.css'
import './demo.css'
import { NetworkMenu } from './NetworkMenu.tsx'

/** `?id=a&id=b` chooses the allocations. The same one may be asked for twice, to see what the second panel says. */
const chosen = new URLSearchParams(location.search).getAll('id')
const ids = chosen.length > 0 ? chosen : ['left', 'right']

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
        {ids.map((id, index) => (
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

const root = document.getElementById('page')
if (!root) throw new Error('The page has no element #page.')
createRoot(root).render(
  <StrictMode>
    <Demo />
  </StrictMode>,
)
