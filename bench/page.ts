/** Builds the page of the benchmarks. */
import react from '@vitejs/plugin-react'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'vite'

const ROOT = join(import.meta.dirname, 'page')

/** Writes the files that the browser asks for into `folder`: every page of the folder `page`. */
export async function buildPage(folder: string): Promise<void> {
  const pages = (await readdir(ROOT)).filter((name) => name.endsWith('.html'))
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [react()],
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2022',
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 4_000,
      rolldownOptions: { input: pages.map((name) => join(ROOT, name)) },
    },
  })
}
