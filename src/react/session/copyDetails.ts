/** What an administrator may want to know of a terminal, as text without output, keys or secrets, and the way to the clipboard. */
import type { PanelContext } from './context.ts'

export function details({ allocationId, connection, host }: PanelContext): string {
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

/** Copies by the clipboard, or where a page may not use that, by a selection. */
export function copyText(host: HTMLElement, text: string): void {
  const document = host.ownerDocument
  const fallback = (): void => {
    const field = document.createElement('textarea')
    field.value = text
    field.className = 'nt-vh'
    host.append(field)
    field.select()
    document.execCommand('copy')
    field.remove()
  }
  const clipboard: Clipboard | undefined = document.defaultView?.navigator.clipboard
  if (clipboard === undefined) fallback()
  else clipboard.writeText(text).catch(fallback)
}
