/** How much of a panel the on-screen keyboard hides, so that the panel can end above it. */

/** The part of the page that can be seen, in the coordinates of `getBoundingClientRect`. */
export interface VisiblePart {
  readonly offsetTop: number
  readonly height: number
  /** The height that the page is laid out in. */
  readonly layoutHeight: number
  /** 1 unless the person has zoomed with two fingers. */
  readonly scale: number
}

export interface Box {
  readonly top: number
  readonly bottom: number
}

/** The panel is never made lower than this. */
const LEAST = 120
/** Less than this is a bar of the browser that comes and goes. */
const KEYBOARD = 100

/**
 * Pixels that the panel should give up at its end. `box` is the panel's, `given` what it has given up already. Nothing while
 * the person has zoomed in: then a part of the page is out of sight on purpose.
 */
export function coveredBy(visible: VisiblePart, box: Box, given: number): number {
  if (visible.scale > 1.05) return given
  if (visible.layoutHeight - visible.height < KEYBOARD) return 0
  const whole = box.bottom + given
  const hidden = Math.ceil(whole - (visible.offsetTop + visible.height))
  const most = Math.max(0, Math.floor(whole - box.top) - LEAST)
  return Math.max(0, Math.min(hidden, most))
}
