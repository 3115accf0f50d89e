/** What a browser's page has and the tests' page lacks, as far as an emulator asks for it. */

class NoResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

class NoIntersectionObserver extends NoResizeObserver {}

/** Call before the first panel mounts. Nothing is ever resized, and no media query matches. */
export function standIn(): void {
  const never = new EventTarget()
  Object.assign(globalThis, {
    ResizeObserver: NoResizeObserver,
    IntersectionObserver: NoIntersectionObserver,
    matchMedia: (media: string) => Object.assign(never, { matches: false, media, addListener() {}, removeListener() {} }),
  })
  Object.assign(document, { fonts: Object.assign(new EventTarget(), { ready: Promise.resolve() }) })
  // The ruler paints on a canvas, and colours that are not plain are read from a painted pixel.
  const paper = {
    clearRect() {},
    fillRect() {},
    createLinearGradient: () => ({}),
    getImageData: () => ({ data: [0, 0, 0, 255] }),
  }
  Object.assign(HTMLCanvasElement.prototype, { getContext: () => paper })
}

/** What xterm.js still draws and writes when it ends, and does not call off: for the end of a file of tests. */
export async function lastFrame(): Promise<void> {
  for (let frames = 0; frames < 2; frames++) await new Promise<unknown>((drawn) => void requestAnimationFrame(drawn))
  await new Promise<unknown>((done) => void setTimeout(done, 0))
}
