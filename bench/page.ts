/** Builds the page of the benchmarks. */
import react from '@vitejs/plugin-react'
import { join } from 'node:path'
import { build } from 'vite'

/** Writes the files that the browser asks for into `folder`. */
export async function buildPage(folder: string): Promise<void> {
  await build({
    root: join(import.meta.dirname, 'page'),
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
    },
  })
}
