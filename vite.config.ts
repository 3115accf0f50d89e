/** Builds the library: one module an entry of package.json, shared parts in chunks, everything from other packages left outside. */
import react from '@vitejs/plugin-react'
import { isAbsolute } from 'node:path'
import { defineConfig } from 'vite'
import { entries, programs } from './scripts/entries.ts'

/** Node takes the CommonJS of these packages, whose names it cannot see, unless their modules are named. Bundlers take the same file either way. */
function modulesOfXterm(id: string): string {
  const [, name] = /^@xterm\/([\w-]+)$/.exec(id) ?? []
  return name === undefined ? id : `${id}/lib/${name}.mjs`
}

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2022',
    lib: { entry: { ...entries, ...programs }, formats: ['es'] },
    copyPublicDir: false,
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      external: (id) => !id.startsWith('.') && !isAbsolute(id),
      output: {
        paths: modulesOfXterm,
        entryFileNames: '[name].js',
        chunkFileNames: 'shared/[name]-[hash].js',
        // The words of the first paint are few: a frame must not wait for the whole table, which would be put beside them.
        codeSplitting: { groups: [{ name: 'first', test: /\/words\/first\.ts$/ }] },
      },
    },
  },
})
