/** What a page pays for a panel before it shows one. */
import { describe, expect, it } from 'vitest'
import { firstLoad } from './firstLoad.ts'

const kB = 1_000
/** What an app with a terminal has anyway. */
const given = [/^react(?:-dom)?(?:\/|$)/, /^@xterm\//]

describe('the first load', () => {
  it('is at most 7.2 kB gzipped for TerminalPanel on top of React and xterm.js; the rest is loaded later', async () => {
    const { gzipped, later } = await firstLoad(`export { TerminalPanel } from '/dist/react/index.js'`, given)
    console.log(`TerminalPanel: ${(gzipped / kB).toFixed(2)} kB at first, ${later.length} files later`)
    expect(gzipped).toBeGreaterThan(kB)
    expect(gzipped).toBeLessThanOrEqual(7.2 * kB)
    expect(later.length).toBeGreaterThan(3)
  })

  // A terminal that types is the client, the session, its words and the emulator: none of them can be missed until then.
  it('is at most 62 kB with everything that comes until the first prompt takes a key; the features come after it', async () => {
    const load = await firstLoad(`export { TerminalPanel } from '/dist/react/index.js'`, given)
    const prompt = load.with('rest', 'library')
    const features = load.with('rest', 'library', 'lateSlots') - prompt
    console.log(
      `TerminalPanel: ${(prompt / kB).toFixed(2)} kB until the first prompt, ${(features / kB).toFixed(2)} kB of features`,
    )
    expect(prompt).toBeGreaterThan(load.gzipped + 20 * kB)
    expect(prompt).toBeLessThanOrEqual(62 * kB)
    expect(features).toBeGreaterThan(10 * kB)
  })

  it('is counted with what is imported at once, and without what is imported later', async () => {
    const panel = await firstLoad(`export { TerminalPanel } from '/dist/react/index.js'`, given)
    const later = await firstLoad(`export const panel = () => import('/dist/react/index.js')`, given)
    const both = await firstLoad(`export * from '/dist/react/index.js'; export * from '/dist/server/index.js'`, given)
    expect(later.gzipped).toBeLessThan(2 * kB)
    expect(both.gzipped).toBeGreaterThan(panel.gzipped + 5 * kB)
  })
})
