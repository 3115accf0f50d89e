/** The browser's clipboard, with the older way of copying where a page may not use the newer one. */

import { focusedBeside } from '../focused.ts'

/** Whether the text is in the clipboard now. Call it in the task of a key or a click: that is what browsers allow. */
export async function writeClipboard(host: HTMLElement, text: string): Promise<boolean> {
  const clipboard: Clipboard | undefined = host.ownerDocument.defaultView?.navigator.clipboard
  try {
    if (clipboard === undefined) return writeBySelection(host, text)
    await clipboard.writeText(text)
    return true
  } catch {
    return writeBySelection(host, text)
  }
}

/** Selects the text in a field of its own and lets the browser copy it; the focus returns to where it was. */
function writeBySelection(host: HTMLElement, text: string): boolean {
  const document = host.ownerDocument
  const before = focusedBeside(host)
  const field = document.createElement('textarea')
  field.value = text
  field.className = 'nt-vh'
  field.setAttribute('aria-hidden', 'true')
  // Its copying is no copying of the grid.
  field.addEventListener('copy', (event) => event.stopPropagation())
  document.body.append(field)
  field.select()
  let copied = false
  try {
    copied = document.execCommand('copy')
  } catch {
    // Some browsers throw where others answer false.
  }
  field.remove()
  if (before instanceof HTMLElement) before.focus({ preventScroll: true })
  return copied
}

/** The text in the clipboard; null where the page may not read it. */
export async function readClipboard(host: HTMLElement): Promise<string | null> {
  const clipboard: Clipboard | undefined = host.ownerDocument.defaultView?.navigator.clipboard
  try {
    return (await clipboard?.readText()) ?? null
  } catch {
    return null
  }
}
