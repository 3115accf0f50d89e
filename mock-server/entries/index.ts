/**
 * For `@nimbus/terminal/testing`: a fake server that is the real one, the scripts that it plays, a network and a clock that a test moves by
 * hand, and what reads and types in a panel from the page that it stands in.
 */
export { createMockServer } from '../mockServer.ts'
export type { MockNetwork, MockServer, MockServerOptions } from '../mockServer.ts'
export { scriptNamed, scripts } from '../scripts.ts'
export type { ScriptName } from '../scripts.ts'
export type * from '../script.ts'
export type { Thread, TraceEntry, TraceEvent } from '../trace.ts'

export { socketPair } from '../socketPair.ts'
export type { SocketPair, SocketPairOptions } from '../socketPair.ts'
export { simulatedLink } from '../../src/testing/simulatedLink.ts'
export type {
  ConnectionPlan,
  Cut,
  SimulatedConnection,
  SimulatedLink,
  SimulatedLinkOptions,
} from '../../src/testing/simulatedLink.ts'
export { virtualClock } from '../../src/testing/virtualClock.ts'
export type { VirtualClock, VirtualClockOptions } from '../../src/testing/virtualClock.ts'
export { seededRandom } from '../../src/testing/seededRandom.ts'
export type { SeededRandom } from '../../src/testing/seededRandom.ts'

export {
  findTerminalState,
  findTerminalText,
  readTerminal,
  terminalText,
  typeIntoTerminal,
} from '../../src/testing/page/readTerminal.ts'
export type { TerminalText } from '../../src/react/reading/readRequest.ts'
export { obeyNetworkOrders } from '../../src/testing/page/networkOrders.ts'
export type { NetworkControl } from '../../src/testing/page/networkOrders.ts'
export { until } from '../../src/testing/page/until.ts'

export { standIn as standInForBrowser } from '../../src/react/pageStandIns.ts'
