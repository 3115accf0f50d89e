/** The static Storybook: builds it, and serves it from below a path, as a web server somewhere else would. */
import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize, sep } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** Builds the site into a folder. Rejects with what Storybook said if that fails. */
export function buildSite(folder: string): Promise<void> {
  const bin = join(root, 'node_modules/storybook/dist/bin/dispatcher.js')
  const child = spawn(process.execPath, [bin, 'build', '--output-dir', folder, '--quiet'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CI: 'true', STORYBOOK_DISABLE_TELEMETRY: '1', NODE_ENV: 'production' },
  })
  const said: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status) =>
      status === 0 ? resolve() : reject(new Error(`Storybook was not built:\n${Buffer.concat(said).toString()}`)),
    )
  })
}

export interface Site {
  /** Ends with the sub-path and a slash. */
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** Serves a folder below `path` (it begins and ends with a slash), and nothing beside it. */
export async function serveSite(folder: string, path = '/some/where/'): Promise<Site> {
  const server = createServer((request, response) => {
    const name = fileBelow(folder, path, request.url ?? '/')
    if (name === null) return void response.writeHead(404).end()
    readFile(name).then(
      (bytes) => response.writeHead(200, { 'content-type': TYPES[extname(name)] ?? 'application/octet-stream' }).end(bytes),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${path}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function fileBelow(folder: string, path: string, url: string): string | null {
  const { pathname } = new URL(url, 'http://here')
  if (!pathname.startsWith(path)) return null
  const name = normalize(join(folder, decodeURIComponent(pathname.slice(path.length)) || 'index.html'))
  return name.startsWith(folder + sep) ? name : null
}
