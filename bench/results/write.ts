/** Writes the result page, its charts and its figures from what the last runs left in reports/bench. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import type { Measured } from './find.ts'
import { render, wordsOf, type Files } from './page.ts'

const ROOT = join(import.meta.dirname, '../..')
const DOCS = join(ROOT, 'docs')
export const FIGURES = join(DOCS, 'performance', 'figures.json')
const NOTES = join(import.meta.dirname, 'notes.md')

/** The files that belong to the committed figures. */
export async function pageOf(measured: readonly Measured[]): Promise<Files> {
  return render(measured, wordsOf(await readFile(NOTES, 'utf8')))
}

/** In the order of `names`; what has never been measured is left out. Returns the path of the page. */
export async function writePage(names: readonly string[]): Promise<string> {
  const measured: Measured[] = []
  for (const name of names) {
    const saved = await readFile(join(ROOT, 'reports', 'bench', `${name}.json`), 'utf8').catch(() => null)
    if (saved !== null) measured.push(withoutRaw(JSON.parse(saved)))
  }
  const folder = join(DOCS, 'performance')
  await mkdir(folder, { recursive: true })
  for (const old of await readdir(folder)) if (old.endsWith('.svg')) await rm(join(folder, old))
  const json = await format(JSON.stringify(measured), { ...(await resolveConfig(FIGURES)), filepath: FIGURES })
  await writeFile(FIGURES, json)
  for (const [path, text] of await pageOf(measured)) await writeFile(join(DOCS, path), text)
  return join(DOCS, 'performance.md')
}

/** What every benchmark saves, without the values that fill megabytes. */
function withoutRaw({ name, environment, method, rows, figures = [] }: Measured): Measured {
  return { name, environment, method, rows, figures }
}
