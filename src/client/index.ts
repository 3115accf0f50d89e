/** The headless client: `connect()` and the types of what it gives. */
export { connect } from './connect.ts'
export type { ConnectOptions } from './connect.ts'
export type * from './api.ts'
export type * from './ports.ts'
export type { ReconnectPolicy } from './backoff.ts'
