/** The mount on a real port, for plays: real requests and real sockets on loopback, through the Node runtime. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocket } from 'ws'
import { browserPorts } from '../../src/client/browser.ts'
import { attachHost } from '../../src/server/runtimes/node.ts'
import type { Mount } from '../play.ts'

export const port: Mount = {
  name: 'a real port',
  async mount(host) {
    const server = createServer()
    const attached = attachHost(server, host, { authenticate: () => ({ id: 'visitor' }) })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    // A server that listens on a port has an address of this shape.
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    return {
      ...browserPorts({ endpoint, storage: 'none', WebSocket }),
      async close() {
        // What the script left unanswered would keep it waiting.
        server.closeAllConnections()
        await attached.close()
        await new Promise<void>((resolve) => server.close(() => resolve()))
      },
    }
  },
}
