/** The arithmetic of the on-screen keyboard. */
import { expect, test } from 'vitest'
import { coveredBy } from './covered.ts'

const screen = { offsetTop: 0, height: 640, layoutHeight: 640, scale: 1 }
const withKeyboard = { ...screen, height: 360 }

test('gives up what the keyboard covers, and takes it back', () => {
  expect(coveredBy(screen, { top: 0, bottom: 640 }, 0)).toBe(0)
  expect(coveredBy(withKeyboard, { top: 0, bottom: 640 }, 0)).toBe(280)
  // It has given up 280 already: its box ends at 360 now.
  expect(coveredBy(withKeyboard, { top: 0, bottom: 360 }, 280)).toBe(280)
  expect(coveredBy(screen, { top: 0, bottom: 360 }, 280)).toBe(0)
})

test('a panel above the keyboard keeps its height', () => {
  expect(coveredBy(withKeyboard, { top: 20, bottom: 340 }, 0)).toBe(0)
})

test('follows a page that the browser has pushed up', () => {
  expect(coveredBy({ ...withKeyboard, offsetTop: 100 }, { top: 0, bottom: 640 }, 0)).toBe(180)
})

test('is never made too small to read', () => {
  expect(coveredBy(withKeyboard, { top: 300, bottom: 640 }, 0)).toBe(220)
  expect(coveredBy(withKeyboard, { top: 600, bottom: 640 }, 0)).toBe(0)
})

test('gives up nothing where no keyboard is, however far the panel goes below the fold', () => {
  expect(coveredBy(screen, { top: 0, bottom: 2000 }, 0)).toBe(0)
  expect(coveredBy({ ...screen, height: 580 }, { top: 0, bottom: 640 }, 0)).toBe(0)
})

test('stays as it is while the person has zoomed in', () => {
  expect(coveredBy({ ...screen, offsetTop: 200, height: 160, scale: 2 }, { top: 0, bottom: 360 }, 280)).toBe(280)
})
