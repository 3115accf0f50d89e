/** Nothing that is committed depends on one machine, or on one package registry. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')

/** In parts, so that this file does not name them itself. */
const registries = [
  ['registry', 'npmjs', 'org'],
  ['registry', 'yarnpkg', 'com'],
  ['registry', 'npmmirror', 'com'],
  ['npm', 'pkg', 'github', 'com'],
].map((parts) => parts.join('.'))
/** Where working copies lie, and the home of whoever runs this; people of examples may live in /home. */
const places = [...['Users', 'root', 'work', 'private', 'mnt'].map((top) => `/${top}`), homedir()]
const machinePath = new RegExp(`(?<![\\w.~@*:/)}\\]-])(?:${places.join('|')})/[\\w.-]+`)
const anyRegistryField = new RegExp(['"', 'resolved', '": "https?:'].join(''))

function complaints(path: string, text: string): string[] {
  const names = registries.filter((host) => text.includes(host))
  const paths = machinePath.exec(text) ?? []
  return [...names, ...paths, ...(anyRegistryField.exec(text) ?? [])].map((what) => `${path} names ${what}`)
}

function tracked(): string[] {
  const { stdout, status } = spawnSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 })
  if (status !== 0) throw new Error('This test asks git for the tracked files, and git did not answer')
  return stdout.split('\0').filter((path) => path !== '' && !/\.(?:png|jpg|woff2?|ico)$/.test(path))
}

function textOf(path: string): string {
  try {
    return readFileSync(join(root, path), 'utf8')
  } catch {
    return '' // tracked, but deleted here
  }
}

describe('tracked files', () => {
  it('name no registry host and no path of one machine', () => {
    const files = tracked()
    expect(files).toContain('package-lock.json')
    expect(files.flatMap((path) => complaints(path, textOf(path)))).toEqual([])
  })

  it('would be caught if they did', () => {
    expect(complaints('a', `fetch('https://${registries[0]}/x')`)).toHaveLength(1)
    expect(complaints('a', `cd ${['', 'root', 'x'].join('/')}`)).toHaveLength(1)
    expect(complaints('a', `"${['', 'Users', 'someone'].join('/')}"`)).toHaveLength(1)
    expect(complaints('a', ['"resolved', '": "', 'https://example.com/a.tgz"'].join(''))).toHaveLength(1)
    expect(complaints('a', `import x from '../root/page.ts'; GET /api/v1/jobs/x; cd /home/ana`)).toEqual([])
  })
})
