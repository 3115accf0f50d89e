/** Whether this page's WebGL is drawn by a graphics processor. Asked once, and not before a panel is in view. */

let answer: boolean | undefined

/** In software WebGL is slower than the DOM. */
export function hasGraphicsProcessor(document: Document): boolean {
  answer ??= probe(document.createElement('canvas'))
  return answer
}

function probe(canvas: HTMLCanvasElement): boolean {
  const context = canvas.getContext('webgl2', { failIfMajorPerformanceCaveat: true })
  if (context === null) return false
  const name = rendererOf(context)
  context.getExtension('WEBGL_lose_context')?.loseContext()
  return !/swiftshader|llvmpipe|software|basic render/i.test(name)
}

/** Firefox tells it by itself, and writes a warning into the console for the extension; the others tell nothing without that. */
function rendererOf(context: WebGL2RenderingContext): string {
  const name = String(context.getParameter(context.RENDERER))
  const info = name === 'WebKit WebGL' ? context.getExtension('WEBGL_debug_renderer_info') : null
  return info === null ? name : String(context.getParameter(info.UNMASKED_RENDERER_WEBGL))
}
