/** The table of features names stories, claims of tests and places of docs that there are, and every call and event of the panel is tried in a browser. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { storyNameFromExport, toId } from 'storybook/internal/csf'
import { describe, expect, it } from 'vitest'
import { tables } from './panelTables.ts'

const root = join(import.meta.dirname, '..')
const docs = join(root, 'docs')
const rows = readFileSync(join(docs, 'features.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| what |'))
  .map((line) => line.split('|').slice(1, -1))
  .map(([what = '', story = '', test = '', told = '', ...more]) => ({ what: what.trim(), story, test, told: told.trim(), more }))

/** Every story's id, as Storybook makes it of a title and the name of an export. */
function storyIds(): ReadonlySet<string> {
  const folder = join(root, 'stories')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.stories.tsx'))
  return new Set(
    files.flatMap((name) => {
      const source = readFileSync(join(folder, name), 'utf8')
      const [, title = ''] = /title: '([^']+)'/.exec(source) ?? []
      return [...source.matchAll(/^export const (\w+): Story/gm)].map(([, story = '']) => toId(title, storyNameFromExport(story)))
    }),
  )
}

/** `clipboard` “…”, “…”: the file, and words of its claims. */
function claims(cell: string): readonly { readonly file: string; readonly words: readonly string[] }[] {
  return [...cell.matchAll(/`([\w/]+)`((?:,? “[^”]+”)+)/g)].map(([, name = '', words = '']) => ({
    file: `${name.includes('/') ? name : `e2e/${name}`}.test.ts`,
    words: [...words.matchAll(/“([^”]+)”/g)].map(([, one = '']) => one),
  }))
}

/** As GitHub makes them of headings. */
function anchorsOf(page: string): readonly string[] {
  return [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  )
}

function namesIn(table: string): readonly string[] {
  const members = tables[table]
  if (members === undefined) throw new Error(`There is no table of ${table}.`)
  return members().map(({ name }) => name)
}

describe('the table of features', () => {
  const ids = storyIds()

  it('has all eight parts, and four cells a line', () => {
    expect(readFileSync(join(docs, 'features.md'), 'utf8').match(/^## \d/gm)).toHaveLength(8)
    expect(rows.length).toBeGreaterThan(50)
    expect(rows.filter(({ more, told, what }) => more.length > 0 || told === '' || what === '')).toEqual([])
  })

  it.each(rows.map((row) => [row.what, row] as const))('has a story of: %s', (_what, { story }) => {
    const named = [...story.matchAll(/`([a-z0-9-]+--[a-z0-9-]+)`/g)].map(([, id = '']) => id)
    expect(named.filter((id) => !ids.has(id))).toEqual([])
    expect(named.length > 0 || /\bstory\b/.test(story)).toBe(true)
  })

  it.each(rows.map((row) => [row.what, row] as const))('has a claim in a browser of: %s', (_what, { test }) => {
    const named = claims(test)
    expect(named.length).toBeGreaterThan(0)
    for (const { file, words } of named) {
      const source = readFileSync(join(root, file), 'utf8').replaceAll("\\'", "'")
      expect(words.filter((one) => !source.includes(one))).toEqual([])
    }
  })

  it.each(rows.map((row) => [row.what, row] as const))('has a place in the docs for: %s', (_what, { told }) => {
    const [, page = '', anchor = ''] = /^\[[^\]]+\]\(([\w-]+\.md)#([\w-]+)\)$/.exec(told) ?? []
    expect(existsSync(join(docs, page))).toBe(true)
    expect(anchorsOf(readFileSync(join(docs, page), 'utf8'))).toContain(anchor)
  })
})

describe('in a browser', () => {
  const journeys = readdirSync(join(root, 'e2e'))
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(root, 'e2e', name), 'utf8'))
    .join('\n')

  it.each(namesIn('handle'))('somebody calls %s', (call) => {
    expect(journeys).toMatch(new RegExp(`\\.${/^\w+/.exec(call)?.[0]}\\(`))
  })

  it.each(namesIn('events'))('somebody hears %s', (event) => {
    expect(journeys).toMatch(new RegExp(`\\b${event}\\b`))
  })
})
