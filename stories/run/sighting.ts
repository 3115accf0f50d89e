/** What a person sees of a story, written down: a picture, and the parts of the panel with their places. */
import type { Page } from 'playwright'
import { type Picture, type Region, readPicture } from './picture.ts'

/** A part of the panel that stands somewhere, or a row of its grid. Pixels from the corner of the picture. */
export interface Part extends Region {
  /** What it is, in the panel's own terms: `line`, `btn`, `row`. */
  readonly kind: string
  /** What it says, or its accessible name. Empty for a row of the grid: its letters are the story's own business. */
  readonly text: string
}

export interface Sighting {
  readonly picture: Picture
  readonly parts: readonly Part[]
}

export interface RawSighting {
  readonly png: Buffer
  readonly parts: readonly Part[]
}

export function seen({ png, parts }: RawSighting): Sighting {
  return { picture: readPicture(png), parts }
}

const LOOKS = 20

/** Looks at the story that stands in the page until nothing moves in it any more. Throws if that never is. */
export async function look(page: Page): Promise<RawSighting> {
  const stage = page.locator('[data-stage]')
  let before: RawSighting | null = null
  for (let n = 0; n < LOOKS; n++) {
    const parts = await stage.evaluate(partsBelow)
    const png = await stage.screenshot({ animations: 'disabled', caret: 'hide', scale: 'css' })
    if (before?.png.equals(png)) return { png, parts }
    before = { png, parts }
  }
  throw new Error('The story never stands still.')
}

/** Runs in the page. */
function partsBelow(stage: Element): Part[] {
  const corner = stage.getBoundingClientRect()
  const parts: Part[] = []
  const add = (kind: string, text: string, box: DOMRect): void => {
    const [x, y] = [Math.round(box.x - corner.x), Math.round(box.y - corner.y)]
    parts.push({ kind, text, x, y, width: Math.round(box.width), height: Math.round(box.height) })
  }
  for (const grid of stage.querySelectorAll('.xterm')) {
    const box = grid.getBoundingClientRect()
    const row = Number.parseFloat(getComputedStyle(grid).getPropertyValue('--nimbus-terminal-row-height')) || 18
    for (let y = 0; y + row <= box.height + 1; y += row) add('row', '', new DOMRect(box.x, box.y + y, box.width, row))
  }
  const walk = (element: Element): void => {
    if (element.matches('.xterm, .nt-vh, script, style')) return
    const style = getComputedStyle(element)
    if (style.display === 'none' || style.visibility === 'hidden' || style.opacity === '0') return
    const box = element.getBoundingClientRect()
    const kind = [...element.classList].find((name) => name.startsWith('nt-'))?.slice(3)
    const control = element.matches('button, a, input, select, [role]')
    if ((kind !== undefined || control) && box.width > 0 && box.height > 0) {
      const own = element.children.length === 0 || control ? element.textContent : ''
      const text = element.getAttribute('aria-label') ?? own
      add(kind ?? element.getAttribute('role') ?? element.localName, text.trim().replaceAll(/\s+/g, ' '), box)
    }
    if (element.localName !== 'svg') for (const child of element.children) walk(child)
  }
  for (const child of stage.children) walk(child)
  return parts
}
