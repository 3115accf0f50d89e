/** For `@nimbus/terminal/testing/node`: networks of real sockets that break where they are told. */
export { faultNetwork, startFaultLink } from '../../src/testing/node/faultLink.ts'
export type { Direction, FaultLink, FaultNetwork, Faults, TcpCut } from '../../src/testing/node/faultLink.ts'
