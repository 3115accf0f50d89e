/** Serves the app: every page rendered here, and a terminal behind it that repeats what is typed. `PORT` chooses the port. */
import { attachTerminal } from '@nimbus/terminal/server/node'
import { echoBackend } from '@nimbus/terminal/server/echo'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'

/** @type {Readonly<Record<string, string>>} */
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' }
const folder = join(import.meta.dirname, 'dist/client')
const { render } = await import(join(import.meta.dirname, 'dist/server/render.js'))

const http = createServer(async (request, response) => {
  const path = new URL(request.url ?? '/', 'http://page').pathname
  if (path.includes('..')) return response.writeHead(400).end()
  try {
    const body = await readFile(join(folder, path === '/' ? 'index.html' : path))
    const page = path === '/' ? body.toString().replace('<!--app-->', render) : body
    response.writeHead(200, { 'Content-Type': types[extname(path) || '.html'] ?? 'application/octet-stream' }).end(page)
  } catch {
    response.writeHead(404).end()
  }
})

http.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  const address = http.address()
  const port = typeof address === 'object' ? address?.port : 0
  attachTerminal(http, {
    backend: echoBackend(),
    origins: [`http://127.0.0.1:${port}`],
    authenticate: () => ({ id: 'ana' }),
    authorize: () => 'allow',
  })
  console.log(`http://127.0.0.1:${port}/`)
})
