/** An app that is edited while it runs, on Vite's development server: the terminal in it keeps its session. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import type { Browser } from 'playwright'
import { createServer, type ViteDevServer } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TerminalPage } from '../src/testing/page/terminalPage.ts'
import { launchBrowser, withoutBrowser } from './support/browser.ts'

const root = join(import.meta.dirname, '..')

const PAGE = `<!doctype html><html lang="en"><head><title>Edited</title><link rel="icon" href="data:,"></head>
<body><div id="root"></div><script type="module" src="./main.tsx"></script></body></html>`

const MAIN = `import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
createRoot(document.getElementById('root')!).render(<App />)`

/** What is edited. A change of what its hooks are makes React mount it, and the panel in it, anew. */
const app = (title: string, hooks: string) => `import { useRef, useState } from 'react'
import { createMockServer } from '${root}/mock-server/mockServer.ts'
import { connect } from '${root}/src/client/index.ts'
import { TerminalPanel } from '${root}/src/react/index.ts'
import '${root}/src/react/styles.css'
const server = (globalThis.server ??= createMockServer())
const connectHere = (options) => {
  globalThis.connections = (globalThis.connections ?? 0) + 1
  return connect({ ...options, getToken: server.getToken, ports: { openSocket: server.openSocket } })
}
export function App() {
  ${hooks}
  return <main><h1>${title}</h1><div style={{ height: 300 }}><TerminalPanel allocationId="edited" connect={connectHere} /></div></main>
}`

describe.skipIf(withoutBrowser !== null)('an edited app', () => {
  let folder: string
  let vite: ViteDevServer
  let browser: Browser

  beforeAll(async () => {
    folder = await mkdtemp(join(root, 'reports/edited-'))
    await Promise.all([
      writeFile(join(folder, 'index.html'), PAGE),
      writeFile(join(folder, 'main.tsx'), MAIN),
      writeFile(join(folder, 'App.tsx'), app('One', '')),
    ])
    vite = await createServer({
      root: folder,
      configFile: false,
      logLevel: 'error',
      plugins: [react()],
      cacheDir: join(folder, '.vite'),
      server: { port: 0, host: '127.0.0.1', fs: { strict: false }, watch: { usePolling: true, interval: 50 } },
      optimizeDeps: {
        include: [
          'react',
          'react-dom/client',
          'react/jsx-dev-runtime',
          'zustand',
          'zustand/vanilla',
          '@xterm/xterm',
          '@xterm/addon-fit',
        ],
      },
    })
    await vite.listen()
    browser = await launchBrowser()
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    await vite?.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('shows what was edited, around the same terminal', async () => {
    const page = await browser.newPage()
    await page.goto(vite.resolvedUrls?.local[0] ?? '')
    const terminal = new TerminalPage(page)
    await terminal.seeState('ready', 60_000)
    await terminal.type('typed before ')
    await terminal.seeText('typed before')
    for (const [title, hooks] of [
      ['Two', ''],
      ['Three', 'const [count] = useState(0); useRef(count)'],
    ] as const) {
      await writeFile(join(folder, 'App.tsx'), app(title, hooks))
      await page.getByRole('heading', { name: title }).waitFor()
      await terminal.seeText('typed before')
      await terminal.type(title)
      await terminal.seeText(title)
    }
    expect(await page.evaluate(() => (globalThis as { connections?: number }).connections)).toBe(1)
    await page.close()
  }, 120_000)
})
