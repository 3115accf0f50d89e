/** Pictures as pixels: read from PNG, and asked for the ground and the ink of a region. */
import { PNG } from 'pngjs'

export interface Picture {
  readonly width: number
  readonly height: number
  /** Four bytes a pixel: red, green, blue, opacity. */
  readonly data: Uint8Array
}

export interface Region {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export type Colour = readonly [red: number, green: number, blue: number]

/**
 * What a region looks like, in terms that another font or another way of smoothing edges leaves alone: the colour that covers
 * most of it, and the rest as the mean way from that ground to the ink, with the share of the region that it would fill if it
 * were solid.
 */
export interface Look {
  readonly ground: Colour
  /** Where the ink lies from the ground, not how thick it is: a vector of length 1, or 0 where there is next to none. */
  readonly ink: Colour
  /** 0 to 1: the mean distance from the ground, as a share of the largest possible one. */
  readonly amount: number
}

export function readPicture(png: Buffer): Picture {
  return PNG.sync.read(png)
}

/** Differences of one byte a channel are noise of the decoder or of blending. */
const SAME = 3
const FARTHEST = Math.sqrt(3 * 255 * 255)

export function lookOf(picture: Picture, region: Region): Look {
  const left = Math.max(0, Math.round(region.x))
  const top = Math.max(0, Math.round(region.y))
  const right = Math.min(picture.width, Math.round(region.x + region.width))
  const bottom = Math.min(picture.height, Math.round(region.y + region.height))
  const counts = new Map<number, number>()
  forEachPixel(picture, left, top, right, bottom, (red, green, blue) => {
    const key = (red << 16) | (green << 8) | blue
    counts.set(key, (counts.get(key) ?? 0) + 1)
  })
  let most = 0
  let ground: Colour = [0, 0, 0]
  for (const [key, count] of counts)
    if (count > most) {
      most = count
      ground = [key >> 16, (key >> 8) & 255, key & 255]
    }
  return { ground, ...inkOf(picture, left, top, right, bottom, ground) }
}

function inkOf(picture: Picture, left: number, top: number, right: number, bottom: number, ground: Colour): Omit<Look, 'ground'> {
  const sum = [0, 0, 0] as [number, number, number]
  let distance = 0
  let pixels = 0
  forEachPixel(picture, left, top, right, bottom, (red, green, blue) => {
    pixels++
    const way = [red - ground[0], green - ground[1], blue - ground[2]] as const
    if (way.every((channel) => Math.abs(channel) <= SAME)) return
    distance += Math.hypot(...way)
    for (const index of [0, 1, 2] as const) sum[index] += way[index]
  })
  const amount = pixels === 0 ? 0 : distance / pixels / FARTHEST
  const length = Math.hypot(...sum)
  return { amount, ink: length === 0 ? [0, 0, 0] : [sum[0] / length, sum[1] / length, sum[2] / length] }
}

function forEachPixel(
  { data, width }: Picture,
  left: number,
  top: number,
  right: number,
  bottom: number,
  see: (red: number, green: number, blue: number) => void,
): void {
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) {
      const at = (y * width + x) * 4
      see(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0)
    }
}
