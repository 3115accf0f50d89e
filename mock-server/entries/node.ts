/** For `@nimbus/terminal/testing/node`: the fake server on a real port, and networks of real sockets that break where they are told. */
export { startMockServer } from '../node/port.ts'
export type { StartedMockServer, StartOptions } from '../node/port.ts'
export { faultNetwork, startFaultLink } from '../../src/testing/node/faultLink.ts'
export type { Direction, FaultLink, FaultNetwork, Faults, TcpCut } from '../../src/testing/node/faultLink.ts'
