/** What is drawn in a part of a picture of a page. */
import { PNG } from 'pngjs'

/** In pixels of the picture. */
export interface Part {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** The part of a picture that lies at this place of the page, which has so many pixels to a CSS pixel. */
export function scaled({ x, y, width, height }: Part, pixelRatio: number): Part {
  const [left, top] = [Math.round(x * pixelRatio), Math.round(y * pixelRatio)]
  return {
    x: left,
    y: top,
    width: Math.round((x + width) * pixelRatio) - left,
    height: Math.round((y + height) * pixelRatio) - top,
  }
}

/** Far from the ground, of 255. */
const STRONG = 100

/** Rows and columns of pixels in which nothing strong is drawn. The ground is the pixel in the upper left corner. */
export function blanks(picture: Buffer, part: Part): { readonly rows: number; readonly columns: number } {
  const { data, width } = PNG.sync.read(picture)
  const green = (x: number, y: number): number => data[((part.y + y) * width + part.x + x) * 4 + 1] ?? 0
  const ground = green(0, 0)
  const rows = new Set<number>()
  const columns = new Set<number>()
  for (let y = 0; y < part.height; y++)
    for (let x = 0; x < part.width; x++)
      if (Math.abs(green(x, y) - ground) > STRONG) {
        rows.add(y)
        columns.add(x)
      }
  return { rows: part.height - rows.size, columns: part.width - columns.size }
}
