/** The README says what is there: its code compiles and is that of the examples, its commands and its links exist. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import manifest from '../package.json' with { type: 'json' }

const root = join(import.meta.dirname, '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const blocks = [...readme.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', code = '']) => ({ language, code }))

it('compiles, block by block', () => {
  const typed = blocks.filter(({ language }) => language === 'ts' || language === 'tsx')
  expect(typed.length).toBeGreaterThan(5)
  mkdirSync(join(root, 'reports'), { recursive: true })
  const folder = mkdtempSync(join(root, 'reports/readme-'))
  try {
    for (const [index, { code }] of typed.entries()) writeFileSync(join(folder, `block${index}.tsx`), `${code}\nexport {}\n`)
    // What the blocks of the host app import from beside themselves.
    writeFileSync(join(folder, 'App.tsx'), `export { App } from '../../examples/host-app/src/App.tsx'\n`)
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../../tsconfig.json', include: ['*.tsx'] }))
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const { stdout, status } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })
    // What they import has a check of its own.
    expect(stdout.split('\n').filter((line) => line.startsWith('reports'))).toEqual([])
    expect(status).not.toBeNull()
  } finally {
    rmSync(folder, { recursive: true })
  }
}, 60_000)

it.each(['src/App.test.tsx', 'e2e/terminal.spec.ts', 'src/mocks.ts'])('shows %s of the host app as it is', (name) => {
  const [, ...lines] = readFileSync(join(root, 'examples/host-app', name), 'utf8').split('\n')
  expect(blocks.map(({ code }) => code)).toContain(lines.join('\n'))
})

it('names only commands that there are', () => {
  const named = [...readme.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name)
  expect(named.length).toBeGreaterThan(5)
  expect(named.filter((name) => !(name in manifest.scripts))).toEqual([])
})

it('names only files and entries that there are', () => {
  const links = [...readme.matchAll(/\]\((?!https?:|#)([^)\s]+)\)/g)].map(([, path = '']) => path)
  expect(links.length).toBeGreaterThan(1)
  expect(links.filter((path) => !existsSync(join(root, path)))).toEqual([])
  const entries = [...readme.matchAll(/@nimbus\/terminal(\/[\w./]+)?(?=['`])/g)].map(([, path = '']) => `.${path}`)
  expect(entries.filter((name) => !(name in manifest.exports))).toEqual([])
})
