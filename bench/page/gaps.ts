/** The gaps between the frames that the browser draws, while somebody asks for one each time. */

export function gapWatch(): { stop(): number; readonly gaps: number[] } {
  const gaps: number[] = []
  let last: number | null = null
  let handle = requestAnimationFrame(function frame(now) {
    if (last !== null) gaps.push(now - last)
    last = now
    handle = requestAnimationFrame(frame)
  })
  return {
    gaps,
    stop() {
      cancelAnimationFrame(handle)
      return Math.max(0, ...gaps)
    },
  }
}
