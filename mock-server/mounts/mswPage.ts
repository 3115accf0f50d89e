/** msw in a page without a service worker: its handlers answer what the page itself asks for, and nothing has to be installed or served. */
import { FetchInterceptor } from '@mswjs/interceptors/fetch'
import { WebSocketInterceptor } from '@mswjs/interceptors/WebSocket'
import type { AnyHandler } from 'msw'
import { defineNetwork, InterceptorSource } from 'msw/experimental'

export interface PageInterception {
  /** Gives the page its own `fetch` and `WebSocket` back. Sockets that are open stay as they are. */
  stop(): void
}

/**
 * Answers `fetch` and `WebSocket` of this page with these handlers, from now on. What no handler wants goes to the network.
 * Where a page must not have a service worker (a story, an iframe, a page without TLS), this takes the place of `setupWorker`.
 */
export function interceptPage(...handlers: AnyHandler[]): PageInterception {
  const network = defineNetwork({
    sources: [new InterceptorSource({ interceptors: [new FetchInterceptor(), new WebSocketInterceptor()] })],
    handlers,
    onUnhandledFrame: 'bypass',
    context: { quiet: true },
  })
  network.enable()
  return { stop: () => void network.disable() }
}
