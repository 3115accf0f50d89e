/** The mount through msw in Node, for plays: the client's own fetch and WebSocket, which msw answers. */
import { setupServer } from 'msw/node'
import { browserPorts } from '../../src/client/browser.ts'
import type { Mount } from '../play.ts'
import { terminalHandlers } from './msw.ts'

const endpoint = 'http://terminals.test'

export const nodeMsw: Mount = {
  name: 'msw in Node',
  async mount(host) {
    const network = setupServer(...terminalHandlers({ host }, { endpoint }))
    network.listen({ onUnhandledFrame: 'error' })
    return {
      ...browserPorts({ endpoint, storage: 'none' }),
      close: async () => network.close(),
    }
  },
}
