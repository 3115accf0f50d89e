/** The pty backend: real programs on pseudo-terminals, by the optional package `@lydell/node-pty`, on Linux and macOS. */
import { accessSync, constants, readSync, statSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants as system, homedir } from 'node:os'
import { delimiter, isAbsolute, join } from 'node:path'
import type { ReadStream } from 'node:tty'
import type { IPty, spawn as spawnTerminal } from '@lydell/node-pty'
import { STREAM, type SignalName, type TerminalSize } from '../../protocol/messages.ts'
import type { Backend, OpenRequest, Program, ProgramEvents, ProgramExit } from '../ports.ts'
import { gather } from './gather.ts'
import { foregroundGroup, leaderOf, SessionReaper, signalGroup, type SessionLeader } from './sessionProcesses.ts'

/** What to run, as an argument array; no shell reads it. */
export interface PtyCommand {
  /** A path, or a name that is looked up in the program's own PATH. */
  readonly file: string
  readonly args?: readonly string[]
  /** Default: the home folder of the server's user, or `/` if that is missing. */
  readonly cwd?: string
  /** Added to the environment, over everything else. */
  readonly env?: Readonly<Record<string, string>>
}

export interface PtyOptions {
  /** What to run for a request. Default: a login shell, which is $SHELL, bash or sh. A throw becomes `target_unreachable`. */
  readonly command?: (request: OpenRequest) => PtyCommand
  /** How long a session has between HUP and KILL, in milliseconds. Default 5000. */
  readonly graceMs?: number
}

/**
 * Starts programs on pseudo-terminals. Each leads a session of its own; when it exits, or at `end()`, everything that is
 * left in that session gets HUP and after the grace KILL, background jobs and `nohup` included. Only what moved into another
 * session (`setsid`) stays.
 *
 * The environment is PATH, HOME, USER, LOGNAME, SHELL, LANG, LC_* and TZ of the server, TERM=xterm-256color,
 * COLORTERM=truecolor, then the request's and the command's own (and PWD, SHLVL and _, which every shell sets). Where none of
 * these says how characters are read, LC_CTYPE says UTF-8, as the terminal reads them. Nothing else of the server's reaches the
 * program. Nor does any open file: the package leaves the terminals of other sessions open in a new program, so on Linux each
 * is started by way of bash, which closes them and becomes the program.
 *
 * Throws an Error with a sentence where the package, the platform or that bash is missing.
 */
export function ptyBackend(options: PtyOptions = {}): Backend {
  if (process.platform === 'win32') throw new Error('ptyBackend() runs on Linux and macOS only.')
  if (process.platform === 'linux' && !isProgram(BASH)) throw new Error(`ptyBackend() needs ${BASH} to start programs cleanly.`)
  const spawn = loadSpawn()
  const command = options.command ?? loginShell
  const reaper = new SessionReaper(options.graceMs ?? 5000)
  return {
    pausable: true,
    open(request, events) {
      const started = start(spawn, command, request)
      if (typeof started !== 'string') return new PtyProgram(started, events, reaper)
      process.nextTick(() => events.failed('target_unreachable', started))
      return NO_PROGRAM
    },
  }
}

type Spawn = typeof spawnTerminal

function loadSpawn(): Spawn {
  try {
    // Required by name at run time, so that nobody needs the package who does not call this.
    const module = createRequire(import.meta.url)('@lydell/node-pty') as { spawn: Spawn }
    return module.spawn
  } catch (error) {
    throw new Error('ptyBackend() needs the package @lydell/node-pty: run `npm install @lydell/node-pty`.', { cause: error })
  }
}

const NO_PROGRAM: Program = {
  write: () => undefined,
  resize: () => undefined,
  signal: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
  end: () => undefined,
  kill: () => undefined,
}

// ── What is started ──

const BASH = '/bin/bash'
const INHERITED = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'TZ']
const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin'
/** Any of these says how a program reads characters. */
const CHARACTERS = ['LC_ALL', 'LC_CTYPE', 'LANG'] as const
const UTF_8 = process.platform === 'darwin' ? 'UTF-8' : 'C.UTF-8'

function loginShell(): PtyCommand {
  const file = [process.env['SHELL'], BASH].find((candidate) => candidate && isAbsolute(candidate) && isProgram(candidate))
  return { file: file ?? '/bin/sh', args: ['-l'] }
}

function environmentOf(request: OpenRequest, command: PtyCommand): Record<string, string> {
  const inherited = Object.entries(process.env).filter(([name]) => INHERITED.includes(name) || name.startsWith('LC_'))
  const env: Record<string, string> = {
    PATH: DEFAULT_PATH,
    ...(Object.fromEntries(inherited) as Record<string, string>), // `process.env` lists no undefined values
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    ...request.env,
    ...command.env,
  }
  // Services start without a language; then a shell takes each byte of what a person types for a character.
  return CHARACTERS.some((name) => env[name]) ? env : { ...env, LC_CTYPE: UTF_8 }
}

/** Starts the program of a request; a string is the sentence that says why it cannot be started. */
function start(spawn: Spawn, choose: (request: OpenRequest) => PtyCommand, request: OpenRequest): IPty | string {
  try {
    const command = choose(request)
    const env = environmentOf(request, command)
    const file = findProgram(command.file, env['PATH'] ?? DEFAULT_PATH)
    if (!file) return `There is no program ${command.file}, or it may not be run.`
    const cwd = command.cwd ?? (isFolder(homedir()) ? homedir() : '/')
    if (!isFolder(cwd)) return `There is no folder ${cwd}, or it may not be entered.`
    const { cols, rows } = request.size
    const [first, args, environment] = startLine(file, command.args ?? [], env)
    return spawn(first, args, { cols, rows, cwd, env: environment, encoding: null })
  } catch (error) {
    return `The program could not be started: ${error instanceof Error ? error.message : String(error)}`
  }
}

/**
 * Sets the variables that are given as `$2` … (`$1` says how many), closes every descriptor above 2 and becomes the program.
 * The language comes by arguments because bash complains on the terminal about one that the machine does not have.
 */
const CLEAN_START = `
__count=$1; shift
while ((__count-- > 0)); do export "$1" 2>/dev/null; shift; done
for __fd in /proc/self/fd/*; do __fd=\${__fd##*/}; if [[ $__fd == [0-9]* ]] && ((__fd > 2)); then exec {__fd}>&-; fi; done
unset OLDPWD
exec -- "$@"`

function startLine(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): [string, string[], Record<string, string>] {
  if (process.platform !== 'linux') return [file, [...args], { ...env }]
  // What bash itself would read at its start, or forget: languages and prompts.
  const isForBash = ([name]: [string, string]) => /^(?:LANG|LANGUAGE|LC_.*|PS[0-4])$/.test(name)
  const late = Object.entries(env).filter(isForBash)
  const rest = Object.entries(env).filter((entry) => !isForBash(entry))
  const pairs = late.map(([name, value]) => `${name}=${value}`)
  // -p: reads no startup file and no function from the environment.
  return [BASH, ['-pc', CLEAN_START, 'start', String(pairs.length), ...pairs, file, ...args], Object.fromEntries(rest)]
}

function findProgram(file: string, path: string): string | undefined {
  if (file.includes('/')) return isAbsolute(file) && isProgram(file) ? file : undefined
  return path
    .split(delimiter)
    .filter(isAbsolute)
    .map((folder) => join(folder, file))
    .find(isProgram)
}

function isProgram(path: string): boolean {
  return isAllowed(path) && statSync(path).isFile()
}

function isFolder(path: string): boolean {
  return isAllowed(path) && statSync(path).isDirectory()
}

function isAllowed(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

// ── A running program ──

/** The kernel keeps less than this of what a program printed: enough to reach everything it printed before its end. */
const LAST_BYTES = 262_144
const PIECE = 65_536
/** Input is offered again after 1, 2, 4 … and at most so many milliseconds when the kernel took none of it. */
const LONGEST_WAIT_MS = 32
/** Input that is written in one turn of the event loop. */
const WRITE_TURN = 262_144

class PtyProgram implements Program {
  readonly #events: ProgramEvents
  readonly #reaper: SessionReaper
  readonly #terminal: IPty
  readonly #socket: ReadStream
  readonly #fd: number
  readonly #leader: SessionLeader
  readonly #input: Uint8Array<ArrayBuffer>[] = []
  #took = 0
  #waitMs = 0
  #retry: NodeJS.Timeout | undefined
  /** The descriptor is ours and open. */
  #isOpen = true
  #exited = false

  constructor(terminal: IPty, events: ProgramEvents, reaper: SessionReaper) {
    this.#events = events
    this.#reaper = reaper
    this.#terminal = terminal
    const { socket, fd } = insideOf(terminal)
    this.#socket = socket
    this.#fd = fd
    this.#leader = leaderOf(terminal.pid)
    process.nextTick(() => events.opened())
    socket.on('data', (chunk: Buffer<ArrayBuffer>) => this.#output(chunk))
    this.#readToTheEnd()
    // Comes before every exit, and also when the program closes its terminal and lives on: it has nothing left to say here.
    socket.on('close', () => this.#reaper.end(this.#leader))
    terminal.onExit(({ exitCode, signal }) => this.#finish(exitOf(exitCode, signal)))
  }

  write(bytes: Uint8Array<ArrayBuffer>): void {
    if (!this.#isOpen || bytes.length === 0) return
    this.#input.push(bytes)
    if (!this.#retry) this.#offerInput()
  }

  resize({ cols, rows }: TerminalSize): void {
    if (!this.#isOpen) return
    try {
      this.#terminal.resize(cols, rows)
    } catch {
      // The terminal is gone on the other side; its exit is on the way.
    }
  }

  signal(signal: SignalName): void {
    if (this.#exited) return
    if (signal === 'KILL') this.kill()
    else signalGroup(foregroundGroup(this.#leader), signal)
  }

  pause(): void {
    if (this.#isOpen) this.#socket.pause()
  }

  resume(): void {
    if (this.#isOpen) this.#socket.resume()
  }

  end(): void {
    if (!this.#exited) this.#reaper.end(this.#leader)
  }

  kill(): void {
    if (!this.#exited) this.#reaper.kill(this.#leader)
  }

  /** What the socket holds back comes before what is unread. */
  #output(chunk: Uint8Array<ArrayBuffer>): void {
    const isLast = this.#isOpen && this.#socket.readableLength === 0
    const bytes = isLast ? gather(chunk, (buffer, at) => readNow(this.#fd, buffer, at), monotonic) : chunk
    this.#events.output(STREAM.main, bytes)
  }

  /**
   * Makes the end of the stream complete. The package destroys its socket 200 ms after the program's exit, also when bytes
   * are still unread because of a pause or because a background job keeps the terminal open; and Node drops what it has
   * buffered when reading ends with EIO, as it always does. So whoever destroys the socket first reads what is left: all that
   * the program printed is in the kernel by then, in less than LAST_BYTES, and in front of anything that a job prints on.
   */
  #readToTheEnd(): void {
    const socket = this.#socket
    const destroy = socket.destroy
    socket.destroy = (error?: Error) => {
      if (this.#isOpen) {
        while (socket.read() !== null) continue // `read` emits `data`
        if (!error) this.#readRest()
        this.#isOpen = false
        this.#forgetInput()
      }
      return destroy.call(socket, error)
    }
  }

  #readRest(): void {
    const buffer = Buffer.alloc(PIECE)
    for (let total = 0; total < LAST_BYTES;) {
      const length = readNow(this.#fd, buffer)
      if (length === 0) return
      this.#output(buffer.subarray(0, length))
      total += length
    }
  }

  #finish(exit: ProgramExit): void {
    if (this.#exited) return
    this.#exited = true
    this.#events.exited(exit)
  }

  #forgetInput(): void {
    clearTimeout(this.#retry)
    this.#input.length = 0
  }

  /**
   * Gives the kernel what it takes without waiting. The socket cannot do this: libuv writes to a terminal's master side
   * in a loop until all is taken, and a program that reads nothing would hold up the whole server.
   */
  #offerInput(): void {
    this.#retry = undefined
    const taken = this.#writeSome()
    if (taken > 0) this.#reportTaken(taken)
    if (this.#input.length === 0) return
    this.#waitMs = taken > 0 ? 0 : Math.min(Math.max(1, this.#waitMs * 2), LONGEST_WAIT_MS)
    this.#retry = setTimeout(() => this.#offerInput(), this.#waitMs)
  }

  #writeSome(): number {
    let total = 0
    for (let first = this.#input[0]; first && total < WRITE_TURN; first = this.#input[0]) {
      const length = writeNow(this.#fd, first)
      if (length === 0) break
      total += length
      if (length < first.length) this.#input[0] = first.subarray(length)
      else this.#input.shift()
    }
    return total
  }

  /** Reports in the next tick, because this may run inside a call of `write`. */
  #reportTaken(count: number): void {
    if (this.#took === 0) {
      process.nextTick(() => {
        const took = this.#took
        this.#took = 0
        if (!this.#exited) this.#events.took(took)
      })
    }
    this.#took += count
  }
}

/** The socket and the descriptor inside a terminal of the package, which its types do not show. */
function insideOf(terminal: IPty): { socket: ReadStream; fd: number } {
  // Checked below: the package keeps both under these names.
  const { _socket: socket, fd } = terminal as unknown as { _socket?: ReadStream; fd?: number }
  if (!socket || typeof fd !== 'number') throw new Error('This version of @lydell/node-pty is not supported; 1.1 is.')
  return { socket, fd }
}

const monotonic = (): number => performance.now()

/** Bytes read without waiting; 0 at the end and when there are none. */
function readNow(fd: number, buffer: Uint8Array, at = 0): number {
  try {
    return readSync(fd, buffer, { offset: at })
  } catch {
    // EAGAIN: nothing there. EIO: nobody there.
    return 0
  }
}

/** Bytes written without waiting; 0 when the terminal is full, and when it is gone, of which the reading side tells. */
function writeNow(fd: number, bytes: Uint8Array<ArrayBuffer>): number {
  try {
    return writeSync(fd, bytes)
  } catch {
    return 0
  }
}

function exitOf(code: number, signal: number | undefined): ProgramExit {
  if (!signal) return { code }
  const name = Object.entries(system.signals).find(([, number]) => number === signal)?.[0]
  return { sig: name ? name.slice('SIG'.length) : String(signal) }
}
