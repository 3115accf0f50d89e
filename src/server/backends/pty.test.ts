/** Real programs on real terminals: every byte both ways, the exit behind the last one, and nobody left behind. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { OpenRequest, Program, ProgramExit } from '../ports.ts'
import { ptyBackend, type PtyOptions } from './pty.ts'
import { processTable } from './sessionProcesses.ts'

const long = process.env['TORTURE'] === '1'
vi.setConfig({ testTimeout: long ? 600_000 : 60_000 })

const REQUEST: OpenRequest = {
  allocation: 'a',
  principal: { id: 'p' },
  target: { allocation: 'a' },
  size: { cols: 80, rows: 24 },
  env: {},
}

interface Run {
  readonly program: Program
  readonly log: string[]
  readonly chunks: Uint8Array[]
  took: number
  exit: ProgramExit | null
  /** Called for each output, after it was kept. */
  onOutput: () => void
}

const runs: Run[] = []

function start(options: PtyOptions, request: Partial<OpenRequest> = {}): Run {
  const program: { current: Program | null } = { current: null }
  const run: Omit<Run, 'program'> = { log: [], chunks: [], took: 0, exit: null, onOutput: () => undefined }
  program.current = ptyBackend({ graceMs: 100, ...options }).open(
    { ...REQUEST, ...request },
    {
      opened: () => run.log.push('opened'),
      failed: (reason, message) => run.log.push(`failed ${reason}: ${message}`),
      output: (_stream, bytes) => {
        run.log.push('output')
        run.chunks.push(bytes.slice()) // they are lent
        run.onOutput()
      },
      took: (count) => {
        run.took += count
      },
      exited: (exit) => {
        run.log.push('exited')
        run.exit = exit
      },
    },
  )
  const whole: Run = Object.assign(run, { program: program.current })
  runs.push(whole)
  return whole
}

function bash(script: string, options: PtyOptions = {}, request: Partial<OpenRequest> = {}): Run {
  return start({ command: () => ({ file: 'bash', args: ['--norc', '--noprofile', '-c', script] }), ...options }, request)
}

function bytesOf(run: Run): Buffer {
  return Buffer.concat(run.chunks)
}

function textOf(run: Run): string {
  return bytesOf(run).toString('latin1')
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function key(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

/** Looks again and again; the test's own time limit ends it. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2))
}

async function exitOf(run: Run): Promise<ProgramExit | null> {
  await until(() => run.exit !== null)
  return run.exit
}

/** The numbers behind `pids` in what the program printed. */
function pidsOf(run: Run): number[] {
  return (/pids ([\d ]+)\r/.exec(textOf(run))?.[1] ?? '').split(' ').map(Number)
}

function living(pids: readonly number[]): number[] {
  const table = new Set(processTable().map((row) => row.pid))
  return pids.filter((pid) => table.has(pid))
}

/** Small numbers by chance from a seed, so that a failure repeats. */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % sides
  }
}

/** Writes all of `data` with at most 64 KiB that are not taken. */
async function feed(run: Run, data: Uint8Array<ArrayBuffer>): Promise<void> {
  const before = run.took
  for (let at = 0; at < data.length;) {
    await until(() => at - (run.took - before) < 65_536)
    const length = Math.min(data.length - at, 65_536 - (at - (run.took - before)))
    run.program.write(data.slice(at, at + length))
    at += length
  }
  await until(() => run.took - before === data.length)
}

function noise(length: number): Uint8Array<ArrayBuffer> {
  const roll = dice(length)
  return Uint8Array.from({ length }, () => roll(65_536) >> 8)
}

let timersAtFirst = 0
beforeAll(() => {
  timersAtFirst = timers()
})
// Whoever ends sessions looks once more after the last process is gone.
afterAll(() => until(() => timers() <= timersAtFirst))

afterEach(async () => {
  for (const run of runs) run.program.kill()
  await until(() => runs.every((run) => run.exit !== null || run.log[0]?.startsWith('failed')))
  runs.length = 0
})

describe('output', () => {
  test.each([1, 2, 3])('seq under pauses at random points is the direct run, byte for byte (seed %i)', async (seed) => {
    const roll = dice(seed)
    const run = bash('stty -onlcr; seq 1 200000')
    let paused = false
    let leaked = 0
    run.onOutput = () => {
      if (paused) leaked++
      if (roll(20) > 0) return
      run.program.pause()
      paused = true
      setTimeout(() => {
        paused = false
        run.program.resume()
      }, roll(3))
    }
    expect(await exitOf(run)).toEqual({ code: 0 })
    expect(sha256(bytesOf(run))).toBe(sha256(execFileSync('seq', ['1', '200000'], { maxBuffer: 1e8 })))
    // What still came during a pause came at the end, in the kernel's and the stream's few last buffers.
    expect(leaked).toBeLessThan(64)
    expect(run.log.at(-1)).toBe('exited')
  })

  test('nothing comes while paused, the program is held, and everything comes afterwards', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pty-'))
    const mark = join(folder, 'mark')
    writeFileSync(mark, '')
    const run = bash(`stty -onlcr; printf go; for ((i = 0; i < 300; i++)); do printf '%01000d' 7; printf . >> ${mark}; done`)
    await until(() => run.chunks.length > 0)
    run.program.pause()
    const before = bytesOf(run).length
    // It stands still when the kernel and one stream buffer are full: its last mark is far from 300 and stays.
    let size = -1
    for (let still = 0; still < 50;) {
      await new Promise((resolve) => setTimeout(resolve, 2))
      const now = statSync(mark).size
      still = now === size ? still + 1 : 0
      size = now
    }
    expect(size).toBeLessThan(300)
    expect(bytesOf(run).length).toBe(before)
    expect(run.exit).toBeNull()
    run.program.resume()
    await exitOf(run)
    expect(textOf(run)).toBe('go' + '7'.padStart(1000, '0').repeat(300))
    rmSync(folder, { recursive: true })
  })

  test.each([
    ['from the start', 1500, true],
    ['after the first bytes, some in the stream', 1600, false],
  ])('a pause at the moment of exit loses nothing (%s)', async (_name, last, fromStart) => {
    const expected = sha256(execFileSync('seq', ['1', String(last)]))
    for (let round = 0; round < 4; round++) {
      const batch = Array.from({ length: 25 }, () => {
        const run = bash(`stty -onlcr; seq 1 ${last}; exit 9`)
        if (fromStart) run.program.pause()
        else run.onOutput = () => run.program.pause()
        return run
      })
      const exits = await Promise.all(batch.map(exitOf))
      expect(exits).toEqual(batch.map(() => ({ code: 9 })))
      expect(batch.map((run) => sha256(bytesOf(run)))).toEqual(batch.map(() => expected))
      expect(batch.map((run) => run.log.at(-1))).toEqual(batch.map(() => 'exited'))
    }
  })

  test.each([
    ['a silent job', 'sleep 1000 &'],
    ['a job that floods', 'yes background &'],
    ['a job that ignores HUP', "(trap '' HUP; sleep 1000) &"],
  ])('%s that keeps the terminal open delays no exit and hides no byte', async (_name, job) => {
    const run = bash(`stty -onlcr; ${job} echo pids $! $'\\r'; seq 1 5000; echo the end; exit 4`)
    expect(await exitOf(run)).toEqual({ code: 4 })
    const lines = new Set(textOf(run).split('\n'))
    expect(lines.has('the end')).toBe(true)
    await until(() => living(pidsOf(run)).length === 0)
  })

  test('bytes come as exact arrays of their own', async () => {
    const run = bash('printf one; read -r; printf two')
    await until(() => textOf(run) === 'one')
    run.program.write(key('\r'))
    await exitOf(run)
    for (const chunk of run.chunks) expect(chunk.buffer.byteLength).toBe(chunk.length)
    expect(new Set(run.chunks.map((chunk) => chunk.buffer)).size).toBe(run.chunks.length)
  })
})

describe('input', () => {
  test(`${long ? 10 : 1} MB of any bytes arrive as they were written, 64 KiB at a time`, async () => {
    const data = noise(long ? 10_000_000 : 1_000_000)
    const run = bash(`stty raw -echo; printf ready; head -c ${data.length} | sha256sum`)
    await until(() => textOf(run) === 'ready')
    await feed(run, data)
    await exitOf(run)
    expect(textOf(run)).toContain(sha256(data))
  })

  test('a paste into `cat > file` in line mode arrives exactly', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pty-'))
    const file = join(folder, 'pasted')
    const data = key('a line of the paste\n'.repeat(long ? 500_000 : 50_000))
    const run = bash(`stty -echo; printf ready; cat > ${file}`)
    await until(() => textOf(run) === 'ready')
    await feed(run, data)
    run.program.write(key('\x04'))
    expect(await exitOf(run)).toEqual({ code: 0 })
    expect(sha256(readFileSync(file))).toBe(sha256(data))
    rmSync(folder, { recursive: true })
  })

  test('what a program does not read is not taken, and the process stays responsive', async () => {
    const run = bash('stty raw -echo; printf ready; exec sleep 1000')
    await until(() => textOf(run) === 'ready')
    run.program.write(noise(1_000_000))
    await until(() => run.took > 0)
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setTimeout(resolve, 2))
    expect(run.took).toBeLessThan(131_072)
    run.program.kill()
    expect(await exitOf(run)).toEqual({ sig: 'KILL' })
  })

  test('^C interrupts what runs', async () => {
    const run = bash('echo ready; exec sleep 1000')
    await until(() => textOf(run).includes('ready'))
    run.program.write(key('\x03'))
    expect(await exitOf(run)).toEqual({ sig: 'INT' })
  })

  test('^C stops a flood that is held by a pause', async () => {
    const run = bash('exec yes')
    await until(() => bytesOf(run).length > 100_000)
    run.program.pause()
    run.program.write(key('\x03'))
    expect(await exitOf(run)).toEqual({ sig: 'INT' })
  })
})

describe('a program', () => {
  test('opens first and exits with its code behind the last byte', async () => {
    const run = bash('printf last; exit 7')
    expect(await exitOf(run)).toEqual({ code: 7 })
    expect(run.log[0]).toBe('opened')
    expect(run.log.slice(1, -1).every((entry) => entry === 'output')).toBe(true)
    expect(textOf(run)).toBe('last')
  })

  test('has its size before it starts, and follows', async () => {
    const run = bash('stty -echo; stty size; while read -r; do stty size; done', {}, { size: { cols: 133, rows: 41 } })
    await until(() => textOf(run) === '41 133\r\n')
    run.program.resize({ cols: 1000, rows: 1 })
    run.program.write(key('\r'))
    await until(() => textOf(run).split('\r\n').length === 3)
    expect(textOf(run)).toBe('41 133\r\n1 1000\r\n')
  })

  test('is a login shell unless told otherwise', async () => {
    // The start-up files of whoever runs this may do anything, also nothing for a minute.
    const home = mkdtempSync(join(tmpdir(), 'terminal-home-'))
    writeFileSync(join(home, '.bash_profile'), 'echo profile was read\n')
    vi.stubEnv('HOME', home)
    vi.stubEnv('SHELL', '/bin/bash')
    const run = start({})
    vi.unstubAllEnvs()
    run.program.write(key('shopt login_shell; tty; exit 3\r'))
    expect(await exitOf(run)).toEqual({ code: 3 })
    rmSync(home, { recursive: true })
    expect(textOf(run)).toMatch(/login_shell\s+on/)
    expect(textOf(run)).toContain('profile was read')
  })

  test('sees the environment that is allowed and nothing else of the server', async () => {
    vi.stubEnv('CANARY_OF_THE_SERVER', 'sings')
    vi.stubEnv('LC_TIME', 'xx_YY.UTF-8')
    const run = start(
      { command: () => ({ file: 'env', env: { COMMAND: 'c d' } }) },
      { env: { FROM_REQUEST: 'a=b', fd: '7', TERM: 'vt100', PS1: '> ' } },
    )
    await exitOf(run)
    vi.unstubAllEnvs()
    const lines = textOf(run).trim().split('\r\n')
    expect(lines).toEqual(
      expect.arrayContaining([
        'LC_TIME=xx_YY.UTF-8',
        'FROM_REQUEST=a=b',
        'PS1=> ',
        'COMMAND=c d',
        'fd=7',
        'TERM=vt100',
        'COLORTERM=truecolor',
      ]),
    )
    const allowed = /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_\w+|TZ|TERM|COLORTERM|PWD|SHLVL|_|PS1|FROM_REQUEST|COMMAND|fd)=/
    expect(lines.filter((line) => !allowed.test(line))).toEqual([])
  })

  test('reads characters as UTF-8 where nobody says how, and as it is told otherwise', async () => {
    const characters = async (env: Record<string, string>): Promise<string[]> => {
      const run = start({ command: () => ({ file: 'env', env }) })
      await exitOf(run)
      return textOf(run)
        .split('\r\n')
        .filter((line) => /^(LANG|LC_)/.test(line))
    }
    for (const name of Object.keys(process.env)) if (/^(LANG|LC_.*)$/.test(name)) vi.stubEnv(name, undefined)
    expect(await characters({})).toEqual([expect.stringMatching(/^LC_CTYPE=.*UTF-8$/)])
    expect(await characters({ LANG: 'C' })).toEqual(['LANG=C'])
    vi.stubEnv('LC_ALL', 'C')
    expect(await characters({})).toEqual(['LC_ALL=C'])
    vi.unstubAllEnvs()
  })

  test('gets its arguments as they are', async () => {
    const args = ['%s|', 'a b', '$HOME', '', '-n', "it's", '*', '\u00fc']
    const run = start({ command: () => ({ file: '/usr/bin/printf', args }) })
    await exitOf(run)
    expect(bytesOf(run).toString()).toBe("a b|$HOME||-n|it's|*|\u00fc|")
  })

  test.runIf(process.platform === 'linux')('inherits no open file, least of all the terminals of others', async () => {
    const others = [bash('exec sleep 1000'), bash('exec sleep 1000')]
    const run = bash('for f in /proc/$$/fd/*; do echo "${f##*/} $(readlink $f)"; done')
    await exitOf(run)
    expect(textOf(run)).not.toContain('ptmx')
    expect(textOf(run).match(/^[012] \/dev\/pts/gm)).toHaveLength(3)
    expect(others.map((other) => other.exit)).toEqual([null, null])
  })

  test.each([
    ['a missing program', { file: 'no-such-program-here' }, 'no-such-program-here'],
    ['a missing path', { file: '/no/such/program' }, '/no/such/program'],
    ['a folder', { file: '/tmp' }, '/tmp'],
    ['a file that may not be run', { file: '/etc/passwd' }, '/etc/passwd'],
    ['a relative path', { file: 'bin/sh' }, 'bin/sh'],
    ['a missing folder', { file: 'bash', cwd: '/no/such/folder' }, '/no/such/folder'],
  ])('%s fails with a sentence and is no exit', async (_name, command, words) => {
    const run = start({ command: () => command })
    expect(run.log).toEqual([])
    await until(() => run.log.length > 0)
    expect(run.log).toEqual([expect.stringMatching(/^failed target_unreachable: There is no .*\.$/)])
    expect(run.log[0]).toContain(words)
    run.program.write(key('x'))
    run.program.resize({ cols: 1, rows: 1 })
    run.program.end()
    expect(run.log).toHaveLength(1)
  })

  test('a host that refuses by a throw fails with its words', async () => {
    const run = start({
      command: () => {
        throw new Error('not today')
      },
    })
    await until(() => run.log.length > 0)
    expect(run.log).toEqual(['failed target_unreachable: The program could not be started: not today'])
  })

  test('can be told anything after its end', async () => {
    const run = bash('exit 0')
    await exitOf(run)
    const length = run.log.length
    run.program.write(key('x'))
    run.program.resize({ cols: 10, rows: 10 })
    run.program.signal('INT')
    run.program.pause()
    run.program.resume()
    run.program.end()
    run.program.kill()
    await new Promise((resolve) => setImmediate(resolve))
    expect(run.log).toHaveLength(length)
  })
})

describe('signals', () => {
  test('go to the group in the foreground, and the shell behind it lives on', async () => {
    const run = start({ command: () => ({ file: 'bash', args: ['--norc', '--noprofile', '-i'] }) })
    run.program.write(key('PS1=; echo pids $$ ; sleep 1000\r'))
    await until(() => pidsOf(run)[0]! > 0)
    const [shell = 0] = pidsOf(run)
    await until(() => processTable().some((row) => row.pid === shell && row.foreground !== shell))
    run.program.signal('TERM')
    await until(() => processTable().some((row) => row.pid === shell && row.foreground === shell))
    run.program.write(key('exit 5\r'))
    expect(await exitOf(run)).toEqual({ code: 5 })
  })

  test.each(['TERM', 'HUP', 'QUIT', 'KILL'] as const)('%s is the exit of a program that it ended', async (signal) => {
    const run = bash('ulimit -c 0; stty -echo; printf go; exec cat')
    await until(() => textOf(run) === 'go')
    // The answer comes from cat itself; bash, which it replaces, ignores QUIT.
    run.program.write(key('ready\r'))
    await until(() => textOf(run) === 'goready\r\n')
    run.program.signal(signal)
    expect(await exitOf(run)).toEqual({ sig: signal })
  })

  test('KILL takes the whole session', async () => {
    const run = bash(`set -m; sleep 1000 & a=$!; (trap '' HUP TERM; exec sleep 1000) & echo pids $$ $a $!; wait`)
    await until(() => pidsOf(run).length === 3)
    run.program.signal('KILL')
    expect(await exitOf(run)).toEqual({ sig: 'KILL' })
    await until(() => living(pidsOf(run)).length === 0)
  })
})

/** Shells with all that one can leave behind short of a new session; each prints its pids once everything runs. */
const LEAVERS = [
  `sleep 1000 & echo pids $$ $!; wait`,
  `set -m; sleep 1000 & a=$!; sleep 1000 & echo pids $$ $a $!; exec sleep 1000`,
  `nohup sleep 1000 >/dev/null 2>&1 & echo pids $$ $!; wait`,
  `trap '' HUP; sleep 1000 & echo pids $$ $!; while :; do wait; done`,
  `set -m; (trap '' HUP TERM INT; sleep 1000; sleep 1000) & echo pids $$ $!; wait`,
  `set -m; sleep 1000 & kill -STOP $!; echo pids $$ $!; wait`,
  `trap 'echo bye; exit 6' HUP; echo pids $$; while :; do sleep 0.01; done`,
]

describe('the end', () => {
  test.each(LEAVERS)('leaves nobody: %s', async (script) => {
    const run = bash(script)
    await until(() => pidsOf(run)[0]! > 0)
    run.program.end()
    await exitOf(run)
    await until(() => living(pidsOf(run)).length === 0)
    expect(run.log.at(-1)).toBe('exited')
  })

  test('is HUP first, which a program may use', async () => {
    const run = bash(`trap 'echo bye; exit 6' HUP; echo ready; while :; do sleep 0.01; done`, { graceMs: 60_000 })
    await until(() => textOf(run).includes('ready'))
    run.program.pause()
    run.program.end()
    expect(await exitOf(run)).toEqual({ code: 6 })
    expect(textOf(run)).toContain('bye')
  })

  test('wakes a stopped program, so that it sees the HUP', async () => {
    const run = bash('echo pids $$; kill -STOP $$', { graceMs: 60_000 })
    await until(() => pidsOf(run)[0]! > 0 && stateOf(pidsOf(run)[0]!).startsWith('T'))
    run.program.end()
    expect(await exitOf(run)).toEqual({ sig: 'HUP' })
  })

  test('is KILL after the grace for a program that ignores HUP', async () => {
    const run = bash(`trap '' HUP; echo ready; while :; do sleep 0.01; done`)
    await until(() => textOf(run).includes('ready'))
    run.program.end()
    expect(await exitOf(run)).toEqual({ sig: 'KILL' })
  })

  test.each([
    ['that closes its terminal and lives on', '', 'HUP'],
    ['that ignores HUP besides', "trap '' HUP;", 'KILL'],
  ])('comes for a program %s', async (_name, trap, sig) => {
    const run = bash(`${trap} echo pids $$; exec <&- >&- 2>&-; exec sleep 1000`)
    expect(await exitOf(run)).toEqual({ sig })
    expect(pidsOf(run)[0]).toBeGreaterThan(0)
  })

  test(`${long ? 1000 : 50} closes leave no process, no terminal and no timer`, async () => {
    const count = long ? 1000 : 50
    const before = timers()
    const pids: number[] = []
    for (let done = 0; done < count; done += 25) {
      const batch = Array.from({ length: 25 }, (_, index) => bash(LEAVERS[(done + index) % LEAVERS.length] ?? ''))
      await until(() => batch.every((run) => pidsOf(run)[0]! > 0))
      pids.push(...batch.flatMap(pidsOf))
      for (const run of batch) run.program.end()
      await Promise.all(batch.map(exitOf))
      runs.length = 0
    }
    expect(pids.length).toBeGreaterThan(count)
    await until(() => living(pids).length === 0)
    await until(() => !process.getActiveResourcesInfo().includes('TTYWrap'))
    // Whoever ended them looks once more before it rests.
    await until(() => timers() <= before)
    if (process.platform === 'linux') expect(childrenOfOurs()).toEqual([])
  })
})

/** Timers that would keep this process alive. */
function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
}

/** What `ps` says of a process: T is stopped, Z is a zombie. */
function stateOf(pid: number): string {
  return execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
}

/** Our children whose parent should have waited for them: zombies. */
function childrenOfOurs(): string[] {
  return execFileSync('ps', ['--ppid', String(process.pid), '-o', 'stat=,comm='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.startsWith('Z'))
}
