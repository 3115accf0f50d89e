/** Cells are whole device pixels wide with every renderer, whatever steps a browser has its fonts in. */
import { afterEach, expect, test, vi } from 'vitest'
import { cutWidth, measureCell, wholeCells, type Look } from './look.ts'

const look: Look = {
  fontFamily: 'monospace',
  fontSize: 13,
  rowHeight: 18,
  contrastRatio: 4.5,
  theme: undefined,
  warn: '',
  error: '',
}

/** A canvas of a browser that knows font sizes in steps of so many CSS pixels, and widths in sixtieths of one. */
function drawsInSteps(fontStep: number): void {
  class Canvas {
    readonly getContext = () => ({
      font: '',
      measureText() {
        const size = Math.round(Number.parseFloat(this.font) / fontStep) * fontStep
        return { width: Math.floor(size * 0.60205 * 60) / 60, fontBoundingBoxAscent: 12, fontBoundingBoxDescent: 3 }
      },
    })
  }
  vi.stubGlobal('OffscreenCanvas', Canvas)
}

afterEach(() => vi.unstubAllGlobals())

test.each([
  ['fine steps', 1 / 64],
  ['coarse ones', 1 / 8],
])('a browser with %s of fonts gets a size whose cells are whole pixels, or are cut to them', (_name, step) => {
  drawsInSteps(step)
  const probe = document.createElement('i')
  for (const ratio of [1, 1.25, 1.5, 2])
    for (let fontSize = 9; fontSize <= 24; fontSize++) {
      vi.stubGlobal('devicePixelRatio', ratio)
      const { width } = measureCell(probe, wholeCells(probe, { ...look, fontSize }, ratio)) ?? { width: 0 }
      const over = width * ratio - Math.floor(width * ratio + 1e-6)
      // What WebGL cuts off comes to less than a cell over a row of 100.
      expect(over, `${fontSize} px at ${ratio}`).toBeLessThan(0.05)
    }
})

test('a letter that is well between two pixels keeps its width', () => {
  expect(cutWidth(8.05, 1)).toBe(8)
  expect(cutWidth(8.04, 1)).toBe(8.04)
  expect(cutWidth(8.3, 1)).toBe(8.3)
  expect(cutWidth(8.07, 2)).toBe(8)
  expect(cutWidth(0.06, 1)).toBe(0.06)
})
