/** Builds a page into memory: the files that a browser asks for, by path. */
import { join } from 'node:path'

export interface PageFile {
  readonly type: string
  readonly body: string | Uint8Array
}

export type PageFiles = ReadonlyMap<string, PageFile>

const built = new Map<string, Promise<PageFiles>>()

export interface PageOptions {
  /** React's development build, which mounts everything twice. */
  readonly development?: boolean
  /** The folder of its `index.html`; the demo's if absent. */
  readonly root?: string
  /** Keep the names of classes. */
  readonly readable?: boolean
}

/** The files of a page, built once a process. */
export function pageFiles(options: PageOptions = {}): Promise<PageFiles> {
  const name = JSON.stringify(options)
  const files = built.get(name) ?? buildPage(options)
  built.set(name, files)
  return files
}

async function buildPage({
  development = false,
  root = join(import.meta.dirname, 'page'),
  readable = false,
}: PageOptions): Promise<PageFiles> {
  // Where somebody else has built it, nobody waits for a bundler.
  const { build } = await import('vite')
  const mode = development ? 'development' : 'production'
  const result = await build({
    root,
    configFile: false,
    logLevel: 'error',
    mode,
    define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
    oxc: { jsx: { runtime: 'automatic', development } },
    // No file is inlined and no script is: the page is served under a strict content security policy.
    build: {
      write: false,
      target: 'es2022',
      minify: !readable,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 4_000,
    },
  })
  if (Array.isArray(result) || !('output' in result))
    throw new Error('The page was not built: Vite answered with something else than one bundle.')
  return new Map(
    result.output.map((file) => [
      `/${file.fileName}`,
      { type: typeOf(file.fileName), body: file.type === 'chunk' ? file.code : file.source },
    ]),
  )
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
}

function typeOf(name: string): string {
  return TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
}
