/** Watches a terminal start, as a person would: when something of it is drawn, and when its prompt is. */

/** Milliseconds since the page was asked for. */
export interface Startup {
  /** The page's code runs and begins with the terminal. */
  readonly mount: number
  /** The first frame with something of the terminal in it. */
  readonly paint: number
  /** The first frame with the prompt in it. */
  readonly prompt: number
}

declare global {
  /** Resolves with the prompt. */
  var startup: Promise<Startup> | undefined
}

/** Call it as the last thing before the terminal is made. `frame` is what it draws first. */
export function watchStart(host: HTMLElement, frame: string): void {
  const mount = performance.now()
  globalThis.startup = (async () => {
    const paint = await drawn(() => host.querySelector(frame) !== null)
    const prompt = await drawn(() => host.querySelector('.xterm-rows')?.textContent.includes('$') === true)
    return { mount, paint, prompt }
  })()
}

/** The time after the frame in which it is true for the first time. */
async function drawn(isThere: () => boolean): Promise<number> {
  do await new Promise(requestAnimationFrame)
  while (!isThere())
  // A message that is sent while a frame is made comes after it.
  const { port1, port2 } = new MessageChannel()
  await new Promise((resolve) => {
    port1.onmessage = resolve
    port2.postMessage(null)
  })
  port1.close()
  return performance.now()
}
