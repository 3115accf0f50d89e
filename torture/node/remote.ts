/** A site whose server is a process of its own. */
import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { ConnectOptions } from '../../src/client/index.ts'
import { startFaultLink, type FaultLink } from '../../src/testing/node/faultLink.ts'
import type { Report } from './serverProcess.ts'
import { until } from './until.ts'
import { Visitor, type VisitorOptions } from './visitor.ts'

export interface RemoteSite {
  readonly link: FaultLink
  readonly endpoint: string
  visit(options?: Partial<ConnectOptions> & VisitorOptions): Visitor
  report(ask?: 'report' | 'forget highest'): Promise<Report>
  /** All that the process printed. */
  printed(): string
  /** Closes the server and waits until its process has ended by itself. Rejects if it does not, or failed. */
  close(): Promise<void>
}

interface Answer {
  readonly number: number
  readonly port?: number
  readonly report?: Report
}

/** Enough for a process that has nothing left to do. */
const END_MS = 15_000

export async function startRemote(): Promise<RemoteSite> {
  const child = fork(join(import.meta.dirname, 'serverProcess.ts'), {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: ['--no-warnings', '--expose-gc'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (printed += chunk.toString('latin1')))
  const answers = new Map<number, Answer>()
  child.on('message', (answer: Answer) => answers.set(answer.number, answer))
  let ended: number | string | null = null
  child.once('exit', (code, signal) => (ended = code ?? signal))
  const visitors: Visitor[] = []
  let asked = 0

  async function answerTo(number: number): Promise<Answer> {
    await until(
      () => answers.has(number) || ended !== null,
      () => `the server answers. It ended with ${ended} and printed ${printed}`,
    )
    const answer = answers.get(number)
    if (answer === undefined) throw new Error(`The server ended with ${ended}: ${printed}`)
    answers.delete(number)
    return answer
  }

  async function report(ask: 'report' | 'forget highest' = 'report'): Promise<Report> {
    child.send({ ask, number: ++asked, port: link.port })
    const answer = await answerTo(asked)
    if (answer.report === undefined) throw new Error('The server answered something else.')
    return answer.report
  }

  const { port = 0 } = await answerTo(0)
  const link = await startFaultLink({ target: { port } })
  // Tells it where pages reach it.
  await report()
  const endpoint = `http://127.0.0.1:${port}`
  return {
    link,
    endpoint,
    report,
    printed: () => printed,
    visit(options = {}) {
      const visitor = new Visitor({ endpoint, ...options })
      visitors.push(visitor)
      return visitor
    },
    async close() {
      for (const visitor of visitors) visitor.leave()
      await link.close()
      if (ended === null) child.send({ ask: 'close', number: ++asked })
      try {
        await until(() => ended !== null, 'the server ends by itself', END_MS)
      } finally {
        child.kill('SIGKILL')
      }
      if (ended !== 0) throw new Error(`The server ended with ${ended}: ${printed}`)
    },
  }
}
