/** Asks the app itself for the one-time token of a terminal, in the app's own way. */
import type { TerminalPanelProps } from '@nimbus/terminal'

export const getToken: NonNullable<TerminalPanelProps['getToken']> = async ({ allocation, takeOver }) => {
  const response = await fetch(`/api/v1/allocations/${encodeURIComponent(allocation)}/terminal-token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-app': 'builds' },
    body: JSON.stringify(takeOver ? { take_over: true } : {}),
  })
  if (!response.ok) return { ok: false, code: response.status === 404 ? 'not_found' : 'unreachable' }
  const { token, websocket_url: url } = await response.json()
  return { ok: true, token, url }
}
