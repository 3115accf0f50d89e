/** What every benchmark stands on: a server process and a Chromium with the page, both gone when the benchmark is over. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type CDPSession, type Page } from 'playwright'
import { chromiumOptions } from '../scripts/chromium.ts'
import type { BenchPage } from './page/api.ts'
import { buildPage } from './page.ts'
import { startServer, type ServerProcess, type Setup } from './server.ts'
import { openUnwatched } from './unwatched.ts'

/** How long and how often. */
export interface Scale {
  readonly quick: boolean
  readonly rounds: number
  /** Of a flood. */
  readonly seconds: number
}

export interface Stage {
  readonly scale: Scale
  /** Says on the terminal how far it is. */
  note(sentence: string): void
  server(setup?: Partial<Setup>): Promise<ServerProcess>
  browser(): Promise<Browser>
  /** An empty folder. */
  folder(): string
  /** Undoes something at the end, the last one first. */
  later(undo: () => Promise<unknown>): void
  /** Runs `act` on a stage of its own, which is cleared right after it. */
  scene<T>(act: (stage: Stage) => Promise<T>): Promise<T>
}

/** The built page, for as long as `act` runs. */
export async function withPage<T>(act: (folder: string) => Promise<T>): Promise<T> {
  const { path, remove } = temporaryFolder()
  try {
    await buildPage(path)
    return await act(path)
  } finally {
    remove()
  }
}

/** Gone at the end of the process at the latest, also when it is interrupted. */
function temporaryFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'terminal-bench-'))
  const remove = (): void => {
    rmSync(path, { recursive: true, force: true })
    process.off('exit', remove)
  }
  process.once('exit', remove)
  return { path, remove }
}

/** Runs `act` and undoes everything that it has started, also when it throws. */
export async function withStage<T>(scale: Scale, pageFolder: string, act: (stage: Stage) => Promise<T>): Promise<T> {
  const undo: (() => Promise<unknown>)[] = []
  const stage: Stage = {
    scale,
    note: (sentence) => console.log(`  ${sentence}`),
    async server(setup) {
      const server = await startServer({ backend: 'pty', page: pageFolder, payloads: null, ...setup })
      undo.push(() => server.close())
      return server
    },
    async browser() {
      const options = await chromiumOptions()
      if (options === null) throw new Error('There is no Chromium: `npm run setup -- --browser` gets one.')
      // Exact heap sizes: without this they come in buckets.
      const browser = await chromium.launch({ ...options, args: [...options.args, '--enable-precise-memory-info'] })
      undo.push(() => browser.close())
      return browser
    },
    folder() {
      const { path, remove } = temporaryFolder()
      undo.push(async () => remove())
      return path
    },
    later: (act) => void undo.push(act),
    scene: (act) => withStage(scale, pageFolder, act),
  }
  try {
    return await act(stage)
  } finally {
    for (const act of undo.reverse()) await act().catch((error: unknown) => console.error(error))
  }
}

/** Longer than anything that the page is asked for. */
const PATIENCE_MS = 120_000

async function within<T>(limitMs: number, answer: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer in ${limitMs / 1000} s: ${what}`)), limitMs)
  })
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}

/** One page with a ready shell. */
export class TerminalDriver {
  readonly page: Page
  constructor(page: Page) {
    this.page = page
  }

  /** Calls the page's own functions. */
  ask<T, A>(call: (bench: BenchPage, argument: A) => T | Promise<T>, argument: A): Promise<T>
  ask<T>(call: (bench: BenchPage) => T | Promise<T>): Promise<T>
  ask(call: (bench: BenchPage, argument: unknown) => unknown, argument?: unknown): Promise<unknown> {
    // The function goes to the page as text, so it may use nothing but its arguments.
    const answer = this.page.evaluate(`(${call.toString()})(globalThis.bench, ${JSON.stringify(argument ?? null)})`)
    return within(PATIENCE_MS, answer, call.toString())
  }

  /** Types a line, not by keys. */
  type(text: string): Promise<void> {
    return this.ask((bench, line) => bench.type(line), text)
  }

  async focus(): Promise<void> {
    await this.page.locator('.xterm-helper-textarea').focus()
  }

  /** Runs a command line that ends with its prompt. */
  async run(line: string, promptByte = DOLLAR): Promise<void> {
    const marked = this.ask((bench, byte) => bench.mark(byte), promptByte)
    await this.type(`${line}\r`)
    await marked
  }
}

export const DOLLAR = 0x24

/** Opens the page at `server` and waits for the first prompt. `query` goes into its address. */
export async function openTerminal(
  page: Page,
  server: ServerProcess,
  query: Record<string, string> = {},
): Promise<TerminalDriver> {
  await openUnwatched(page, `${server.url}?${new URLSearchParams(query)}`)
  const terminal = new TerminalDriver(page)
  await page.waitForFunction(`globalThis.bench?.phase() === 'ready' && document.querySelector('.xterm-rows') !== null`)
  await terminal.focus()
  return terminal
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** The page's heap in bytes, garbage included unless it is collected first. */
export async function heap(session: CDPSession, collect = false): Promise<number> {
  if (collect) await session.send('HeapProfiler.collectGarbage')
  return (await session.send('Runtime.getHeapUsage')).usedSize
}
