/** The page as files that its scheme serves; nothing is inlined, since its policy allows no inline script. */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: 'page',
  plugins: [react()],
  // The main process is built too, and runs where there is an Electron.
  ssr: { external: ['electron'] },
  build: { outDir: '../dist/page', emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
})
