/** The processes of a terminal session: who they are, which group stands in front, and how all of them end. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import type { SignalName } from '../../protocol/messages.ts'

/** One row of the process table. Zombies are not in it. */
export interface ProcessRow {
  readonly pid: number
  readonly parent: number
  readonly group: number
  /** Absent where the system does not tell. */
  readonly session?: number
  /** The group in the foreground of its terminal. */
  readonly foreground: number
  /** When it started, in a unit of the system's own: tells two users of one pid apart. */
  readonly started?: string
}

/** The process that leads a session, and therefore names it. */
export interface SessionLeader {
  readonly pid: number
  readonly started?: string
}

/** All processes, from `/proc` where there is one and from `ps` elsewhere. Empty if neither can be read. */
export function processTable(): ProcessRow[] {
  return process.platform === 'linux' ? tableOfProc() : tableOfPs()
}

function tableOfProc(): ProcessRow[] {
  return namesIn('/proc').flatMap((name) => (/^\d+$/.test(name) ? (rowOfProc(name) ?? []) : []))
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function rowOfProc(pid: string): ProcessRow | undefined {
  try {
    return parseProcStat(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    // It ended between the listing and the reading.
    return undefined
  }
}

/** A row from `/proc/<pid>/stat`. The name stands in parentheses and may itself contain spaces and parentheses. */
export function parseProcStat(stat: string): ProcessRow | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, parent, group, session, , foreground] = fields
  if (state === undefined || 'ZX'.includes(state)) return undefined
  return {
    pid: Number.parseInt(stat, 10),
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    foreground: Number(foreground),
    started: fields[19],
  }
}

function tableOfPs(): ProcessRow[] {
  try {
    return parsePs(execFileSync('ps', ['-A', '-o', 'pid=,ppid=,pgid=,tpgid=,stat='], { encoding: 'latin1' }))
  } catch {
    return []
  }
}

/** Rows from the output of `ps -A -o pid=,ppid=,pgid=,tpgid=,stat=`. */
export function parsePs(output: string): ProcessRow[] {
  return output.split('\n').flatMap((line) => {
    const [pid, parent, group, foreground, state] = line.trim().split(/\s+/)
    if (state === undefined || state.startsWith('Z')) return []
    return { pid: Number(pid), parent: Number(parent), group: Number(group), foreground: Number(foreground) }
  })
}

export function leaderOf(pid: number): SessionLeader {
  return { pid, started: process.platform === 'linux' ? rowOfProc(String(pid))?.started : undefined }
}

/**
 * The process groups of a session. Without session ids in the table they are those of the leader and its descendants, and
 * those in `known`, which were found so earlier: orphans of the session are recognised by them.
 */
export function groupsOfSession(table: readonly ProcessRow[], leader: SessionLeader, known: ReadonlySet<number>): Set<number> {
  const members = new Set<number>()
  const groups = new Set<number>()
  const joins = (row: ProcessRow) =>
    row.session === undefined
      ? row.pid === leader.pid || known.has(row.group) || groups.has(row.group) || members.has(row.parent)
      : row.session === leader.pid && !isStranger(row, leader)
  for (let before = -1; before < members.size;) {
    before = members.size
    for (const row of table) {
      if (members.has(row.pid) || !joins(row)) continue
      members.add(row.pid)
      groups.add(row.group)
    }
  }
  return groups
}

/** Whether a row is another process that got the leader's pid after it. */
function isStranger(row: ProcessRow, leader: SessionLeader): boolean {
  return row.pid === leader.pid && leader.started !== undefined && row.started !== leader.started
}

/** The group that the terminal's keys go to, or the leader's own if it cannot be found. */
export function foregroundGroup(leader: SessionLeader): number {
  const row =
    process.platform === 'linux' ? rowOfProc(String(leader.pid)) : tableOfPs().find((candidate) => candidate.pid === leader.pid)
  return row && row.foreground > 0 ? row.foreground : leader.pid
}

/** Signals a process group. A group that is gone, or that belongs to another user by now, is left alone. */
export function signalGroup(group: number, signal: SignalName | 'CONT'): void {
  if (group <= 1) return
  try {
    process.kill(-group, `SIG${signal}`)
  } catch {
    // Gone, or not ours.
  }
}

/** The pause before the first look at an ending session; it doubles with every look. */
const FIRST_LOOK_MS = 20
const LONGEST_LOOK_MS = 500
/** What is still there so long after KILL (another user's process, or one that hangs in the kernel) is given up. */
const GIVE_UP_MS = 30_000

interface Ending {
  readonly leader: SessionLeader
  readonly groups: Set<number>
  /** On the clock of `performance.now()`. */
  killAt: number
}

/**
 * Ends sessions: HUP at once, KILL after a grace, and it looks until nobody of the session is left. All sessions that are
 * ending share one timer and one look at the process table. The timer keeps the process alive, or it would leave orphans.
 */
export class SessionReaper {
  readonly #graceMs: number
  readonly #endings = new Map<number, Ending>()
  #timer: NodeJS.Timeout | undefined
  #lookMs = FIRST_LOOK_MS

  constructor(graceMs: number) {
    this.#graceMs = graceMs
  }

  /** How many sessions are still ending. */
  get pending(): number {
    return this.#endings.size
  }

  end(leader: SessionLeader): void {
    this.#begin(leader, this.#graceMs, 'HUP')
  }

  kill(leader: SessionLeader): void {
    this.#begin(leader, 0, 'KILL')
  }

  #begin(leader: SessionLeader, graceMs: number, signal: 'HUP' | 'KILL'): void {
    const killAt = performance.now() + graceMs
    const known = this.#endings.get(leader.pid)
    if (known && known.killAt <= killAt) return
    const ending = { leader, groups: known?.groups ?? new Set<number>(), killAt }
    // Where nobody is left, nobody can be born.
    if (this.#signal(ending, processTable(), signal)) this.#endings.set(leader.pid, ending)
    else this.#endings.delete(leader.pid)
    this.#lookMs = FIRST_LOOK_MS
    this.#schedule()
  }

  /** False when nobody is left. */
  #signal(ending: Ending, table: readonly ProcessRow[], signal: 'HUP' | 'KILL' | null): boolean {
    // Without any table the leader's group is all that is known.
    const groups = table.length > 0 ? groupsOfSession(table, ending.leader, ending.groups) : new Set([ending.leader.pid])
    for (const group of groups) {
      ending.groups.add(group)
      if (signal) signalGroup(group, signal)
      // A stopped process does not see HUP before it continues.
      if (signal === 'HUP') signalGroup(group, 'CONT')
    }
    return groups.size > 0
  }

  #look(): void {
    const table = processTable()
    const now = performance.now()
    for (const [pid, ending] of this.#endings) {
      const left = this.#signal(ending, table, now >= ending.killAt ? 'KILL' : null)
      if (!left || now >= ending.killAt + GIVE_UP_MS) this.#endings.delete(pid)
    }
    this.#lookMs = Math.min(this.#lookMs * 2, LONGEST_LOOK_MS)
    this.#schedule()
  }

  #schedule(): void {
    clearTimeout(this.#timer)
    if (this.#endings.size === 0) return
    const untilKill = Math.min(...[...this.#endings.values()].map((ending) => ending.killAt)) - performance.now()
    const delayMs = untilKill > 0 ? Math.min(this.#lookMs, untilKill) : this.#lookMs
    this.#timer = setTimeout(() => this.#look(), delayMs)
  }
}
