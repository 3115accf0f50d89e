/** Whether the grid of a session is in view: scrolled to, and in no tab of the page that is closed. */

export interface Sight {
  inView(): boolean
  /** Called with each change, and soon after the first call if the grid is in view. */
  watch(listener: () => void): void
  dispose(): void
}

export function sight(host: HTMLElement): Sight {
  let inView = false
  const listeners: (() => void)[] = []
  const observer = new IntersectionObserver((entries) => {
    inView = entries.at(-1)?.isIntersecting ?? false
    for (const listener of listeners) listener()
  })
  return {
    inView: () => inView,
    watch(listener) {
      if (listeners.push(listener) === 1) observer.observe(host)
      else if (inView) listener()
    },
    dispose: () => observer.disconnect(),
  }
}
