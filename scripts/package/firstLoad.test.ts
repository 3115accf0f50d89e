/** What a page pays for a panel before it shows one. */
import { describe, expect, it } from 'vitest'
import { firstLoad } from './firstLoad.ts'

const kB = 1_000
/** What an app with a terminal has anyway. */
const given = [/^react(?:-dom)?(?:\/|$)/, /^@xterm\//]

describe('the first load', () => {
  it('is at most 20 kB gzipped for TerminalPanel on top of React and xterm.js; the rest is loaded later', async () => {
    const { gzipped, later } = await firstLoad(`export { TerminalPanel } from '/dist/react/index.js'`, given)
    console.log(`TerminalPanel: ${(gzipped / kB).toFixed(2)} kB at first, ${later.length} files later`)
    expect(gzipped).toBeGreaterThan(kB)
    expect(gzipped).toBeLessThanOrEqual(20 * kB)
    expect(later.length).toBeGreaterThan(3)
  })

  it('is counted with what is imported at once, and without what is imported later', async () => {
    const panel = await firstLoad(`export { TerminalPanel } from '/dist/react/index.js'`, given)
    const later = await firstLoad(`export const panel = () => import('/dist/react/index.js')`, given)
    const both = await firstLoad(`export * from '/dist/react/index.js'; export * from '/dist/server/index.js'`, given)
    expect(later.gzipped).toBeLessThan(2 * kB)
    expect(both.gzipped).toBeGreaterThan(panel.gzipped + 5 * kB)
  })
})
