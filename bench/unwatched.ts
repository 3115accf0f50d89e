/**
 * Turns off what Playwright hears of a page's network. With it on, the browser copies each byte of a socket as text through its
 * main process into the process of the benchmark, which costs a page about as much as parsing the byte.
 */
import type { Page } from 'playwright'

/** What Playwright 1.65 has behind a page; not public. */
interface Inside {
  readonly _connection?: {
    toImpl?(page: Page): { readonly delegate?: { readonly _mainFrameSession?: { readonly _client?: Session } } }
  }
}

interface Session {
  send(method: 'Network.disable'): Promise<unknown>
}

/** Loads an address. From then on nobody listens to the page's network. */
export async function openUnwatched(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await networkOf(page).send('Network.disable')
}

function networkOf(page: Page): Session {
  const { _connection: connection } = page as unknown as Inside // not public
  const session = connection?.toImpl?.(page).delegate?._mainFrameSession?._client
  if (session === undefined)
    throw new Error('Playwright looks different inside now: the benchmark has to find the session of a page anew.')
  return session
}
