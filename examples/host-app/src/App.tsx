/** An app that happens to have a terminal in it. */
import { TerminalPanel } from '@nimbus/terminal'
import '@nimbus/terminal/styles.css'

export function App() {
  return (
    <main>
      <h1>Build 7</h1>
      <div style={{ height: 400 }}>
        <TerminalPanel allocationId="build-7" label="Shell of build 7" />
      </div>
    </main>
  )
}
