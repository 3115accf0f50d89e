/** The published style sheet stands alone. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writeStyles } from './styles.ts'

it('has the text of what it imports in the place of the import', () => {
  const folder = mkdtempSync(join(tmpdir(), 'styles-'))
  try {
    writeFileSync(join(folder, 'a.css'), `@import './b.css';\n.a {}\n`)
    writeFileSync(join(folder, 'b.css'), `.b {}`)
    writeStyles(join(folder, 'a.css'), join(folder, 'out.css'))
    expect(readFileSync(join(folder, 'out.css'), 'utf8')).toBe('.b {}\n.a {}\n')
    writeFileSync(join(folder, 'a.css'), `@import './missing.css';\n`)
    expect(() => writeStyles(join(folder, 'a.css'), join(folder, 'out.css'))).toThrow('missing.css')
  } finally {
    rmSync(folder, { recursive: true })
  }
})
