/** For `@nimbus/terminal/testing/playwright`: the page object of a terminal. */
export { TerminalPage } from '../../src/testing/page/terminalPage.ts'
export type { TerminalPageOptions } from '../../src/testing/page/terminalPage.ts'
export type { NetworkControl } from '../../src/testing/page/networkOrders.ts'
export { networkAt } from '../../src/testing/page/networkAt.ts'
export type { TerminalText } from '../../src/react/reading/readRequest.ts'
