/** Sees which processes a command started, however they detached themselves, and which of them outlived it. Linux only. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'

interface Seen {
  readonly pid: number
  readonly parent: number
  readonly group: number
  readonly session: number
  /** Clock ticks since boot: tells a process from a later one with the same number. */
  readonly started: string
}

/** A process that is still there. */
export interface Survivor {
  readonly pid: number
  readonly command: string
}

export const canSeeProcesses = existsSync('/proc/self/stat')

const lookEveryMs = 200

/**
 * Watches what descends from `root`, or carries `mark` in its environment. A program with an environment and a session of its own
 * is known by its parent, as long as it lived for one look. What is ending gets `graceMs` to do so.
 */
export function watchDescendants(root: number, mark: string, graceMs = 5_000): { survivors(): Promise<Survivor[]> } {
  const known = new Map<number, Seen>()
  const look = () => learn(known, root, mark)
  const timer = setInterval(look, lookEveryMs)
  look()
  return {
    async survivors() {
      look()
      clearInterval(timer)
      const deadline = performance.now() + graceMs
      while (alive(known).length > 0 && performance.now() < deadline) await delay(lookEveryMs)
      return alive(known)
    },
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function learn(known: Map<number, Seen>, root: number, mark: string): void {
  const all = processes()
  const ours = new Set([root, ...known.keys()])
  for (let before = -1; before !== ours.size;) {
    before = ours.size
    for (const one of all) if (isOurs(one, ours)) ours.add(one.pid)
  }
  for (const one of all) {
    if (one.pid === process.pid || one.pid === root) continue
    if (ours.has(one.pid) || environmentOf(one.pid).includes(mark)) known.set(one.pid, one)
  }
}

function isOurs(one: Seen, ours: ReadonlySet<number>): boolean {
  return ours.has(one.parent) || ours.has(one.group) || ours.has(one.session)
}

function alive(known: ReadonlyMap<number, Seen>): Survivor[] {
  return [...known.values()]
    .filter((one) => statOf(one.pid)?.started === one.started)
    .map(({ pid }) => ({ pid, command: read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim() }))
}

function processes(): Seen[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.flatMap((pid) => statOf(Number(pid)) ?? [])
}

/** A zombie has ended: it waits for its parent to look. */
function statOf(pid: number): Seen | null {
  const text = read(`/proc/${pid}/stat`)
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state, parent, group, session] = fields
  const started = fields[19]
  if (started === undefined || state === 'Z' || state === 'X') return null
  return { pid, parent: Number(parent), group: Number(group), session: Number(session), started }
}

function environmentOf(pid: number): string {
  return read(`/proc/${pid}/environ`)
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // gone meanwhile, or somebody else's
  }
}
