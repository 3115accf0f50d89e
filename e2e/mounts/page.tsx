/** A page with the fake server in it, through msw: it plays scripts on demand, and shows a panel with `?panel`. */
import { setupWorker } from 'msw/browser'
import { createRoot } from 'react-dom/client'
import { createMockServer } from '../../mock-server/mockServer.ts'
import { terminalHandlers } from '../../mock-server/mounts/msw.ts'
import { pageMsw, workerMsw } from '../../mock-server/mounts/pageMswMounts.ts'
import { play } from '../../mock-server/play.ts'
import { scriptNamed } from '../../mock-server/scripts.ts'
import type { TraceEntry } from '../../mock-server/trace.ts'
import { TerminalPanel } from '../../src/react/index.ts'
import '../../src/react/styles.css'
import { obeyNetworkOrders } from '../../src/testing/page/networkOrders.ts'

export type MountName = 'worker' | 'page'
export type PlayHere = (script: string, mount: MountName) => Promise<readonly TraceEntry[]>

const playHere: PlayHere = async (script, mount) =>
  (await play(scriptNamed(script), mount === 'worker' ? workerMsw : pageMsw)).trace
Object.assign(globalThis, { playHere })

if (location.search === '?panel') {
  const server = createMockServer()
  obeyNetworkOrders(server.network)
  await setupWorker(...terminalHandlers(server)).start({ quiet: true, onUnhandledFrame: 'bypass' })
  const root = document.getElementById('root')
  if (root !== null) {
    root.style.height = '400px'
    createRoot(root).render(<TerminalPanel allocationId="worker" />)
  }
}
document.documentElement.dataset['ready'] = ''
