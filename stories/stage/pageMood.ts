/** Makes a page believe that it is hidden or without a network, for everything in it, until it is told otherwise. */

export interface PageMood {
  hidden: boolean
  offline: boolean
}

let mood: PageMood = { hidden: false, offline: false }

/** Puts the page into this mood and lets it know, as a browser does. */
export function setPageMood(next: PageMood): void {
  const before = mood
  mood = { ...next }
  if (before.hidden !== mood.hidden) {
    override(document, 'hidden', mood.hidden ? () => true : null)
    override(document, 'visibilityState', mood.hidden ? () => 'hidden' : null)
    document.dispatchEvent(new Event('visibilitychange'))
  }
  if (before.offline !== mood.offline) {
    override(navigator, 'onLine', mood.offline ? () => false : null)
    window.dispatchEvent(new Event(mood.offline ? 'offline' : 'online'))
  }
}

/** The object's own property hides the one of its prototype; without it the browser's answer is back. */
function override(object: Document | Navigator, name: string, get: (() => unknown) | null): void {
  if (get === null) Reflect.deleteProperty(object, name)
  else Object.defineProperty(object, name, { configurable: true, get })
}
