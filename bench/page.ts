/** Builds the page of the benchmarks into memory. */
import react from '@vitejs/plugin-react'
import { join } from 'node:path'
import { build } from 'vite'

export interface PageFile {
  readonly type: string
  readonly body: string | Uint8Array
}

const TYPES: Readonly<Record<string, string>> = { html: 'text/html; charset=utf-8', js: 'text/javascript', css: 'text/css' }

/** The files that the browser asks for, by path. */
export async function benchPage(): Promise<ReadonlyMap<string, PageFile>> {
  const result = await build({
    root: join(import.meta.dirname, 'page'),
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [react()],
    build: { write: false, target: 'es2022', modulePreload: { polyfill: false }, chunkSizeWarningLimit: 4_000 },
  })
  if (Array.isArray(result) || !('output' in result)) throw new Error('Vite built something else than one bundle.')
  return new Map(
    result.output.map((file) => {
      const type = TYPES[file.fileName.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
      return [`/${file.fileName}`, { type, body: file.type === 'chunk' ? file.code : file.source }]
    }),
  )
}
