/** The panel of this package at the server of this package, with every default. */
import { createRoot } from 'react-dom/client'
import { connect } from '../../../src/client/index.ts'
import { TerminalPanel, type TerminalPanelHandle } from '../../../src/react/index.ts'
import '../../../src/react/styles.css'
import { Tap } from '../tap.ts'
import type { Mount } from './mount.ts'

export const mount: Mount = async ({ host, output }) => {
  const tap = new Tap(output)
  let panel: TerminalPanelHandle | null = null
  await new Promise<void>((resolve) =>
    createRoot(host).render(
      <TerminalPanel
        allocationId="bench"
        scrollback={10_000}
        storage="none"
        connect={(options) => tap.wrap(connect(options))}
        onReady={() => resolve()}
        ref={(handle) => {
          panel = handle
        }}
      />,
    ),
  )
  return { type: (text) => panel?.write(text), focus: () => panel?.focus(), size: () => tap.size }
}
