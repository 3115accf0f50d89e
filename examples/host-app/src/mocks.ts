/** A terminal server in the page, whose network a test may break. */
import { createMockServer, obeyNetworkOrders } from '@nimbus/terminal/testing'
import { terminalHandlers } from '@nimbus/terminal/testing/msw'
import { interceptPage } from '@nimbus/terminal/testing/msw/page'

const server = createMockServer()
obeyNetworkOrders(server.network)
interceptPage(...terminalHandlers(server))
