/** Keeps the styles of xterm.js working under a content security policy that blocks style elements. */

/**
 * xterm.js writes its colours and cell sizes into style elements. Where a policy blocks those the elements have no sheet;
 * their text is then adopted as constructed sheets, which policies allow. Returns a function that takes the sheets away.
 */
export function adoptBlockedStyles(screen: HTMLElement): () => void {
  const blocked = [...screen.querySelectorAll('style')].filter((element) => element.textContent !== '' && element.sheet === null)
  if (blocked.length === 0) return () => {}
  const root = screen.getRootNode()
  const scope = root instanceof ShadowRoot ? root : screen.ownerDocument
  const adopted = new Map<HTMLStyleElement, CSSStyleSheet>()
  const observer = new MutationObserver(adoptAll)

  function adoptAll(): void {
    for (const element of screen.querySelectorAll('style')) {
      const sheet = adopted.get(element) ?? adopt(element)
      sheet.replaceSync(element.textContent)
    }
  }

  function adopt(element: HTMLStyleElement): CSSStyleSheet {
    const sheet = new CSSStyleSheet()
    adopted.set(element, sheet)
    scope.adoptedStyleSheets = [...scope.adoptedStyleSheets, sheet]
    // The element alone is watched: its neighbours are rows, which change with every byte of output.
    observer.observe(element, { childList: true, characterData: true, subtree: true })
    return sheet
  }

  observer.observe(screen, { childList: true })
  adoptAll()
  return () => {
    observer.disconnect()
    const mine = new Set(adopted.values())
    scope.adoptedStyleSheets = scope.adoptedStyleSheets.filter((sheet) => !mine.has(sheet))
  }
}
