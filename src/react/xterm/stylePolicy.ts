/** What the content security policy of the page says of styles. */

/** Whether the policy of the page keeps a style element from working. */
export function blocksStyles(host: HTMLElement): boolean {
  const style = host.ownerDocument.createElement('style')
  style.textContent = ':root{}'
  host.append(style)
  const blocked = style.sheet === null
  style.remove()
  return blocked
}
