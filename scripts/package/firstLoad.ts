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
}

/** `code` imports from dist/ by absolute paths under `/dist/`. Packages in `given` are there already and are not counted. */
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
  const first = new Set([entry.fileName])
  for (const name of first) for (const next of chunks.find(({ fileName }) => fileName === name)?.imports ?? []) first.add(next)
  const sizes = chunks.filter(({ fileName }) => first.has(fileName)).map((chunk) => gzipSync(chunk.code, { level: 9 }).byteLength)
  return {
    gzipped: sizes.reduce((sum, size) => sum + size, 0),
    later: chunks.map(({ fileName }) => fileName).filter((name) => !first.has(name)),
  }
}

function entryOf(code: string): Rolldown.Plugin {
  return {
    name: 'entry',
    resolveId: (id) => (id === ENTRY ? `\0${ENTRY}` : id.startsWith('/dist/') ? join(root, id) : null),
    load: (id) => (id === `\0${ENTRY}` ? code : null),
  }
}
