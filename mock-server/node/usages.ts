/** Reads the sources of stories and end-to-end tests of this repository, for the list of who uses which script. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { usages, type Source, type Usage } from '../usages.ts'

const ROOT = join(import.meta.dirname, '../..')

export function usagesOf(root = ROOT): ReadonlyMap<string, Usage> {
  return usages(['stories', 'e2e'].flatMap((folder) => sourcesIn(root, folder)))
}

function sourcesIn(root: string, folder: string): readonly Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => ({ path: `${folder}/${path.replaceAll('\\', '/')}`, text: readFileSync(join(root, folder, path), 'utf8') }))
}
