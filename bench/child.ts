/** A process of a benchmark: gets a first word, answers to orders, and ends when it is told or when its parent is gone. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface Child<Order, Answer> {
  /** What it answered to its first word. */
  readonly first: Answer
  ask(order: Order): Promise<Answer>
  /** Tells it to end, and waits until it has. */
  close(order: Order): Promise<void>
}

/** Starts a file of this folder and waits for its first answer. Both ends must agree on what is said. */
export async function startChild<Order, Answer>(file: string, setup: object): Promise<Child<Order, Answer>> {
  const child = fork(join(import.meta.dirname, file), [], { execArgv: ['--expose-gc', '--no-warnings'] })
  const waiting = new Map<number, (answer: Answer) => void>()
  const gone = once(child, 'exit')
  let serial = 0
  child.on('message', (message) => {
    const { id, answer } = message as { id: number; answer: Answer } // the child says nothing else
    waiting.get(id)?.(answer)
    waiting.delete(id)
  })
  const answerTo = (id: number): Promise<Answer> =>
    Promise.race([
      new Promise<Answer>((resolve) => waiting.set(id, resolve)),
      gone.then(() => Promise.reject(new Error(`${file} ended before it had answered.`))),
    ])
  const ask = (order: Order): Promise<Answer> => {
    const id = ++serial
    child.send({ id, order })
    return answerTo(id)
  }
  const started = answerTo(0)
  child.send(setup)
  return {
    first: await started,
    ask,
    async close(order) {
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000)
      if (child.exitCode === null && child.connected) await ask(order).catch(() => null)
      await gone
      clearTimeout(late)
    },
  }
}

export interface Served<Order, Answer> {
  readonly first: Answer
  readonly obey: (order: Order) => Promise<Answer>
}

/** The other end: serves what the parent orders. `last` says that an order's answer is the process's end. */
export function serveParent<Setup, Order, Answer>(
  begin: (setup: Setup) => Promise<Served<Order, Answer>>,
  last: (order: Order) => boolean,
): void {
  process.once('disconnect', () => process.exit(1)) // nobody measures any more
  process.once('message', (setup) => {
    // Its first word, and the two agree on it.
    void begin(setup as Setup).then(({ first, obey }) => {
      process.on('message', (message) => {
        const { id, order } = message as { id: number; order: Order } // the parent says nothing else
        void obey(order).then((answer) => process.send?.({ id, answer }, () => last(order) && process.exit(0)))
      })
      process.send?.({ id: 0, answer: first })
    })
  })
}
