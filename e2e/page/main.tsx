/** A page with one terminal in it and nothing else, for journeys that need no demo around it. */
import { createRoot } from 'react-dom/client'
import { TerminalPanel, type TerminalPanelProps } from '../../src/react/index.ts'
import '../../src/react/styles.css'

/** What a journey wants of the panel; its handle lies beside it. */
const journey = globalThis as typeof globalThis & { panelProps?: Partial<TerminalPanelProps>; terminal?: unknown }

const root = document.getElementById('page')
if (!root) throw new Error('The page has no element #page.')
createRoot(root).render(
  <main style={{ position: 'fixed', inset: 8 }}>
    <TerminalPanel
      allocationId="script"
      ref={(handle) => {
        journey.terminal = handle
      }}
      {...journey.panelProps}
    />
  </main>,
)
