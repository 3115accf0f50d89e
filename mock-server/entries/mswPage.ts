/** For `@nimbus/terminal/testing/msw/page`: msw in a page that has no service worker. */
export { interceptPage } from '../mounts/mswPage.ts'
export type { PageInterception } from '../mounts/mswPage.ts'
