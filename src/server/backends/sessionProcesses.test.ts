/** A session is found in the process tables of Linux and macOS, also when its leader is gone or its pid was given away. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import {
  groupsOfSession,
  leaderOf,
  parseProcStat,
  parsePs,
  processTable,
  SessionReaper,
  type ProcessRow,
} from './sessionProcesses.ts'

const NOBODY: ReadonlySet<number> = new Set()

function row(pid: number, parent: number, group: number, session?: number, started?: string): ProcessRow {
  return { pid, parent, group, session, foreground: -1, started }
}

test('reads a line of /proc whatever the program is called', () => {
  const rest = '17 4711 4700 34816 4712 4194304 100 0 0 0 1 2 0 0 20 0 1 0 987654 1 2'
  const expected = { pid: 4711, parent: 17, group: 4711, session: 4700, foreground: 4712, started: '987654' }
  expect(parseProcStat(`4711 (bash) S ${rest}`)).toEqual(expected)
  expect(parseProcStat(`4711 (a) S (b) R ${rest}`)).toEqual(expected)
  expect(parseProcStat(`4711 (bash) Z ${rest}`)).toBeUndefined()
})

test('reads the lines of ps and skips zombies', () => {
  expect(parsePs('    1     0     1    -1 Ss\n  500     1   500   502 S+\n  501   500   501   502 Z\n')).toEqual([
    { pid: 1, parent: 0, group: 1, foreground: -1 },
    { pid: 500, parent: 1, group: 500, foreground: 502 },
  ])
})

test('a session id names every group of the session, also without its leader', () => {
  const table = [row(11, 10, 11, 10), row(12, 1, 12, 10), row(13, 10, 13, 13)]
  expect(groupsOfSession(table, { pid: 10, started: '1' }, NOBODY)).toEqual(new Set([11, 12]))
})

test('a stranger with the pid of the leader is left alone', () => {
  const table = [row(10, 1, 10, 10, '99')]
  expect(groupsOfSession(table, { pid: 10, started: '1' }, NOBODY)).toEqual(new Set())
  expect(groupsOfSession(table, { pid: 10, started: '99' }, NOBODY)).toEqual(new Set([10]))
})

test('without session ids the descendants and the groups known from before are the session', () => {
  const table = [row(14, 13, 12), row(13, 10, 13), row(10, 1, 10), row(20, 1, 20), row(30, 1, 30), row(31, 30, 31)]
  expect(groupsOfSession(table, { pid: 10 }, NOBODY)).toEqual(new Set([10, 13, 12]))
  const orphans = table.filter((candidate) => candidate.pid !== 10 && candidate.pid !== 13)
  expect(groupsOfSession(orphans, { pid: 10 }, new Set([12]))).toEqual(new Set([12]))
})

test('this process is in the table, and knows when it started', () => {
  const own = processTable().find((candidate) => candidate.pid === process.pid)
  expect(own?.parent).toBe(process.ppid)
  expect(leaderOf(process.pid).started).toBe(own?.started)
})

/** A process that leads a session of its own. */
function sleeper() {
  const child = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' })
  return { leader: leaderOf(child.pid ?? 0), ended: once(child, 'exit') }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2))
}

test('a reaper ends a session by HUP, looks until nobody is left and then has no timer', async () => {
  const { leader, ended } = sleeper()
  const reaper = new SessionReaper(60_000)
  reaper.end(leader)
  expect(await ended).toEqual([null, 'SIGHUP'])
  await until(() => reaper.pending === 0)
})

test('a reaper that is told to kill does it at once', async () => {
  const { leader, ended } = sleeper()
  const reaper = new SessionReaper(60_000)
  reaper.kill(leader)
  expect(await ended).toEqual([null, 'SIGKILL'])
  await until(() => reaper.pending === 0)
})

test('a session without anybody is over at once', () => {
  const reaper = new SessionReaper(60_000)
  reaper.end({ pid: 2 ** 30 })
  expect(reaper.pending).toBe(0)
})
