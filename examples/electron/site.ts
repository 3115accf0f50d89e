/** What the app's own scheme answers: the built page under a strict policy, and tokens. It knows nothing of Electron. */
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { Service } from './service.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
}
const FILE = /^\/(?:assets\/)?[\w-]+(?:\.[\w-]+)*$/
const TOKEN = /^\/api\/v1\/allocations\/[^/]+\/terminal-token$/

/** `folder` holds the built page. */
export async function answer(request: Request, folder: string, service: Service): Promise<Response> {
  const { pathname } = new URL(request.url)
  if (request.method === 'POST' && TOKEN.test(pathname)) return service.token(request)
  const name = pathname === '/' ? '/index.html' : pathname
  if (request.method !== 'GET' || !FILE.test(name)) return new Response(null, { status: 404 })
  try {
    const headers = { ...security(service), 'content-type': TYPES[extname(name)] ?? 'application/octet-stream' }
    return new Response(await readFile(join(folder, name)), { headers })
  } catch {
    return new Response(null, { status: 404 })
  }
}

function security({ socketOrigin }: Service): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    // xterm.js makes style elements; without 'unsafe-inline' the panel brings their rules in another way, and the console tells of each.
    "style-src 'self'",
    `connect-src 'self' ${socketOrigin}`,
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ]
  return { 'content-security-policy': policy.join('; '), 'x-content-type-options': 'nosniff' }
}
