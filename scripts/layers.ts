/** The layer rule as a function of source texts: who in src/ and mock-server/ may import whom, and which outside package. */
import { posix } from 'node:path'
import { parseSync } from 'vite'

export interface SourceFile {
  /** From the root of the repository, with forward slashes: `src/client/machine.ts`. */
  readonly path: string
  readonly text: string
}

/** Which files of a layer may: all, those named for a platform, those that own the emulator (types of it are for all), or none beyond types. */
type Where = 'all' | 'platform' | 'xterm' | 'types'

interface Layer {
  /** The folders of src/ that its files may import, besides their own. */
  readonly below: readonly string[]
  /** Outside packages, and which files may import them. `node:` stands for all of Node. */
  readonly packages: Readonly<Record<string, Where>>
}

const layers: Readonly<Record<string, Layer>> = {
  protocol: { below: [], packages: {} },
  client: { below: ['protocol'], packages: { 'node:': 'platform' } },
  react: {
    below: ['protocol', 'client'],
    packages: {
      react: 'all',
      'react-dom': 'all',
      zustand: 'all',
      re2js: 'all',
      '@xterm/xterm': 'xterm',
      '@xterm/addon-fit': 'xterm',
      '@xterm/addon-webgl': 'xterm',
      '@xterm/addon-unicode-graphemes': 'xterm',
    },
  },
  server: { below: ['protocol'], packages: { 'node:': 'platform', ws: 'platform', '@lydell/node-pty': 'platform' } },
  gateway: { below: ['protocol', 'server'], packages: { 'node:': 'platform', ws: 'platform' } },
  routes: { below: ['protocol', 'client', 'server'], packages: {} },
  conformance: { below: ['protocol'], packages: {} },
  testing: {
    below: ['protocol', 'client', 'server', 'gateway', 'react'],
    // fast-check makes texts for tests; that no published entry asks for it is seen in what the package contains.
    packages: { 'node:': 'platform', ws: 'platform', playwright: 'types', 'fast-check': 'all' },
  },
}

/** Outside src/: the fake server, which stands on the real one, and its published entries, which know the panel too. */
const mockServer: Layer = {
  below: ['protocol', 'client', 'server', 'testing'],
  packages: { 'node:': 'platform', ws: 'platform', msw: 'all', '@mswjs/interceptors': 'all' },
}
const entriesOfMockServer: Layer = { below: [...mockServer.below, 'react'], packages: {} }

const testFile = /\.test\.tsx?$/
const nodeFile = /^mock-server\/(?:node\/|main\.ts$|(?:.*\/)?(?:node|port)\w*\.ts$)/
const platformFile = /^src\/\w+\/(?:(?:.*\/)?(?:browser|node|xterm)[\w.]*(?:\/.*)?$|(?:runtimes|backends|stores)\/)/
const entryFile = /^src\/\w+\/index\.ts$/

/** One sentence for each import that the rule forbids, in the order of the files. */
export function layerViolations(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => importsOf(file).flatMap((one) => complaintAbout(file.path, one) ?? []))
}

function complaintAbout(path: string, { name, typesOnly }: Import): string | null {
  if (path.startsWith('mock-server/')) return mockServerComplaint(path, name, typesOnly)
  const folder = path.split('/')[1] ?? ''
  const layer = layers[folder]
  if (layer === undefined) return `${path}: src/${folder} has no place in the layer rule`
  return name.startsWith('.') ? localComplaint(path, folder, layer, name) : packageComplaint(path, layer, name, typesOnly)
}

function localComplaint(path: string, folder: string, layer: Layer, name: string): string | null {
  const target = posix.join(posix.dirname(path), name)
  const [top, into = ''] = target.split('/')
  const isTest = testFile.test(path)
  if (top !== 'src') return isTest && into === '' ? null : `${path} imports ${target}, which is outside src/`
  const allowed = into === folder || layer.below.includes(into) || (isTest && into === 'testing')
  if (!allowed) return `${path} imports ${target}: ${folder} may not import ${into}`
  if (isTest || folder === 'testing' || knowsPlatform(path) || !knowsPlatform(target) || entryFile.test(target)) return null
  return `${path} imports ${target}: only files named for a platform may`
}

function mockServerComplaint(path: string, name: string, typesOnly: boolean): string | null {
  const layer = path.startsWith('mock-server/entries/') ? entriesOfMockServer : mockServer
  if (!name.startsWith('.')) return packageComplaint(path, layer, name, typesOnly)
  const target = posix.join(posix.dirname(path), name)
  const [top, into = ''] = target.split('/')
  if (top === 'mock-server') return null
  if (top !== 'src') return testFile.test(path) ? null : `${path} imports ${target}, which is outside src/`
  return layer.below.includes(into) ? null : `${path} imports ${target}: the fake server may not import ${into}`
}

function packageComplaint(path: string, layer: Layer, name: string, typesOnly: boolean): string | null {
  if (testFile.test(path)) return null
  const where = layer.packages[packageOf(name)]
  if (where === undefined) return `${path} imports ${name}, which its layer may not`
  switch (where) {
    case 'all':
      return null
    case 'platform':
      return knowsPlatform(path) ? null : `${path} imports ${name}: only files named for a platform may`
    case 'xterm':
      return typesOnly || ownsXterm(path) ? null : `${path} imports ${name}: only files named for xterm may`
    case 'types':
      return typesOnly ? null : `${path} imports ${name}: only its types may be`
  }
}

/** Files that know what they run on: named for a platform, the components of React, and the entries that join the parts. */
function knowsPlatform(path: string): boolean {
  return platformFile.test(path) || nodeFile.test(path) || entryFile.test(path) || path.startsWith('src/react/')
}

function ownsXterm(path: string): boolean {
  return path.startsWith('src/react/xterm/') || posix.basename(path).startsWith('xterm')
}

function packageOf(name: string): string {
  if (name.startsWith('node:')) return 'node:'
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')
}

/** One import: where from, and whether nothing of it is left at run time. */
export interface Import {
  readonly name: string
  readonly typesOnly: boolean
}

/** What a module imports, in any of the ways that TypeScript has. */
export function importsOf({ path, text }: SourceFile): Import[] {
  const { program, errors } = parseSync(path, text)
  const [error] = errors
  if (error !== undefined) throw new Error(`${path} does not parse: ${error.message}`)
  const found: Import[] = []
  collect(program, found)
  return found
}

const importing = new Set([
  'ImportDeclaration',
  'ExportAllDeclaration',
  'ExportNamedDeclaration',
  'ImportExpression',
  'TSImportType',
  'TSExternalModuleReference',
])

function collect(node: unknown, found: Import[]): void {
  if (Array.isArray(node)) for (const item of node) collect(item, found)
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return
  if ('type' in node && importing.has(String(node.type))) {
    const name = textOf('source' in node ? node.source : 'expression' in node ? node.expression : null)
    if (name !== null) found.push({ name, typesOnly: isOfTypes(node) })
  }
  for (const child of Object.values(node)) collect(child, found)
}

function isOfTypes(node: object): boolean {
  const kind = 'importKind' in node ? node.importKind : 'exportKind' in node ? node.exportKind : null
  return kind === 'type' || ('type' in node && node.type === 'TSImportType')
}

function textOf(node: unknown): string | null {
  if (typeof node !== 'object' || node === null) return null
  return 'value' in node && typeof node.value === 'string' ? node.value : null
}
