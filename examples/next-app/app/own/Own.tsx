/** A frame of the app's own around the grid, with what all terminals of the page share, in German. */
'use client'
import { TerminalProvider, useTerminal } from '@nimbus/terminal'
import { german } from '@nimbus/terminal/words/de'
import { getToken } from '../getToken'

export function Own() {
  return (
    <TerminalProvider getToken={getToken} words={german} theme="light">
      <Frame />
    </TerminalProvider>
  )
}

function Frame() {
  const { frame, grid, parts, line } = useTerminal('build-9', { label: 'Shell of build 9' })
  return (
    <section {...frame} style={{ height: 400, display: 'flex', flexDirection: 'column' }}>
      <header>{line.id}</header>
      <div {...grid} style={{ flex: 1, minHeight: 0 }} />
      {parts.speech}
    </section>
  )
}
