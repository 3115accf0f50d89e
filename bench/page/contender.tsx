/** The page of one contender: `?who=` names it. What it can be asked for is the same for all. */
import type { TerminalSize } from '../../src/protocol/messages.ts'
import type { Mark } from './api.ts'
import type { Contender, Mount } from './contenders/mount.ts'
import { Output } from './output.ts'

export type ContenderName = 'ours' | 'attach' | 'vscode' | 'reactXtermjs' | 'wterm' | 'ghostty' | 'ttyd' | 'floor' | 'parser'

/** What the page can be asked for, as `globalThis.contender`. Times are milliseconds, amounts those of {@link Output}. */
export interface ContenderPage {
  type(text: string): void
  focus(): void
  size(): TerminalSize
  /** Resolves when the next `byte` has been parsed; null after `limitMs`. */
  mark(byte: number, limitMs: number): Promise<Mark | null>
  amounts(): { readonly parsed: number; readonly dropped: number; readonly at: number }
  /** From now on each letter that is pressed is timed until its echo has been parsed. */
  watchKeys(): void
  /** Of each letter since then: how long it took, or how long it has waited so far. */
  keys(): readonly Key[]
  /** The time stamp of the last key event. */
  lastKeyAt(): number
  /** Prints so many bytes of a payload from memory, at most; milliseconds. Only for those without a shell. */
  print(payload: string, most: number): Promise<number>
}

export interface Key {
  readonly ms: number
  readonly answered: boolean
}

const MOUNTS: Readonly<Record<ContenderName, () => Promise<{ readonly mount: Mount }>>> = {
  ours: () => import('./contenders/ours.tsx'),
  attach: () => import('./contenders/attach.ts'),
  vscode: () => import('./contenders/vscode.ts'),
  reactXtermjs: () => import('./contenders/reactXtermjs.tsx'),
  wterm: () => import('./contenders/wterm.tsx'),
  ghostty: () => import('./contenders/ghostty.ts'),
  ttyd: () => import('./contenders/ttyd.ts'),
  floor: () => import('./contenders/floor.ts'),
  parser: () => import('./contenders/parser.ts'),
}

const query = new URLSearchParams(location.search)
const size = { cols: Number(query.get('cols')), rows: Number(query.get('rows')) }
const output = new Output()
const keys: { at: number; parsedAt: number | null }[] = []
let watching = false
let keyAt = 0

addEventListener(
  'keydown',
  (event) => {
    keyAt = event.timeStamp
    if (!watching || event.key.length !== 1 || event.ctrlKey) return
    const key = { at: event.timeStamp, parsedAt: null as number | null }
    keys.push(key)
    void output.mark(event.key.charCodeAt(0)).then(({ parsedAt }) => (key.parsedAt = parsedAt))
  },
  { capture: true },
)

async function mounted(): Promise<Contender> {
  const host = document.querySelector<HTMLElement>('#host')
  const who = query.get('who') as ContenderName // the one who opens the page knows them
  if (host === null) throw new Error('The page has no element #host.')
  const { mount } = await MOUNTS[who]()
  return mount({ host, size, output, query })
}

const hand = await mounted()

const page: ContenderPage = {
  type: (text) => hand.type(text),
  focus: () => hand.focus(),
  size: () => hand.size?.() ?? size,
  mark(byte, limitMs) {
    let timer: number | undefined
    const late = new Promise<null>((resolve) => (timer = window.setTimeout(() => resolve(null), limitMs)))
    return Promise.race([output.mark(byte), late]).finally(() => clearTimeout(timer))
  },
  amounts: () => ({ parsed: output.parsed, dropped: output.dropped, at: performance.now() }),
  watchKeys: () => {
    watching = true
    keys.length = 0
  },
  keys: () => keys.map(({ at, parsedAt }) => ({ ms: (parsedAt ?? performance.now()) - at, answered: parsedAt !== null })),
  lastKeyAt: () => keyAt,
  print: (payload, most) => hand.print?.(payload, most) ?? Promise.reject(new Error('It prints nothing from memory.')),
}
Object.assign(globalThis, { contender: page })
