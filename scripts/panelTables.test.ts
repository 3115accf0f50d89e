/** The page about the panel names all that the types have, in their sentences. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { panelPage, tables, withTables } from './panelTables.ts'

const page = readFileSync(panelPage, 'utf8')

it('has the tables that `node scripts/panelTables.ts` would write', () => {
  expect(page).toBe(withTables(page))
})

it.each(Object.entries(tables))('has a table of %s, each with a sentence', (name, members) => {
  expect(page).toContain(`<!-- ${name} -->`)
  expect(members().length).toBeGreaterThan(2)
  expect(
    members()
      .filter(({ doc }) => !doc.endsWith('.'))
      .map((member) => member.name),
  ).toEqual([])
})
