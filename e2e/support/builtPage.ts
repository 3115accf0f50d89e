/** A page of this repository, built and served on a free port of loopback together with files that it asks for by name. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import react from '@vitejs/plugin-react'
import { build } from 'vite'

export interface BuiltPage {
  readonly url: string
  close(): Promise<void>
}

export interface ServedWith {
  /** Further files than those of the page, by their name in its origin. */
  readonly files?: Readonly<Record<string, string>>
  /** What answers to an address say besides their type. */
  readonly headers?: (asked: URL) => Readonly<Record<string, string>>
}

/** `root` holds an index.html. */
export async function servePage(root: string, { files = {}, headers }: ServedWith = {}): Promise<BuiltPage> {
  const folder = await mkdtemp(join(tmpdir(), 'built-page-'))
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [react()],
    build: { outDir: folder, emptyOutDir: true, chunkSizeWarningLimit: 5_000 },
  })
  const server = createServer((request, response) => {
    const asked = new URL(request.url ?? '/', 'http://page')
    const name = decodeURIComponent(asked.pathname.slice(1)) || 'index.html'
    const path = files[name] ?? (/^[\w./-]+$/.test(name) && !name.includes('..') ? join(folder, name) : null)
    const answer = path === null ? Promise.reject(new Error('no such name')) : readFile(path)
    answer.then(
      (body) =>
        response
          .writeHead(200, { 'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream', ...headers?.(asked) })
          .end(body),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server that listens has an address of this shape.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://localhost:${port}/`,
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }
