/** `npm run mock-server`: the fake server on loopback until it is interrupted. */
import { parseArgs } from 'node:util'
import { startMockServer, type StartedMockServer } from './node/port.ts'
import { scriptNamed, scripts, type ScriptName } from './scripts.ts'
import { usagesOf } from './node/usages.ts'

const HELP = `The fake terminal server: the real one over a scripted shell and a network that breaks as a script says.

  npm run mock-server -- [options]

  --script NAME   what to play (default happy-path)
  --port N        default 8788; 0 takes a free one
  --seed S        chance: the same seed gives the same play (default 1)
  --origin URL    a page that may connect, where it is not this server's own; may be given several times
  --virtual       time stands still until it is told to pass
  --list          names every script, what it shows, and which stories and journeys use it
  --help          shows this
`

const DEFAULT_PORT = 8788

try {
  await main()
} catch (error) {
  console.error(sentenceFor(error))
  process.exitCode = 1
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      script: { type: 'string', default: 'happy-path' },
      port: { type: 'string', default: String(DEFAULT_PORT) },
      seed: { type: 'string', default: '1' },
      origin: { type: 'string', multiple: true },
      virtual: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(HELP)
  if (values.list) return list()
  const { name, sentence } = scriptNamed(values.script)
  const started = await startMockServer({
    port: readPort(values.port),
    // It was found just now.
    script: name as ScriptName,
    seed: values.seed,
    origins: values.origin,
    virtual: values.virtual,
  })
  console.log(`${name}: ${sentence}\n${instructions(started)}`)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void stop(started))
}

function instructions({ url }: StartedMockServer): string {
  return `The terminals are at ${url} (Ctrl-C ends them): give it to the client as its endpoint.
Tell it what to do:  curl ${url}/mock -H 'Content-Type: application/json' -d '{"do":"drop"}'
See what it did:     curl ${url}/mock/trace`
}

async function stop(started: StartedMockServer): Promise<void> {
  await started.close()
  process.exit(0)
}

function list(): void {
  const usages = usagesOf()
  const width = Math.max(...scripts.map(({ name }) => name.length))
  for (const { name, sentence } of scripts) {
    const { stories = [], journeys = [] } = usages.get(name) ?? {}
    const used = [...stories, ...journeys].join(', ')
    console.log(`${name.padEnd(width)}  ${sentence}${used === '' ? '' : `\n${' '.repeat(width)}  ${used}`}`)
  }
}

function readPort(text: string): number {
  const port = Number(text)
  if (text.trim() === '' || !Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port must be a number from 0 to 65535; it is "${text}".`)
  return port
}

function sentenceFor(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'EADDRINUSE') return 'That port is taken. Choose another one with --port, or let --port 0 choose.'
  if (code === 'EACCES') return `That port is not allowed for you. Choose one above 1023 with --port.`
  return code.startsWith('ERR_PARSE_ARGS') ? `${error.message}\n\n${HELP}` : error.message
}
