/** Who is measured beside whom, under which circumstances, and one visit: a fresh server, browser and shell for one contender. */
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright'
import type { TerminalSize } from '../src/protocol/messages.ts'
import { startLink } from './link.ts'
import type { ContenderName, ContenderPage } from './page/contender.tsx'
import type { ServerProcess } from './server.ts'
import { DOLLAR, sleep, type Stage } from './stage.ts'
import { startTtyd, ttydBinary, type Ttyd } from './ttyd.ts'
import { openUnwatched } from './unwatched.ts'

interface Described {
  readonly title: string
  /** How its server and page keep each other from drowning. */
  readonly flow: string
}

/** The words for each on the terminal and on the result page. */
export const CONTENDERS: Readonly<Record<ContenderName, Described>> = {
  ours: { title: 'this package', flow: 'a window that adapts' },
  attach: { title: '@xterm/addon-attach', flow: 'none' },
  vscode: { title: 'VS Code’s scheme', flow: '100 000 characters unacknowledged pause the PTY, 5 000 let it go on' },
  reactXtermjs: { title: 'react-xtermjs', flow: 'none' },
  wterm: { title: '@wterm/react', flow: 'none' },
  ghostty: { title: 'ghostty-web', flow: 'none' },
  ttyd: { title: 'ttyd', flow: 'more than ten waiting writes of 100 000 bytes pause the PTY' },
  floor: { title: 'floor', flow: 'none' },
  parser: { title: 'parser alone', flow: 'none' },
}

/** Who of these can be measured here. */
export function present(names: readonly ContenderName[], stage: Stage): readonly ContenderName[] {
  if (ttydBinary() !== null || !names.includes('ttyd')) return names
  stage.note('ttyd is left out: TTYD_BIN names no binary of it')
  return names.filter((name) => name !== 'ttyd')
}

/** What is different from a fast machine beside its server. */
export interface Circumstances {
  /** Of the figures. */
  readonly variant: string
  /** The page's processor is so many times slower. */
  readonly slowdown: number
  readonly roundTripMs: number
}

export const PLAIN: Circumstances = { variant: '', slowdown: 1, roundTripMs: 0 }
export const SLOW: Circumstances = { variant: 'slow', slowdown: 4, roundTripMs: 0 }
export const DISTANT: readonly Circumstances[] = [20, 80].map((ms) => ({
  variant: `${ms} ms`,
  slowdown: 1,
  roundTripMs: ms,
}))

export interface Visit {
  readonly page: Page
  readonly server: ServerProcess
  /** Calls the page's own functions. */
  ask<T>(call: (contender: ContenderPage) => T | Promise<T>): Promise<T>
  ask<T, A>(call: (contender: ContenderPage, argument: A) => T | Promise<T>, argument: A): Promise<T>
  /** Of the process that serves the shell, in bytes. */
  rss(): Promise<number>
}

export interface VisitOptions {
  readonly who: ContenderName
  readonly size: TerminalSize
  readonly circumstances?: Circumstances
  readonly payloads?: string
}

/** Everything that was started is gone when it resolves. */
export function visit<T>(stage: Stage, options: VisitOptions, act: (visit: Visit) => Promise<T>): Promise<T> {
  const { who, size, circumstances = PLAIN, payloads = null } = options
  return stage.scene(async (scene) => {
    const server = await scene.server({ payloads })
    const ttyd = who === 'ttyd' ? await ttydOn(scene) : null
    const query = new URLSearchParams({ who, cols: String(size.cols), rows: String(size.rows), ttyd: ttyd?.url ?? '' })
    const address = await reach(scene, `${server.url}contender.html?${query}`, circumstances)
    const page = await (await scene.browser()).newPage({ viewport: { width: 820, height: 640 } })
    const opened = opens(page, server, ttyd)
    await openUnwatched(page, address)
    await page.waitForFunction('globalThis.contender !== undefined', undefined, { timeout: 20_000 })
    if (circumstances.slowdown > 1) {
      const session = await page.context().newCDPSession(page)
      await session.send('Emulation.setCPUThrottlingRate', { rate: circumstances.slowdown })
    }
    await opened.ask((contender) => contender.focus())
    return act(opened)
  })
}

async function ttydOn(scene: Stage): Promise<Ttyd> {
  const ttyd = await startTtyd(ttydBinary() ?? '')
  scene.later(() => ttyd.close())
  return ttyd
}

async function reach(scene: Stage, url: string, { roundTripMs }: Circumstances): Promise<string> {
  if (roundTripMs === 0) return url
  const link = await startLink({ to: Number(new URL(url).port), roundTripMs })
  scene.later(() => link.close())
  return link.through(url)
}

function opens(page: Page, server: ServerProcess, ttyd: Ttyd | null): Visit {
  return {
    page,
    server,
    // The function goes to the page as text, so it may use nothing but its arguments.
    ask: (call: (contender: ContenderPage, argument: never) => unknown, argument?: unknown) =>
      page.evaluate(`(${call.toString()})(globalThis.contender, ${JSON.stringify(argument ?? null)})`) as Promise<never>,
    rss: async () => (ttyd === null ? (await server.usage()).rss : rssOf(ttyd.pid)),
  }
}

/** Linux only, as the binary is that people have. */
function rssOf(pid: number): number {
  const kib = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kib ?? NaN) * 1024
}

/** A shell has its prompt: types a command that does nothing and waits for the next one. False if none came. */
export async function prompted({ ask }: Visit, limitMs = 20_000): Promise<boolean> {
  const prompt = ask((contender, [dollar, limitMs]) => contender.mark(dollar, limitMs), [DOLLAR, limitMs] as const)
  await sleep(50)
  await ask((contender) => contender.type('true\r'))
  return (await prompt) !== null
}

/** How many columns and rows the panel takes; the others get as many. */
export async function panelSize(stage: Stage): Promise<TerminalSize> {
  return visit(stage, { who: 'ours', size: { cols: 80, rows: 24 } }, async (visit) => {
    await prompted(visit)
    return visit.ask((contender) => contender.size())
  })
}

/** All of them in each round, and another one first in each. */
export function* turns(names: readonly ContenderName[], rounds: number): Generator<{ round: number; who: ContenderName }> {
  for (let round = 0; round < rounds; round++)
    for (let i = 0; i < names.length; i++) yield { round, who: names[(i + round) % names.length]! }
}
