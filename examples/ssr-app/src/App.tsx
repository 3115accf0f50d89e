/** An app with a terminal in it, the same on the server and in the page. */
import { TerminalPanel, TerminalProvider } from '@nimbus/terminal'
import { german } from '@nimbus/terminal/words/de'
import '@nimbus/terminal/styles.css'
import { StrictMode } from 'react'

export function App() {
  return (
    <StrictMode>
      <TerminalProvider words={german} theme="dark">
        <h1>Build 7</h1>
        <div style={{ height: 400 }}>
          <TerminalPanel allocationId="build-7" label="Shell of build 7" />
        </div>
      </TerminalProvider>
    </StrictMode>
  )
}
