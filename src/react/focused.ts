/** What has the focus, as seen from an element: in a shadow tree the document only knows the tree's host. */

/** Null where nothing has it, and for an element that stands nowhere. */
export function focusedBeside(element: Element): Element | null {
  const root = element.getRootNode()
  return root instanceof Document || root instanceof ShadowRoot ? root.activeElement : null
}
