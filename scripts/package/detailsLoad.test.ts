/** Nothing of the details is loaded before somebody opens them, and nothing at all by whoever uses the client alone. */
import { join } from 'node:path'
import { build, type Rolldown } from 'vite'
import { expect, test } from 'vitest'

const SRC = join(import.meta.dirname, '../../src')
/** What only an open drawer and a replay need. */
const LATE = /\/details\/(?!controller)|recording\/(replay|timeline)|client\/node\//

/** The chunks of a bundle that imports one module, and which of them a page loads at once. */
async function bundle(entry: string): Promise<{ readonly first: string[]; readonly later: string[] }> {
  const result = await build({
    root: SRC,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      lib: { entry: join(SRC, entry), formats: ['es'], fileName: 'entry' },
      rolldownOptions: { external: (id) => !id.startsWith('.') && !id.startsWith('/') },
    },
  })
  const [output] = [result].flat() as Rolldown.RolldownOutput[] // no watcher was asked for
  const chunks = (output?.output ?? []).flatMap((file) => (file.type === 'chunk' ? [file] : []))
  const first = new Set<string>()
  const follow = (name: string): void => {
    if (first.has(name)) return
    first.add(name)
    for (const next of chunks.find(({ fileName }) => fileName === name)?.imports ?? []) follow(next)
  }
  for (const chunk of chunks) if (chunk.isEntry) follow(chunk.fileName)
  const modules = (wanted: boolean): string[] =>
    chunks
      .filter(({ fileName }) => first.has(fileName) === wanted)
      .flatMap(({ moduleIds }) => moduleIds.map((id) => id.slice(SRC.length)))
  return { first: modules(true), later: modules(false) }
}

const late = (modules: readonly string[]): readonly string[] => modules.filter((id) => LATE.test(id))

test('a page with a panel loads the details when they are opened', async () => {
  const { first, later } = await bundle('react/index.ts')
  expect(first).toContain('/react/TerminalPanel.tsx')
  expect(late(first)).toEqual([])
  expect(later).toContain('/react/details/Details.tsx')
}, 60_000)

test('a client without a panel has no byte of them', async () => {
  const { first, later } = await bundle('client/index.ts')
  expect(first).toContain('/client/runner.ts')
  expect(late([...first, ...later])).toEqual([])
}, 60_000)

test('the details alone bring no emulator', async () => {
  const { first } = await bundle('react/details/index.ts')
  expect(first).toContain('/react/details/Details.tsx')
  expect(first.filter((id) => /xterm|TerminalPanel|runner/.test(id))).toEqual([])
}, 60_000)
