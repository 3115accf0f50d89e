/** Keeps the looks of xterm.js working under a content security policy that blocks style elements and style attributes. Loaded only there. */
import type { Terminal } from '@xterm/xterm'

/** Call it when the terminal is open; returns what takes the styles away again. */
export function keepStyles(terminal: Terminal): () => void {
  if (terminal.element === undefined) return () => {}
  allowStyleAttributes(terminal)
  return adoptStyles(terminal.element.querySelector<HTMLElement>('.xterm-screen') ?? terminal.element)
}

/** Where xterm.js 6.0.0 keeps what makes the spans of a row. None of this is public. */
interface Inside {
  readonly _core?: {
    readonly _renderService?: { readonly _renderer?: { readonly value?: { readonly _rowFactory?: { _document?: Document } } } }
  }
}

/**
 * Lets the spans of rows take a style attribute through their own style object, which policies allow: 24-bit colours and
 * corrected contrasts are set that way. With another version of xterm.js, which looks different inside, they stay plain.
 */
function allowStyleAttributes(terminal: object): void {
  const inside: Inside = terminal
  const factory = inside._core?._renderService?._renderer?.value?._rowFactory
  if (factory?._document instanceof Document) factory._document = withoutStyleAttributes(factory._document)
}

function withoutStyleAttributes(real: Document): Document {
  const createElement = (name: string): HTMLElement => {
    const element = real.createElement(name)
    element.setAttribute = (key: string, value: string) => {
      if (key === 'style') element.style.cssText = value
      else Element.prototype.setAttribute.call(element, key, value)
    }
    return element
  }
  // Elements are all that rows are made of. It inherits from a document, so it is one to the types.
  return Object.create(real, { createElement: { value: createElement } }) as Document
}

/**
 * xterm.js writes its theme and cell sizes into style elements. Their text is adopted as constructed sheets, which policies
 * allow. Returns a function that takes the sheets away.
 */
function adoptStyles(screen: HTMLElement): () => void {
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
