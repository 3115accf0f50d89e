/** `npm start`: the demo on loopback until it is interrupted. PORT chooses the port. */
import { startDemo } from './start.ts'

const port = readPort(process.env['PORT'] ?? '7681')
const demo = await startDemo({ port }).catch((error: NodeJS.ErrnoException) => fail(sentenceFor(error)))
console.log(`Two real shells wait at ${demo.url} (Ctrl-C ends them)`)

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void stop())

async function stop(): Promise<void> {
  await demo.close()
  process.exit(0)
}

function readPort(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    fail(`PORT must be a number from 0 to 65535; it is ${JSON.stringify(text)}.`)
  return port
}

function sentenceFor(error: NodeJS.ErrnoException): string {
  if (error.code === 'EADDRINUSE') return `Port ${port} is taken. Choose another one: PORT=${port + 1} npm start`
  if (error.code === 'EACCES') return `Port ${port} is not allowed for you. Choose another one: PORT=7681 npm start`
  return error.stack ?? error.message
}

function fail(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}
