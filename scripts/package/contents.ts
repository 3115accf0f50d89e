/** What a built entry carries once all chunks that it loads are counted in: folders of src/, and packages that it asks for. */
import { relative, sep } from 'node:path'

export interface Contents {
  /** Folders of src/, sorted: `client`, `protocol`. */
  readonly folders: readonly string[]
  /** Bare imports as they are written, sorted. */
  readonly packages: readonly string[]
}

/** The part of a bundler's chunk that is read here. */
export interface Chunk {
  readonly fileName: string
  readonly isEntry: boolean
  readonly moduleIds: readonly string[]
  readonly imports: readonly string[]
  readonly dynamicImports: readonly string[]
}

/** By the file name of each entry. `root` is the folder that holds src/. */
export function contentsOf(chunks: readonly Chunk[], root: string): ReadonlyMap<string, Contents> {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  return new Map(chunks.filter(({ isEntry }) => isEntry).map((entry) => [entry.fileName, contentsOfEntry(entry, byName, root)]))
}

function contentsOfEntry(entry: Chunk, byName: ReadonlyMap<string, Chunk>, root: string): Contents {
  const reached = new Set([entry])
  const packages = new Set<string>()
  for (const { imports, dynamicImports } of reached) {
    for (const name of [...imports, ...dynamicImports]) {
      const next = byName.get(name)
      if (next === undefined) packages.add(name)
      else reached.add(next)
    }
  }
  const folders = [...reached].flatMap(({ moduleIds }) => moduleIds.map((id) => folderOf(id, root)))
  return { folders: [...new Set(folders)].toSorted(), packages: [...packages].toSorted() }
}

/** Modules from outside src/ stand under their own path, so that they are noticed. */
function folderOf(id: string, root: string): string {
  const [top = '', folder = ''] = relative(root, id).split(sep)
  return top === 'src' ? folder : relative(root, id)
}
