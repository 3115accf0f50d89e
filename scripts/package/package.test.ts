/** The built package keeps its promises: each entry loads anywhere it may be imported and carries only what its users need. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Rolldown } from 'vite'
import { beforeAll, describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { entries, programs, typesOf } from '../entries.ts'
import { contentsOf, type Contents } from './contents.ts'

const root = join(import.meta.dirname, '../..')
const modules = Object.entries(manifest.exports).filter(
  (entry): entry is [string, { types: string; default: string }] => typeof entry[1] === 'object',
)
const forPages = ['.', './words/de', './details', './client', './protocol']
const forTests = ['./testing', './testing/msw', './testing/msw/page', './testing/node', './testing/playwright']
const forServers = ['./server', './server/node', './server/echo', './server/pty']

describe('the package', () => {
  it('exports each module that is built, types first', () => {
    expect(modules.map(([, target]) => target)).toEqual(
      Object.entries(entries).map(([name, source]) => ({ types: `./dist/${typesOf(source)}`, default: `./dist/${name}.js` })),
    )
    expect(modules.every(([, target]) => Object.keys(target)[0] === 'types')).toBe(true)
    expect(modules.map(([name]) => name).toSorted()).toEqual([...forPages, ...forServers, ...forTests].toSorted())
  })

  it.each(modules)('has what %s names', (_name, { types, default: code }) => {
    expect(existsSync(join(root, types))).toBe(true)
    expect(existsSync(join(root, code))).toBe(true)
  })

  it.each(modules)('loads %s where there is no page', (name) => {
    const specifier = manifest.name + name.slice(1)
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', `await import('${specifier}')`], {
      cwd: root,
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })

  it('names declarations by the extension that users have', () => {
    const declarations = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.d.ts'),
    )
    const left = declarations.filter((name) => /['"]\.[^'"\n]*\.tsx?['"]/.test(readFileSync(join(root, 'dist', name), 'utf8')))
    expect(declarations.length).toBeGreaterThanOrEqual(modules.length)
    expect(left).toEqual([])
  })

  it('has the programs that are built, each started by its own first line', () => {
    const built = Object.keys(programs).map((name) => `dist/${name}.js`)
    expect(Object.values(manifest.bin)).toEqual(built)
    for (const path of built) expect(readFileSync(join(root, path), 'utf8').split('\n', 1)).toEqual(['#!/usr/bin/env node'])
  })

  it('marks the panel for servers that render React', () => {
    expect(readFileSync(join(root, 'dist/react/index.js'), 'utf8')).toMatch(/^['"]use client['"]/)
  })

  it("brings xterm's own rules in its style sheet and asks nobody for more", () => {
    const styles = readFileSync(join(root, 'dist/styles.css'), 'utf8')
    expect(styles).toContain('.xterm-viewport')
    expect(styles).not.toMatch(/@import|url\(\s*['"]?https?:/)
  })
})

describe('what is inside', () => {
  let contents: ReadonlyMap<string, Contents>
  const inside = (name: string): Contents => {
    const found = contents.get(`${manifestPath(name)}.js`)
    if (found === undefined) throw new Error(`Nothing was built for ${name}`)
    return found
  }

  beforeAll(async () => {
    const built = await build({ root, logLevel: 'silent', build: { write: false } })
    const chunks = (Array.isArray(built) ? built : [built]).flatMap((one) => ('output' in one ? one.output : []))
    contents = contentsOf(
      chunks.filter((one): one is Rolldown.OutputChunk => one.type === 'chunk'),
      root,
    )
  }, 60_000)

  it.each(forPages)('%s has no server in it, and nothing of Node', (name) => {
    const { folders, packages } = inside(name)
    expect(folders.filter((folder) => !['protocol', 'client', 'react'].includes(folder))).toEqual([])
    expect(packages.filter((one) => one.startsWith('node:') || ['ws', '@lydell/node-pty'].includes(one))).toEqual([])
  })

  it.each(forServers)('%s has no page in it, and nothing of React', (name) => {
    const { folders, packages } = inside(name)
    expect(folders.filter((folder) => !['protocol', 'server'].includes(folder))).toEqual([])
    expect(packages.filter((one) => !one.startsWith('node:') && !['ws', '@lydell/node-pty'].includes(one))).toEqual([])
  })

  it.each([
    ['./testing', []],
    ['./testing/msw', ['msw']],
    ['./testing/msw/page', ['@mswjs/interceptors/WebSocket', '@mswjs/interceptors/fetch', 'msw/experimental']],
    ['./testing/node', ['node:crypto', 'node:http', 'node:net', 'node:tls', 'ws']],
    ['./testing/playwright', []],
  ])('%s asks for no package but %j', (name, packages) => {
    expect(inside(name).packages).toEqual(packages)
  })

  it.each([...forPages, ...forServers])('%s has nothing of the fake server in it', (name) => {
    const { folders } = inside(name)
    expect(folders.filter((folder) => folder === 'testing' || folder.includes('mock-server'))).toEqual([])
    expect(inside('./testing').folders.filter((folder) => folder.includes('mock-server'))).not.toEqual([])
  })

  it.each(['./client', './protocol', './server', './server/echo'])('%s asks for no package at all', (name) => {
    expect(inside(name).packages).toEqual([])
  })

  it('./client and ./protocol carry nothing of React', () => {
    expect(inside('./client').folders.toSorted()).toEqual(['client', 'protocol'])
    expect(inside('./protocol').folders).toEqual(['protocol'])
  })
})

function manifestPath(name: string): string {
  const target = modules.find(([exported]) => exported === name)?.[1].default ?? ''
  return target.replace('./dist/', '').replace(/\.js$/, '')
}
