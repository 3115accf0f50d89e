/** The pages of docs/ say what is there: their code compiles, their links and files exist, and every variable of the style sheets is named. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const docs = join(root, 'docs')
const pages = readdirSync(docs)
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({ name, text: readFileSync(join(docs, name), 'utf8') }))

it('compile, block by block', () => {
  const blocks = pages.flatMap(({ text }) => [...text.matchAll(/^```tsx?\n(.*?)^```$/gms)].map(([, code = '']) => code))
  expect(blocks.length).toBeGreaterThan(5)
  mkdirSync(join(root, 'reports'), { recursive: true })
  const folder = mkdtempSync(join(root, 'reports/pages-'))
  try {
    for (const [index, code] of blocks.entries()) writeFileSync(join(folder, `block${index}.tsx`), `${code}\nexport {}\n`)
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../../tsconfig.json', include: ['*.tsx'] }))
    const { stdout } = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], {
      encoding: 'utf8',
    })
    expect(stdout.split('\n').filter((line) => line.startsWith('reports'))).toEqual([])
  } finally {
    rmSync(folder, { recursive: true })
  }
}, 60_000)

it.each(pages.map(({ name, text }) => [name, text] as const))('link to what there is: %s', (_name, text) => {
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)\s#]+)[^)]*\)/g)].map(([, path = '']) => path)
  expect(links.filter((path) => !existsSync(join(docs, path)))).toEqual([])
})

it('name files that there are', () => {
  const named = pages.flatMap(({ text }) =>
    [...text.matchAll(/`((?:src|e2e|scripts|examples)\/[\w./-]+\.\w+)`/g)].map(([, path = '']) => path),
  )
  expect(named.length).toBeGreaterThan(4)
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
})

it('name every variable of the look, and none that there is not', () => {
  const sheets = readdirSync(join(root, 'src/react'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.css'),
  )
  const css = sheets.map((name) => readFileSync(join(root, 'src/react', name), 'utf8')).join('\n')
  const read = new Set([...css.matchAll(/--nimbus-terminal-([a-z-]+)/g)].map(([, name = '']) => name))
  const page = readFileSync(join(docs, 'theming.md'), 'utf8')
  const table = page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .join('\n')
  const told = new Set([...table.matchAll(/`([a-z-]+[a-z])`/g)].map(([, name = '']) => name))
  expect([...read].filter((name) => !told.has(name))).toEqual([])
  expect([...told].filter((name) => !read.has(name))).toEqual([])
})
