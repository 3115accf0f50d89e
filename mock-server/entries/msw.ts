/** For `@nimbus/terminal/testing/msw`: the fake server as handlers of msw. */
export { terminalHandlers } from '../mounts/msw.ts'
export type { TerminalHandlersOptions } from '../mounts/msw.ts'
