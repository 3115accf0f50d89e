/** The table of browsers names claims that there are, and leaves no cell of Firefox or WebKit without one or a word why. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const folder = join(root, 'e2e/engines')
const rows = readFileSync(join(root, 'docs/browsers.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| .* \| .* \| .* \| .* \|$/.test(line) && !line.startsWith('| feature |'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, feature = '', , firefox = '', webKit = '']) => ({ feature, firefox, webKit }))
  // The table of the engines themselves has these columns too.
  .filter(({ feature }) => !['engine', 'Chromium', 'Firefox', 'WebKit'].includes(feature))

const sourceOf = (name: string): string => readFileSync(join(root, `e2e/${name}.test.ts`), 'utf8')

/** `engines/deeds` “…”, “…”: the file, and words of its claims. */
const claims = (cell: string) =>
  [...cell.matchAll(/`(engines\/\w+)`((?:,? “[^”]+”)+)/g)].flatMap(([, file = '', words = '']) =>
    [...words.matchAll(/“([^”]+)”/g)].map(([, one = '']) => ({ file, one })),
  )

describe('the table of browsers', () => {
  it('has a claim, a word why not, or a dash in each cell', () => {
    expect(rows.length).toBeGreaterThan(30)
    for (const { firefox, webKit } of rows) {
      expect(firefox).toMatch(/^(?:not tried\b|–$|`engines\/)/)
      expect(webKit).toMatch(/^(?:not tried\b|does not work\b|–$|`engines\/|the same\b)/)
      if (webKit.startsWith('the same')) expect(firefox).toMatch(/^`engines\//)
    }
  })

  it('names claims that there are', () => {
    const named = rows.flatMap(({ firefox, webKit }) => [...claims(firefox), ...claims(webKit)])
    expect(named.length).toBeGreaterThan(30)
    expect(named.filter(({ file, one }) => !sourceOf(file).includes(one))).toEqual([])
  })

  it('names every file of claims', () => {
    const all = readdirSync(folder).map((name) => `engines/${name.replace('.test.ts', '')}`)
    const named = new Set(rows.flatMap(({ firefox, webKit }) => [...claims(firefox), ...claims(webKit)].map(({ file }) => file)))
    expect(all.filter((file) => !named.has(file))).toEqual([])
  })
})
