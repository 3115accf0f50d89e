/** Where a story plays: a server of its own in the page, a cable that can be pulled, and panels on it. */
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { createMockServer, type MockServer, type MockServerOptions } from '../mock-server/mockServer.ts'
import { connect, type ConnectOptions } from '../src/client/index.ts'
import { type Connect, TerminalPanel, type TerminalPanelProps } from '../src/react/index.ts'

export interface StageProps extends Omit<TerminalPanelProps, 'connect' | 'storage'> {
  readonly server?: MockServerOptions
  /** What the client is told besides; the sockets stay those of the server in the page. */
  readonly client?: Pick<ConnectOptions, 'reconnect' | 'ports'>
}

/** Options are read once: another server is another story. */
export function Stage({ server, client, ...panel }: StageProps): ReactNode {
  const [panels, setPanels] = useState(1)
  const [mock] = useState(() => createMockServer(server))
  useEffect(() => () => void mock.close(), [mock])
  const connectHere = useMemo(() => connectTo(mock, client), [mock, client])
  return (
    <main style={{ display: 'grid', gridTemplateRows: 'auto 1fr', height: '100vh' }}>
      <div style={{ display: 'flex', gap: 8, padding: 8 }}>
        <button onClick={() => mock.network.cut()}>Cut the network</button>
        <button onClick={() => mock.network.stall()}>Stall the network</button>
        <button onClick={() => mock.network.mend()}>Mend the network</button>
        <button onClick={() => setPanels(panels + 1)}>Open it once more</button>
      </div>
      <div style={{ display: 'grid', gridAutoFlow: 'column', gridAutoColumns: '1fr', gap: 8, minHeight: 0 }}>
        {Array.from({ length: panels }, (_, index) => (
          <TerminalPanel key={index} {...panel} storage="none" label={`Terminal ${index + 1}`} connect={connectHere} />
        ))}
      </div>
    </main>
  )
}

/** The panel's own client over the sockets and tokens of the server in the page. */
function connectTo(mock: MockServer, client: StageProps['client']): Connect {
  const ports = { ...client?.ports, openSocket: mock.openSocket }
  return (options) => connect({ ...options, ...client, requestToken: mock.requestToken, ports })
}
