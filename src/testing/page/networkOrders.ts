/** How a test outside a page breaks the network of the mock server inside it: an event on the document, answered at once. */

/** What can be done to the network of a test. */
export interface NetworkControl {
  /** Breaks every connection, and refuses further ones until `mend`. Both ends hear of it. */
  cut(): void | Promise<void>
  /** Nothing arrives any more, and nobody is told, until `mend`. */
  stall(): void | Promise<void>
  /** Gives the network back. */
  mend(): void | Promise<void>
}

export type NetworkOrder = 'cut' | 'stall' | 'mend'

const NETWORK_ORDER = 'nimbus-terminal:network'

interface OrderDetail {
  readonly order: NetworkOrder
  taken?: boolean
}

/** Lets the page object of the Playwright entry break this network from outside. Returns what takes the permission back. */
export function obeyNetworkOrders(network: NetworkControl): () => void {
  const hear = (event: Event): void => {
    if (!(event instanceof CustomEvent)) return
    // Whoever dispatches this event brings the order and room for the answer.
    const detail = event.detail as OrderDetail
    detail.taken = true
    void network[detail.order]()
  }
  document.addEventListener(NETWORK_ORDER, hear)
  return () => document.removeEventListener(NETWORK_ORDER, hear)
}

/** Gives the order in the page that this runs in; false if nobody takes it. `event` as in `readTerminal`. */
export function giveNetworkOrder({ order, event }: { readonly order: NetworkOrder; readonly event: string }): boolean {
  const detail: OrderDetail = { order }
  document.dispatchEvent(new CustomEvent(event, { detail }))
  return detail.taken === true
}

/** What `page.evaluate(giveNetworkOrder, orderOf('cut'))` needs. */
export function orderOf(order: NetworkOrder): { readonly order: NetworkOrder; readonly event: string } {
  return { order, event: NETWORK_ORDER }
}
