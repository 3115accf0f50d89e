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
