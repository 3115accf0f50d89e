/** Builds the page of the benchmarks. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, 'page')

/** Writes the files that the browser asks for into `folder`: every page of the folder `page`. */
export async function buildPage(folder: string): Promise<void> {
  const pages = (await readdir(ROOT)).filter((name) => name.endsWith('.html'))
  // Loaded here: whoever reads figures needs no bundler.
  const [{ build }, { default: react }] = await Promise.all([import('vite'), import('@vitejs/plugin-react')])
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
