/** What an administrator may want to know of a terminal, as text without output, keys or secrets. */
import type { PanelContext } from '../session/context.ts'

export function summary({ allocationId, connection, host }: PanelContext): string {
  const { status } = connection.snapshot()
  const stats = connection.stats()
  const end = status.phase === 'ended' ? status.end : null
  return [
    `Terminal: ${allocationId}`,
    `State: ${status.phase === 'elsewhere' ? `elsewhere (${status.how})` : status.phase}`,
    ...(end === null ? [] : [`Reason: ${end.reason} (${end.code})`]),
    `Output: ${stats.received} bytes received, ${stats.missing} missing`,
    `Reconnects: ${stats.reconnects}`,
    `Time: ${new Date().toISOString()}`,
    `Page: ${host.ownerDocument.location.origin}`,
  ].join('\n')
}
