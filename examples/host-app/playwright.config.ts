/** Starts the app with its fake server; `PORT` and `CHROMIUM` choose another port and another browser. */
import { defineConfig } from 'playwright/test'

const port = Number(process.env['PORT'] ?? 5173)
const chromium = process.env['CHROMIUM']

export default defineConfig({
  testDir: 'e2e',
  use: {
    baseURL: `http://localhost:${port}`,
    launchOptions: chromium === undefined ? {} : { executablePath: chromium, args: ['--no-sandbox'] },
  },
  webServer: { command: `vite --mode mock --port ${port} --strictPort`, port },
})
