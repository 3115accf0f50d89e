/** The network of a fake server on a port, broken through its control endpoint. */
import type { NetworkControl } from './networkOrders.ts'

/** For the option `network` of `TerminalPage`. `url` is what the server printed: `http://127.0.0.1:8788`. */
export function networkAt(url: string): NetworkControl {
  return { cut: () => order(url, 'cut'), stall: () => order(url, 'stall'), mend: () => order(url, 'mend') }
}

async function order(url: string, what: string): Promise<void> {
  const response = await fetch(new URL('/mock', url), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ do: what }),
  })
  if (!response.ok) throw new Error(`The fake server at ${url} answered ${response.status}: ${await response.text()}`)
}
