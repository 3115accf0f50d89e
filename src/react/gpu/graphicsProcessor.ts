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
  const info = context.getExtension('WEBGL_debug_renderer_info')
  const name = String(context.getParameter(info === null ? context.RENDERER : info.UNMASKED_RENDERER_WEBGL))
  context.getExtension('WEBGL_lose_context')?.loseContext()
  return !/swiftshader|llvmpipe|software|basic render/i.test(name)
}
