/** What a page loads before anything happens because of one import: the entry of a production build with all that it imports at once. */
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'

const root = join(import.meta.dirname, '../..')
const ENTRY = 'virtual:entry'

export interface Load {
  /** Bytes on the wire, each file compressed by itself. */
  readonly gzipped: number
  /** What else it may load later, by file. */
  readonly later: readonly string[]
  /** Bytes with all that these bring besides, named as their sources are: `with('rest')`. Throws if one is not there to be loaded. */
  with(...names: readonly string[]): number
}

/** `code` imports by absolute paths under `/dist/` or `/src/`. Packages in `given` are there already and are not counted. */
export async function firstLoad(code: string, given: readonly RegExp[]): Promise<Load> {
  const built = await build({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: [entryOf(code)],
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: { input: ENTRY, external: [...given], preserveEntrySignatures: 'strict' },
    },
  })
  const chunks = (Array.isArray(built) ? built : [built])
    .flatMap((one) => ('output' in one ? one.output : []))
    .filter((one): one is Rolldown.OutputChunk => one.type === 'chunk')
  const entry = chunks.find(({ isEntry }) => isEntry)
  if (entry === undefined) throw new Error('The build has no entry.')
  const closure = (...names: readonly string[]): Set<string> => {
    const all = new Set(names)
    for (const name of all) for (const next of chunks.find(({ fileName }) => fileName === name)?.imports ?? []) all.add(next)
    return all
  }
  const gzipped = (names: ReadonlySet<string>): number =>
    chunks
      .filter(({ fileName }) => names.has(fileName))
      .reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).byteLength, 0)
  const named = (name: string): string => {
    const chunk = chunks.find(({ isDynamicEntry, fileName }) => isDynamicEntry && fileName.startsWith(`assets/${name}-`))
    if (chunk === undefined) throw new Error(`Nothing that is called ${name} is loaded later.`)
    return chunk.fileName
  }
  const first = closure(entry.fileName)
  return {
    gzipped: gzipped(first),
    later: chunks.map(({ fileName }) => fileName).filter((name) => !first.has(name)),
    with: (...names) => gzipped(closure(entry.fileName, ...names.map(named))),
  }
}

function entryOf(code: string): Rolldown.Plugin {
  return {
    name: 'entry',
    resolveId: (id) => (id === ENTRY ? `\0${ENTRY}` : /^\/(?:dist|src)\//.test(id) ? join(root, id) : null),
    load: (id) => (id === `\0${ENTRY}` ? code : null),
  }
}
