/** The page as files that its scheme serves; nothing is inlined, since its policy allows no inline script. */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: 'page',
  plugins: [react()],
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The main process is built too; Electron itself is there when it runs.
    rolldownOptions: { external: ['electron'] },
  },
})
