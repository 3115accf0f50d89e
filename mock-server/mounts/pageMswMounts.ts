/** The mounts through msw in a page, for plays: with a service worker that answers for the network, and without one. */
import { setupWorker } from 'msw/browser'
import { browserPorts } from '../../src/client/browser.ts'
import type { TokenHttpRequest } from '../../src/server/tokenEndpoint.ts'
import type { Mount } from '../play.ts'
import { terminalHandlers } from './msw.ts'
import { interceptPage } from './mswPage.ts'

const ports = () => browserPorts({ endpoint: '', storage: 'none' })

/** Needs `mockServiceWorker.js` of msw at the root of the page's origin. */
export const workerMsw: Mount = {
  name: 'msw with a service worker',
  async mount(host) {
    // A worker does not stop before every request has its answer, and some scripts never give one.
    let leave: (reason: Error) => void = () => undefined
    const left = new Promise<never>((_resolve, reject) => (leave = reject))
    left.catch(() => undefined)
    const answered = {
      ...host,
      answerToken: async (request: TokenHttpRequest) => Promise.race([host.answerToken(request), left]),
    }
    const worker = setupWorker(...terminalHandlers({ host: answered }))
    await worker.start({ quiet: true, onUnhandledFrame: 'bypass' })
    return {
      ...ports(),
      async close() {
        leave(new Error('Nobody waits for this answer any more.'))
        await worker.stop()
      },
    }
  },
}

export const pageMsw: Mount = {
  name: 'msw in the page',
  async mount(host) {
    const interception = interceptPage(...terminalHandlers({ host }))
    return { ...ports(), close: async () => interception.stop() }
  },
}
