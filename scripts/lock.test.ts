/** The lock can be installed on every platform that its packages know: no optional package is named without an entry. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

interface Lock {
  readonly packages: Readonly<Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>>
}

/** One line for each optional dependency that the lock does not hold; npm looks for it in each folder upwards. */
function holes({ packages }: Lock): string[] {
  return Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !foldersAbove(place).some((folder) => `${folder}node_modules/${name}` in packages))
      .map((name) => `${place} names ${name}`),
  )
}

/** `a/node_modules/b` → `a/node_modules/b/`, `a/`, and the root. */
function foldersAbove(place: string): string[] {
  const parts = place.split('node_modules/').slice(1)
  const folders = parts.map(
    (_part, index) =>
      `node_modules/${parts
        .slice(0, index + 1)
        .join('node_modules/')
        .replace(/\/$/, '')}/`,
  )
  return ['', ...folders]
}

describe('the lock', () => {
  it('has an entry for every optional package that it names', () => {
    expect(holes(JSON.parse(readFileSync(join(import.meta.dirname, '../package-lock.json'), 'utf8')))).toEqual([])
  })

  it('would be caught with a hole', () => {
    const nested = { 'node_modules/a/node_modules/b': { optionalDependencies: { c: '1' } } }
    expect(holes({ packages: nested })).toEqual(['node_modules/a/node_modules/b names c'])
    for (const place of ['node_modules/c', 'node_modules/a/node_modules/c', 'node_modules/a/node_modules/b/node_modules/c']) {
      expect(holes({ packages: { ...nested, [place]: {} } })).toEqual([])
    }
  })
})
