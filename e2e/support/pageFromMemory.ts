/** A page that was built into memory, served by the browser itself at an origin whose server knows of no page. */
import type { BrowserContext, Page } from 'playwright'
import type { PageFiles } from '../../examples/demo/page.ts'

/** A page that no server sent may open no socket to this machine, unless Chromium is started with this. */
export const FROM_NOWHERE = '--disable-features=LocalNetworkAccessChecks'

/** Paths that are no file of the page go on to the server. `headers` come with each file. */
export async function servePage(
  window: BrowserContext | Page,
  origin: string,
  files: PageFiles,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  await window.route(`${origin}/**`, (route) => {
    const { pathname } = new URL(route.request().url())
    const file = files.get(pathname === '/' ? '/index.html' : pathname)
    if (file === undefined) return route.continue()
    const body = typeof file.body === 'string' ? file.body : Buffer.from(file.body)
    return route.fulfill({ contentType: file.type, headers, body })
  })
}
